/* Tests: output_format="sxp", beside what the original printed of the same
 * configs (tests/golden/sxp). */
#include <string.h>

#include "dom/dom.h"
#include "tests/unit/unit.h"
#include "view/sxp.h"

static void same_as_the_original(const char *name)
{
    const struct dom_host host = { 0 };
    g_autofree char *cfg_path =
        g_strdup_printf("tests/golden/sxp/%s.cfg", name);
    g_autofree char *want_path =
        g_strdup_printf("tests/golden/sxp/%s.want", name);
    g_autofree char *want = NULL;
    g_autoptr(GString) got = g_string_new(NULL);
    GString *text = NULL;
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL_FATAL(cfg_read_file(cfg_path, &text, &err), 0);
    CU_ASSERT_FATAL(g_file_get_contents(want_path, &want, NULL, NULL));
    struct cfg *cfg = cfg_parse(cfg_path, text->str, text->len, NULL);
    CU_ASSERT_EQUAL(dom_config_from_cfg(cfg, &host, &config), 0);
    view_sxp(got, -1, NULL, &config);
    UNIT_EQUAL(got->str, want);
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
    g_string_free(text, TRUE);
}

static void an_hvm_guest(void)
{
    same_as_the_original("hvm");
}

static void flags_of_an_hvm_guest(void)
{
    same_as_the_original("hvm-flags");
}

static void a_pv_guest(void)
{
    same_as_the_original("pv");
}

/* The original prints half of it and ends. */
static void a_pvh_guest_is_whole(void)
{
    libxl_domain_config config;
    libxl_uuid uuid = { 0 };
    g_autoptr(GString) got = g_string_new(NULL);
    libxl_domain_config_init(&config);
    config.c_info.type = LIBXL_DOMAIN_TYPE_PVH;
    view_sxp(got, 7, &uuid, &config);
    CU_ASSERT_PTR_NOT_NULL(strstr(got->str, "\t\t(pvh\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got->str, "(uuid 00000000-"));
    int depth = 0;
    for (const char *p = got->str; *p; p++)
        depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
    CU_ASSERT_EQUAL(depth, 0);
    libxl_domain_config_dispose(&config);
}

const struct unit_test unit_tests[] = {
    { "sxp of an HVM guest", an_hvm_guest },
    { "sxp of an HVM guest's flags", flags_of_an_hvm_guest },
    { "sxp of a PV guest", a_pv_guest },
    { "sxp of a PVH guest is whole", a_pvh_guest_is_whole },
    { 0 }
};
