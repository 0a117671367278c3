/* xl.cfg settings become a libxl_domain_config, or findings with a place. */
#include <stdio.h>
#include <string.h>

#include <libxl.h>
#include <libxl_utils.h>

#include "dom/dom.h"
#include "tests/unit/unit.h"

/* A config read with nothing known about the host. */
struct result {
    struct cfg *cfg;
    libxl_domain_config config;
    int r;
};

static void build_on(struct result *res, const struct dom_host *host,
                     const char *text)
{
    res->cfg = cfg_parse("t.cfg", text, strlen(text), NULL);
    res->r = dom_config_from_cfg(res->cfg, host, &res->config);
}

static void build(struct result *res, const char *text)
{
    static const struct dom_host host = { 0 };

    build_on(res, &host, text);
}

static void done(struct result *res)
{
    libxl_domain_config_dispose(&res->config);
    cfg_free(res->cfg);
}

/* "line:column id" of each finding, the errors marked by '!'. */
static char *findings(const struct result *res)
{
    GString *out = g_string_new(NULL);
    const GPtrArray *items = res->cfg->diags.items;

    for (unsigned i = 0; items && i < items->len; i++) {
        const struct diag *d = g_ptr_array_index(items, i);
        g_string_append_printf(out, "%s%s%u:%u %s", out->len ? ", " : "",
                               d->severity == DIAG_ERROR ? "!" : "",
                               d->pos.line, d->pos.column, d->id);
    }
    return g_string_free(out, FALSE);
}

static const char *hint_of_first(const struct result *res)
{
    const GPtrArray *items = res->cfg->diags.items;

    return items && items->len
               ? ((const struct diag *)g_ptr_array_index(items, 0))->hint
               : NULL;
}

static void test_every_key_is_known(void)
{
    g_autofree char *table = NULL;
    g_auto(GStrv) lines = NULL;
    const char *const *names = dom_key_names();
    unsigned count = 0;

    CU_ASSERT_TRUE_FATAL(
        g_file_get_contents("tests/data/xl/cfg-keys.tsv", &table, NULL, NULL));
    lines = g_strsplit(table, "\n", -1);
    for (char **l = lines + 1; *l && **l; l++, count++) {
        *strchr(*l, '\t') = '\0';
        if (!g_strv_contains(names, *l))
            UNIT_EQUAL(*l, "a known key");
    }
    CU_ASSERT_EQUAL(count, 172);
    CU_ASSERT_EQUAL(g_strv_length((char **)names), count);
}

static void test_every_mistake_is_found_in_one_run(void)
{
    struct result res;

    build(&res, "name=\"a\"\nkernel=\"/k\"\nmemory=\"64M\"\nvcpuz=2\n"
                "on_crash=\"reboot\"\ndisk=[\"/a,raw,xvda,rx\"]\n"
                "vif=[\"bridge=br0,mac=zz\"]\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "3:8 not-a-number, !5:10 unknown-value, "
                    "!6:20 bad-disk, 7:22 bad-mac, 4:1 unknown-key");
    CU_ASSERT_EQUAL(res.r, -1);
    done(&res);
}

static void test_unknown_key_names_the_nearest(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\nmaxvcpu=2\n");
    UNIT_EQUAL(hint_of_first(&res), "did you mean \"maxvcpus\"?");
    CU_ASSERT_EQUAL(res.r, 0);
    done(&res);
}

static void test_exit_code_is_that_of_the_first_refusal(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\nviridian=[\"x\"]\n");
    CU_ASSERT_EQUAL(res.r, -3);
    done(&res);
    build(&res, "name=\"a\"\ntype=\"hvm\"\nviridian=[\"x\"]\npci=[\"x\"]\n");
    CU_ASSERT_EQUAL(res.r, -6);
    done(&res);
}

static void test_wrong_shape_is_named_and_ignored(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\nmemory=[64]\nvif=\"bridge=a\"\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "3:8 not-a-single-value, 4:5 not-a-list");
    CU_ASSERT_EQUAL(res.config.num_nics, 0);
    CU_ASSERT_EQUAL(res.r, 0);
    done(&res);
}

