/* Tests: psr-*-show where a processor serves them, which test machines do not:
 * libxl's answers are this file's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "tests/unit/unit.h"

int libxl_psr_get_hw_info(libxl_ctx *ctx, libxl_psr_feat_type type,
                          unsigned int lvl, unsigned int *nr,
                          libxl_psr_hw_info **info)
{
    (void)ctx;
    if (type == LIBXL_PSR_FEAT_TYPE_CAT && lvl == 2)
        return ERROR_FAIL;
    *info = calloc(1, sizeof(**info));
    *nr = 1;
    (*info)->id = 0;
    (*info)->type = type;
    if (type == LIBXL_PSR_FEAT_TYPE_MBA) {
        (*info)->u.mba.cos_max = 7;
        (*info)->u.mba.thrtl_max = 90;
        (*info)->u.mba.linear = true;
    } else {
        (*info)->u.cat.cos_max = 15;
        (*info)->u.cat.cbm_len = 11;
    }
    return 0;
}

void libxl_psr_hw_info_list_free(libxl_psr_hw_info *list, unsigned int nr)
{
    (void)nr;
    free(list);
}

int libxl_psr_get_val(libxl_ctx *ctx, uint32_t domid, libxl_psr_type type,
                      unsigned int target, uint64_t *val)
{
    (void)ctx, (void)target;
    *val = type == LIBXL_PSR_CBM_TYPE_MBA_THRTL ? 20 : 0x7ff;
    return domid == 9 ? ERROR_FAIL : 0;
}

int libxl_psr_cmt_get_l3_cache_size(libxl_ctx *ctx, uint32_t socketid,
                                    uint32_t *size)
{
    (void)ctx, (void)socketid;
    *size = 25344;
    return 0;
}

int libxl_psr_cmt_enabled(libxl_ctx *ctx)
{
    (void)ctx;
    return 0;
}

libxl_dominfo *libxl_list_domain(libxl_ctx *ctx, int *nr)
{
    (void)ctx;
    libxl_dominfo *list = calloc(2, sizeof(*list));
    list[1].domid = 9;
    *nr = 2;
    return list;
}

void libxl_dominfo_list_free(libxl_dominfo *list, int nr)
{
    (void)nr;
    free(list);
}

char *libxl_domid_to_name(libxl_ctx *ctx, uint32_t domid)
{
    (void)ctx;
    return strdup(domid ? "web" : "Domain-0");
}

/* What the command prints with --json. */
static char *said(int (*run)(struct cmd *c, struct err *err))
{
    static char *words[] = { NULL };
    struct cmd c = { .xen = { .ctx = (libxl_ctx *)words } };
    ERR_AUTO err = { 0 };
    FILE *out = tmpfile();
    char *text = calloc(1, 8192);
    c.xen.log = xen_log_new(stderr, 0);
    c.o.count[(unsigned char)CMD_OPT_JSON] = 1;
    c.o.words = words;
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    dup2(fileno(out), STDOUT_FILENO);
    run(&c, &err);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(out);
    CU_ASSERT(fread(text, 1, 8191, out) > 0);
    fclose(out);
    xen_log_free(c.xen.log);
    return text;
}

static void says(int (*run)(struct cmd *c, struct err *err), const char *json)
{
    g_autofree char *text = said(run);
    ERR_AUTO err = { 0 };
    VALUE_AUTO *got = value_json_parse(text, strlen(text), &err);
    VALUE_AUTO *want = value_json_parse(json, strlen(json), &err);
    CU_ASSERT_PTR_NOT_NULL(want);
    bool same = got && want && value_equal(got, want);
    if (!same)
        printf("# %s\n", text);
    CU_ASSERT_TRUE(same);
}

static void caches(void)
{
    says(cmd_psr_cat_show_run,
         "[{\"socket\":0,\"cache_level\":3,\"cache_kib\":25344,"
         "\"cbm_default\":\"0x7ff\",\"domains\":["
         "{\"domid\":0,\"name\":\"Domain-0\",\"cbm\":\"0x7ff\"},"
         "{\"domid\":9,\"name\":\"web\",\"cbm\":null}]}]");
}

static void bandwidth(void)
{
    says(cmd_psr_mba_show_run,
         "[{\"socket\":0,\"throttle_default\":0,\"domains\":["
         "{\"domid\":0,\"name\":\"Domain-0\",\"throttle\":20},"
         "{\"domid\":9,\"name\":\"web\",\"throttle\":null}]}]");
}

static void hardware(void)
{
    says(cmd_psr_hwinfo_run,
         "{\"cmt\":null,\"cat_l3\":[{\"socket\":0,\"cache_kib\":25344,"
         "\"cdp\":false,\"cos_max\":15,\"cbm_bits\":11}],\"cat_l2\":null,"
         "\"mba\":[{\"socket\":0,\"linear\":true,\"cos_max\":7,"
         "\"throttle_max\":90}]}");
}

const struct unit_test unit_tests[] = {
    { "psr-cat-show --json has the mask of each domain, null for one that "
      "cannot be read",
      caches },
    { "psr-mba-show --json has the throttle of each domain", bandwidth },
    { "psr-hwinfo --json has null for what is not there", hardware },
    { NULL, NULL },
};
