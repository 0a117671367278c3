/* The parts of dom/ that stand alone: cpu lists, PCI specs, devices from a
 * command line, xl.conf, cpupool files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxl.h>
#include <libxl_utils.h>

#include "dom/cpupool_cfg.h"
#include "dom/cpus.h"
#include "dom/device.h"
#include "dom/pci_spec.h"
#include "dom/xlconf.h"
#include "tests/unit/unit.h"

static const uint32_t nodes[] = { 0, 0, 0, 0, 1, 1, 1, 1 };
static const struct dom_host eight = { 8, 2, nodes, NULL };

/* The cpus of a list as "0 2 3", or "error AT+LENGTH". */
static char *cpus(const char *list)
{
    struct cpus_error error;
    libxl_bitmap map;
    GString *out = g_string_new(NULL);

    libxl_bitmap_init(&map);
    if (cpus_parse(list, &eight, 1, &map, &error))
        g_string_printf(out, "error %zu+%zu", error.offset, error.length);
    else
        for (int i = 0; i < (int)map.size * 8; i++)
            if (libxl_bitmap_test(&map, i))
                g_string_append_printf(out, "%s%d", out->len ? " " : "", i);
    libxl_bitmap_dispose(&map);
    return g_string_free(out, FALSE);
}

static void test_cpu_lists(void)
{
    static const struct {
        const char *list, *want;
    } rows[] = {
        { "0-3", "0 1 2 3" },
        { "^2,0-3", "0 1 2 3" }, /* from left to right */
        { "0-3,^2", "0 1 3" },
        { "all,^node:0", "4 5 6 7" },
        { "nodes:0-1,^nodes:1,6", "0 1 2 3 6" },
        { " 1, 2", "1 2" },
        { "7-9", "7" },
        { "", "" },
        { ",,1,", "1" },
        { "0,^all", "error 2+4" },
        { "1 ,2", "error 0+2" },
        { "3-1", "error 0+3" },
        { "0,x", "error 2+1" },
        { "-1", "error 0+2" },
        { "0-99999999999999999999", "error 0+22" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = cpus(rows[i].list);
        UNIT_EQUAL(got, rows[i].want);
    }
}

/* "DDDD:BB:DD.F slot mask", or "error AT+LENGTH exit". */
static char *pci(const char *spec)
{
    struct pci_spec_error error;
    libxl_device_pci dev;
    char *out;

    libxl_device_pci_init(&dev);
    if (pci_spec_parse(spec, &dev, &error))
        out = g_strdup_printf("error %zu+%zu %d", error.offset, error.length,
                              error.exit_code);
    else
        out = g_strdup_printf("%04x:%02x:%02x.%x %x %x", dev.domain, dev.bus,
                              dev.dev, dev.func, dev.vdevfn, dev.vfunc_mask);
    libxl_device_pci_dispose(&dev);
    return out;
}

static void test_pci_specs(void)
{
    static const struct {
        const char *spec, *want;
    } rows[] = {
        { "01:1f.7", "0000:01:1f.7 0 1" },
        { "ffff:ff:00.0", "ffff:ff:00.0 0 1" },
        { "01:00.*", "0000:01:00.0 0 ffffffff" },
        { "01:00.0@1f", "0000:01:00.0 f8 1" },
        { "bdf=01:00.0,vslot=5", "0000:01:00.0 28 1" },
        { "01:00.0,seize=1,", "0000:01:00.0 0 1" },
        { "01:00.8", "error 0+7 6" },
        { "100:00.0", "error 0+8 6" },
        { "01:20.0", "error 0+7 6" },
        { "01:00.0@20", "error 8+2 6" },
        { "01:00.0,bogus=1", "error 8+5 6" },
        { "01:00.0,seize", "error 8+5 6" },
        { "01:00.0,rdm_policy=x", "error 19+1 3" },
        { "01:00.0,bdf=01:00.1", "error 12+7 6" },
        { "name=n,bdf=01:00.0", "error 0+18 6" },
        { "", "error 0+0 6" },
        { "02:0____\030seize=1", "error 0+14 6" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = pci(rows[i].spec);
        UNIT_EQUAL(got, rows[i].want);
    }
}

static void test_device_from_words(void)
{
    const char *const words[] = { "mac=00:16:3e:00:00:09", "bridge=b\"r",
                                  NULL };
    libxl_domain_config config;
    ERR_AUTO err = { 0 };

    CU_ASSERT_EQUAL(dom_device_read("vif", words, &eight, &config, &err), 0);
    CU_ASSERT_EQUAL_FATAL(config.num_nics, 1);
    UNIT_EQUAL(config.nics[0].bridge, "b\"r");
    CU_ASSERT_EQUAL(config.nics[0].mac[5], 9);
    libxl_domain_config_dispose(&config);
}

static void test_disk_from_words_in_any_order(void)
{
    const char *const good[] = { "target=/a,b", "vdev=xvdb", "access=ro",
                                 NULL };
    libxl_domain_config config;
    ERR_AUTO err = { 0 };

    CU_ASSERT_EQUAL(dom_device_read("disk", good, &eight, &config, &err), 0);
    CU_ASSERT_EQUAL_FATAL(config.num_disks, 1);
    UNIT_EQUAL(config.disks[0].pdev_path, "/a,b");
    UNIT_EQUAL(config.disks[0].vdev, "xvdb");
    CU_ASSERT_EQUAL(config.disks[0].readwrite, 0);
    libxl_domain_config_dispose(&config);
}

/* Runs f with standard error sent away. */
static int quietly(int (*f)(void))
{
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    CU_ASSERT_PTR_NOT_NULL(freopen("/dev/null", "w", stderr));
    int r = f();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    return r;
}

static int unknown_option(void)
{
    const char *const words[] = { "brige=a", NULL };
    libxl_domain_config config;
    ERR_AUTO err = { 0 };

    int r = dom_device_read("vif", words, &eight, &config, &err);
    libxl_domain_config_dispose(&config);
    return r == -1 && err_exit_code(&err) == 1;
}

static void test_device_words_are_strict(void)
{
    CU_ASSERT_TRUE(quietly(unknown_option));
}

static void test_absent_xl_conf_is_silent(void)
{
    struct xlconf conf;
    ERR_AUTO err = { 0 };

    CU_ASSERT_EQUAL(xlconf_read("/nonexistent/xl.conf", &conf, &err), 0);
    CU_ASSERT_TRUE(conf.run_hotplug_scripts);
    CU_ASSERT_TRUE(conf.claim_mode);
    CU_ASSERT_EQUAL(conf.max_grant_frames, -1);
    CU_ASSERT_EQUAL(conf.autoballoon, AUTOBALLOON_AUTO);
    UNIT_EQUAL(conf.lockfile, "/var/lock/xl");
    xlconf_dispose(&conf);
}

static unsigned read_conf(const char *text, struct xlconf *conf, int *r)
{
    struct cfg *cfg = cfg_parse("xl.conf", text, strlen(text), NULL);

    xlconf_init(conf);
    *r = xlconf_from_cfg(cfg, conf);
    unsigned found = diags_count(&cfg->diags, DIAG_WARNING);
    cfg_free(cfg);
    return found;
}

static void test_xl_conf_is_read(void)
{
    struct xlconf conf;
    int r;

    unsigned found = read_conf("autoballoon=\"off\"\nlockfile=\"/l\"\n"
                               "vif.default.bridge=\"b\"\nclaim_mode=0\n"
                               "vm.hvm.cpumask=\"0-1\"\n"
                               "output_format=\"sxp\"\n"
                               "domid_policy=\"random\"\n"
                               "max_maptrack_frames=9\n",
                               &conf, &r);
    CU_ASSERT_EQUAL(found, 0);
    CU_ASSERT_EQUAL(r, 0);
    CU_ASSERT_EQUAL(conf.autoballoon, AUTOBALLOON_OFF);
    UNIT_EQUAL(conf.lockfile, "/l");
    UNIT_EQUAL(conf.vif_bridge, "b");
    UNIT_EQUAL(conf.vm_hvm_cpumask, "0-1");
    CU_ASSERT_FALSE(conf.claim_mode);
    CU_ASSERT_TRUE(conf.domid_random);
    CU_ASSERT_EQUAL(conf.output_format, XLCONF_SXP);
    CU_ASSERT_EQUAL(conf.max_maptrack_frames, 9);
    xlconf_dispose(&conf);
}

static void test_xl_conf_mistakes(void)
{
    struct xlconf conf;
    int r;

    CU_ASSERT_EQUAL(read_conf("autoballoon=\"maybe\"\nlockfil=\"/l\"\n"
                              "vifscript=\"s\"\nvm.cpumask=\"x\"\n",
                              &conf, &r),
                    4);
    CU_ASSERT_EQUAL(r, 0);
    UNIT_EQUAL(conf.vif_script, "s");
    CU_ASSERT_PTR_NULL(conf.vm_cpumask);
    xlconf_dispose(&conf);
    CU_ASSERT_EQUAL(read_conf("max_grant_frames=\"-1\"\n", &conf, &r), 1);
    CU_ASSERT_EQUAL(r, -1);
    xlconf_dispose(&conf);
}

static int read_pool(const char *text, const libxl_bitmap *unused,
                     struct cpupool_cfg *pool)
{
    struct cfg *cfg = cfg_parse("p.cfg", text, strlen(text), NULL);
    int r = cpupool_cfg_read(cfg, &eight, unused, pool);

    cfg_free(cfg);
    return r;
}

static void test_cpupool_files(void)
{
    uint8_t bits[] = { 0xf6 }; /* 0 and 3 belong to a pool */
    const libxl_bitmap unused = { 1, bits };
    struct cpupool_cfg pool;

    CU_ASSERT_EQUAL(read_pool("name=\"p\"\nsched=\"credit2\"\n"
                              "nodes=[\"0\"]\n",
                              &unused, &pool),
                    0);
    UNIT_EQUAL(pool.name, "p");
    CU_ASSERT_EQUAL(pool.sched, LIBXL_SCHEDULER_CREDIT2);
    CU_ASSERT_EQUAL(pool.cpu_count, 2);
    cpupool_cfg_dispose(&pool);
    CU_ASSERT_EQUAL(read_pool("cpus=\"4-5\"\n", &unused, &pool), 0);
    CU_ASSERT_EQUAL(pool.cpu_count, 2);
    CU_ASSERT_FALSE(pool.has_sched);
    cpupool_cfg_dispose(&pool);
    CU_ASSERT_EQUAL(read_pool("cpus=[\"2\",3]\n", &unused, &pool), -1);
    cpupool_cfg_dispose(&pool);
    CU_ASSERT_EQUAL(read_pool("cpus=[8]\n", NULL, &pool), -1);
    cpupool_cfg_dispose(&pool);
    CU_ASSERT_EQUAL(read_pool("sched=\"best\"\n", NULL, &pool), -1);
    cpupool_cfg_dispose(&pool);
    cpupool_cfg_dispose(&pool);
}

const struct unit_test unit_tests[] = {
    { "cpu lists are read part after part from the left", test_cpu_lists },
    { "PCI specs are read, and a mistake is placed", test_pci_specs },
    { "a device is read from the words of a command line",
      test_device_from_words },
    { "target= may stand before other words of a disk",
      test_disk_from_words_in_any_order },
    { "on a command line an unknown option of a vif is refused",
      test_device_words_are_strict },
    { "an absent xl.conf is silent and gives the defaults",
      test_absent_xl_conf_is_silent },
    { "the settings of xl.conf are read", test_xl_conf_is_read },
    { "mistakes in xl.conf are ignored or refused as by the original",
      test_xl_conf_mistakes },
    { "cpupool files take free cpus only", test_cpupool_files },
    { NULL, NULL },
};