static void test_key_of_another_guest_is_noted(void)
{
    struct result res;

    build(&res, "name=\"a\"\nkernel=\"/k\"\nboot=\"c\"\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "3:1 no-effect");
    CU_ASSERT_EQUAL(diags_count(&res.cfg->diags, DIAG_WARNING), 0);
    done(&res);
}

static void test_place_inside_a_spec(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\npci=[\"01:00.0,seise=1\",\n"
                "     \"02:00.9\"]\nvif=[ 'rate=1x' ]\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "!3:15 bad-pci, !4:7 bad-pci, !5:13 bad-rate");
    done(&res);
}

static void test_unknown_host_bounds_nothing(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\nvcpus=2\ncpus=\"40-41\"\n"
                "vnuma=[[\"pnode=9\",\"size=64\",\"vcpus=0-1\"]]\n");
    CU_ASSERT_EQUAL(res.r, 0);
    CU_ASSERT_EQUAL_FATAL(res.config.b_info.num_vcpu_hard_affinity, 2);
    CU_ASSERT_TRUE(
        libxl_bitmap_test(&res.config.b_info.vcpu_hard_affinity[1], 41));
    CU_ASSERT_EQUAL(
        libxl_bitmap_count_set(&res.config.b_info.vcpu_hard_affinity[1]), 2);
    done(&res);
}

static void test_known_host_bounds_cpu_lists(void)
{
    static const uint32_t nodes[] = { 0, 0, 1, 1 };
    static const struct dom_host host = { 4, 2, nodes, NULL };
    struct result res;

    build_on(&res, &host,
             "name=\"a\"\ntype=\"hvm\"\nvcpus=1\ncpus=\"node:1,^2,9\"\n");
    CU_ASSERT_EQUAL(res.r, 0);
    CU_ASSERT_EQUAL_FATAL(res.config.b_info.num_vcpu_hard_affinity, 1);
    CU_ASSERT_EQUAL(
        libxl_bitmap_count_set(&res.config.b_info.vcpu_hard_affinity[0]), 1);
    CU_ASSERT_TRUE(
        libxl_bitmap_test(&res.config.b_info.vcpu_hard_affinity[0], 3));
    done(&res);
    build_on(&res, &host, "name=\"a\"\ntype=\"hvm\"\nvcpus=1\ncpus=\"9\"\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "!4:6 no-cpu-left");
    done(&res);
}

static void test_xl_conf_gives_defaults(void)
{
    struct xlconf conf;
    const struct dom_host host = { .conf = &conf };
    struct result res;

    xlconf_init(&conf);
    conf.run_hotplug_scripts = false;
    conf.max_grant_frames = 40;
    conf.vif_bridge = g_strdup("br7");
    build_on(&res, &host,
             "name=\"a\"\ntype=\"hvm\"\nvif=[\"\",\"bridge=br8\"]\n");
    CU_ASSERT_FALSE(libxl_defbool_val(res.config.c_info.run_hotplug_scripts));
    CU_ASSERT_EQUAL(res.config.b_info.max_grant_frames, 40);
    CU_ASSERT_EQUAL_FATAL(res.config.num_nics, 2);
    UNIT_EQUAL(res.config.nics[0].bridge, "br7");
    UNIT_EQUAL(res.config.nics[1].bridge, "br8");
    done(&res);
    xlconf_dispose(&conf);
    xlconf_dispose(&conf);
}

static void test_distances_never_leave_the_array(void)
{
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\nvnuma=[[\"size=1\",\"vcpus=0\","
                "\"vdistances=1,2,3,4,5,6,7,8,9,10,11,12\"]]\n");
    g_autofree char *got = findings(&res);
    UNIT_EQUAL(got, "!3:40 too-many");
    done(&res);
}

static void test_p9_entries_stand_for_themselves(void)
{
#ifndef LIBXL_HAVE_XEN_9PFS
    struct result res;

    build(&res, "name=\"a\"\ntype=\"hvm\"\n"
                "p9=[\"tag=t,path=/p,security_model=none\",\"tag=u\"]\n");
    CU_ASSERT_EQUAL(res.r, -1);
    CU_ASSERT_PTR_NULL(res.config.p9s[1].path);
    done(&res);
#endif
}

const struct unit_test unit_tests[] = {
    { "every key of xl.cfg is known", test_every_key_is_known },
    { "all mistakes of a config are found in one run, with their places",
      test_every_mistake_is_found_in_one_run },
    { "an unknown key names the nearest known one",
      test_unknown_key_names_the_nearest },
    { "the exit code is that of the original's first refusal",
      test_exit_code_is_that_of_the_first_refusal },
    { "a value of the wrong shape is named and ignored",
      test_wrong_shape_is_named_and_ignored },
    { "a key for other guests is noted, not warned about",
      test_key_of_another_guest_is_noted },
    { "a mistake in a device spec is marked inside the string",
      test_place_inside_a_spec },
    { "with an unknown host cpu lists and nodes are taken as written",
      test_unknown_host_bounds_nothing },
    { "with a known host cpu lists keep its cpus only",
      test_known_host_bounds_cpu_lists },
    { "xl.conf gives the defaults of a domain", test_xl_conf_gives_defaults },
    { "more vdistances than nodes are refused",
      test_distances_never_leave_the_array },
    { "p9 entries do not inherit from the one before",
      test_p9_entries_stand_for_themselves },
    { NULL, NULL },
};
