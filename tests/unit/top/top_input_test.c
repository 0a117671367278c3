/* Texts of /proc, sysfs, XenStore and QMP become numbers. */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "top/counters.h"
#include "top/nodes.h"
#include "top/proc.h"
#include "top/qmp.h"

static void lines_of_proc_net_dev(void)
{
    const char line[] =
        "vif1.0:    1424      14    2    3    4     5          6 "
        "        7     3506      33    8    9    0     0       "
        "0          0";
    struct proc_netdev d;
    CU_ASSERT_TRUE(proc_netdev_parse(line, strlen(line), &d));
    UNIT_EQUAL(d.name, "vif1.0");
    CU_ASSERT_EQUAL(d.rx_bytes, 1424);
    CU_ASSERT_EQUAL(d.rx_errors, 2);
    CU_ASSERT_EQUAL(d.rx_drops, 3);
    CU_ASSERT_EQUAL(d.tx_bytes, 3506);
    CU_ASSERT_EQUAL(d.tx_packets, 33);
    CU_ASSERT_EQUAL(d.tx_errors, 8);
    CU_ASSERT_EQUAL(d.tx_drops, 9);
    /* no blank behind the colon, as old kernels write large numbers */
    const char tight[] = "eth0:1 2 3 4 5 6 7 8 9 10 11 12";
    CU_ASSERT_TRUE(proc_netdev_parse(tight, strlen(tight), &d));
    CU_ASSERT_EQUAL(d.tx_drops, 12);
}

static void other_lines_are_passed_over(void)
{
    static const char *const lines[] = {
        "",
        ":",
        "eth0",
        "eth0:",
        "eth0: 1 2 3",
        "eth0: 1 2 3 4 5 6 7 8 9 10 11 x",
        "eth0: -1 2 3 4 5 6 7 8 9 10 11 12",
        "Inter-|   Receive                                                |",
        " face |bytes    packets errs drop fifo frame compressed multicast|by",
    };
    struct proc_netdev d;
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
        CU_ASSERT_FALSE(proc_netdev_parse(lines[i], strlen(lines[i]), &d));
}

static void whose_interface(void)
{
    uint32_t domid = 0, id = 0;
    CU_ASSERT_TRUE(proc_vif_parse(NULL, "vif12.3", &domid, &id));
    CU_ASSERT_EQUAL(domid, 12);
    CU_ASSERT_EQUAL(id, 3);
    CU_ASSERT_TRUE(proc_vif_parse(NULL, "vif7.1-emu", &domid, &id));
    CU_ASSERT_EQUAL(domid, 7);
    CU_ASSERT_TRUE(proc_vif_parse("backend/vif/5/2", "web", &domid, &id));
    CU_ASSERT_EQUAL(domid, 5);
    CU_ASSERT_EQUAL(id, 2);
    CU_ASSERT_FALSE(proc_vif_parse(NULL, "eth0", &domid, &id));
    CU_ASSERT_FALSE(proc_vif_parse("pci0000:00", "xenbr0", &domid, &id));
}

static void whose_disk(void)
{
    uint32_t domid = 0, id = 0;
    uint64_t kind = 0;
    CU_ASSERT_TRUE(proc_vbd_parse("vbd-3-51712", &domid, &id, &kind));
    CU_ASSERT_EQUAL(domid, 3);
    CU_ASSERT_EQUAL(id, 51712);
    CU_ASSERT_EQUAL(kind, 1);
    CU_ASSERT_TRUE(proc_vbd_parse("tap-3-51712", &domid, &id, &kind));
    CU_ASSERT_EQUAL(kind, 2);
    CU_ASSERT_FALSE(proc_vbd_parse("vif-3-0", &domid, &id, &kind));
    CU_ASSERT_FALSE(proc_vbd_parse("qdisk-3-0", &domid, &id, &kind));
    CU_ASSERT_FALSE(proc_vbd_parse("vbd", &domid, &id, &kind));
}

static void steal_of_dom0(void)
{
    CU_ASSERT_EQUAL(proc_steal_parse("cpu  1 2 3 4 5 6 7 250 0 0\ncpu0 1", 100),
                    2500000000);
    CU_ASSERT_EQUAL(proc_steal_parse("cpu  1 2 3 4", 100), -1);
    CU_ASSERT_EQUAL(proc_steal_parse("", 100), -1);
}

/* A folder that stands for / of a Dom0. */
static char *make_root(void)
{
    char *root = g_dir_make_tmp("top-XXXXXX", NULL);
    static const struct {
        const char *path, *text;
    } files[] = {
        { "proc/net/dev",
          "Inter-|\n face |\n  lo: 1 1 1 1 0 0 0 0 1 1 1 1 0 0 0 0\n"
          "vif1.0: 10 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0\n"
          "  web1: 30 1 0 0 0 0 0 0 40 2 0 0 0 0 0 0\n" },
        { "sys/class/net/web1/device/nodename", "backend/vif/2/5\n" },
        { "sys/bus/xen-backend/devices/vbd-1-51712/statistics/oo_req", "1\n" },
        { "sys/bus/xen-backend/devices/vbd-1-51712/statistics/rd_req", "2\n" },
        { "sys/bus/xen-backend/devices/vbd-1-51712/statistics/wr_req", "3\n" },
        { "sys/bus/xen-backend/devices/vbd-1-51712/statistics/rd_sect", "4\n" },
        { "sys/bus/xen-backend/devices/vbd-1-51712/statistics/wr_sect", "5\n" },
        { "sys/bus/xen-backend/devices/vbd-2-768/statistics/oo_req", "1\n" },
        { "sys/bus/xen-backend/devices/vif-1-0/x", "" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(root, files[i].path, NULL);
        g_autofree char *folder = g_path_get_dirname(path);
        g_mkdir_with_parents(folder, 0700);
        g_file_set_contents(path, files[i].text, -1, NULL);
    }
    return root;
}

static void remove_root(char *root)
{
    char *argv[] = { "rm", "-rf", root, NULL };
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                 NULL, NULL);
    g_free(root);
}

static void counters_of_a_dom0(void)
{
    char *root = make_root();
    struct counters *c = counters_open(root);
    SAMPLE_AUTO *s = sample_new();
    g_autoptr(GArray) nets =
        g_array_new(FALSE, FALSE, sizeof(struct owned_net));
    counters_nets(c, s, nets);
    CU_ASSERT_EQUAL_FATAL(nets->len, 2);
    const struct owned_net *web = &g_array_index(nets, struct owned_net, 1);
    CU_ASSERT_EQUAL(web->domid, 2);
    CU_ASSERT_EQUAL(web->net.id, 5);
    CU_ASSERT_EQUAL(web->net.tx_bytes, 40);
    UNIT_EQUAL(web->net.ifname, "web1");
    counters_close(c);
    remove_root(root);
}

static void missing_file_costs_its_own_number(void)
{
    char *root = make_root();
    struct counters *c = counters_open(root);
    for (int again = 0; again < 2; again++) {
        g_autoptr(GArray) vbds =
            g_array_new(FALSE, FALSE, sizeof(struct owned_vbd));
        counters_vbds(c, vbds);
        CU_ASSERT_EQUAL_FATAL(vbds->len, 2);
        for (guint i = 0; i < 2; i++) {
            const struct owned_vbd *o =
                &g_array_index(vbds, struct owned_vbd, i);
            CU_ASSERT_EQUAL(o->vbd.error, o->domid == 2);
            if (o->domid == 1)
                CU_ASSERT_EQUAL(o->vbd.wr_sects, 5);
        }
    }
    counters_close(c);
    c = counters_open("/nowhere");
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, 1);
    SAMPLE_AUTO *s = sample_new();
    counters_vbds(c, none);
    counters_nets(c, s, none);
    CU_ASSERT_EQUAL(none->len, 0);
    CU_ASSERT_EQUAL(counters_dom0_steal(c), -1);
    counters_close(c);
    remove_root(root);
}

static void check_event(const char *path, bool known, uint32_t want_id,
                        enum nodes_topic want)
{
    uint32_t id = 0;
    enum nodes_topic topic;
    CU_ASSERT_EQUAL(nodes_event_parse(path, &id, &topic), known);
    if (known) {
        CU_ASSERT_EQUAL(id, want_id);
        CU_ASSERT_EQUAL(topic, want);
    }
}

static void what_a_watch_is_about(void)
{
    check_event("/local/domain/5/name", true, 5, NODES_NAME);
    check_event("/local/domain/5/memory/target", true, 5, NODES_DETAIL);
    check_event("/local/domain/5/data/meminfo_free", true, 5, NODES_DETAIL);
    check_event("/local/domain/5/data/updated", false, 0, 0);
    check_event("/local/domain/5/device/vif/0/state", false, 0, 0);
    check_event("/local/domain/0/backend/vif/7/0/state", true, 7,
                NODES_DEVICES);
    check_event("/libxl/9/device/vbd/51712", true, 9, NODES_DEVICES);
    check_event("/local/domain", false, 0, 0);
    check_event("/local/domain/0/backend", false, 0, 0);
    check_event("/local/domain/0/backend/qdisk", false, 0, 0);
    check_event("/libxl", false, 0, 0);
    check_event("@releaseDomain", false, 0, 0);
}

static void back_end_paths_of_a_guest_are_checked(void)
{
    uint32_t backend = 9;
    char kind[32];
    const char *path = "/local/domain/4/backend/qdisk/7/51712";
    CU_ASSERT_TRUE(nodes_backend_parse(path, 7, 51712, &backend, kind));
    CU_ASSERT_EQUAL(backend, 4);
    UNIT_EQUAL(kind, "qdisk");
    CU_ASSERT_FALSE(nodes_backend_parse(path, 8, 51712, &backend, kind));
    CU_ASSERT_FALSE(nodes_backend_parse(path, 7, 51713, &backend, kind));
    CU_ASSERT_FALSE(nodes_backend_parse("/local/domain/4/backend/qdisk/7/51712/"
                                        "../../8",
                                        7, 51712, &backend, kind));
    CU_ASSERT_FALSE(nodes_backend_parse("/vm", 7, 51712, &backend, kind));
}

static const char qemu[] =
    "{\"QMP\": {\"version\": {}}}\r\n"
    "{\"return\": {}, \"id\": 1}\r\n"
    "{\"return\": [{\"device\": \"ide0-hd0\", \"inserted\": "
    "{\"file\": \"/srv/c\"}}], \"id\": 2}\r\n"
    "{\"timestamp\": {}, \"event\": \"RESUME\"}\r\n"
    "{\"return\": [{\"device\": \"\", \"node-name\": \"xvdb-qcow2\", "
    "\"stats\": {\"rd_bytes\": 12288, \"rd_operations\": 3, \"wr_bytes\": "
    "512, \"wr_operations\": 1}}, {\"device\": \"ide0-hd0\", \"stats\": "
    "{\"rd_bytes\": 1024, \"rd_operations\": 1}}], \"id\": 3}\r\n";

static void answers_of_qemu(void)
{
    struct qmp_answers a = { 0 };
    struct qmp_disk pv = { .dev = "xvdb", .params = "qcow2:/srv/d" };
    struct qmp_disk ide = { .dev = "hda", .params = "aio:/srv/c" };
    struct qmp_disk none = { .dev = "xvd", .params = NULL };
    qmp_parse(&a, qemu, sizeof qemu - 1);
    CU_ASSERT_TRUE(qmp_fill(&a, &pv));
    CU_ASSERT_EQUAL(pv.vbd.rd_sects, 24);
    CU_ASSERT_EQUAL(pv.vbd.wr_reqs, 1);
    CU_ASSERT_TRUE(qmp_fill(&a, &ide));
    CU_ASSERT_EQUAL(ide.vbd.rd_sects, 2);
    CU_ASSERT_FALSE(qmp_fill(&a, &none));
    qmp_dispose(&a);
    qmp_parse(&a, "{\"return\": 5, \"id\": 3}\nnonsense\n{\"id\": 2}", 39);
    CU_ASSERT_FALSE(qmp_fill(&a, &pv));
    qmp_dispose(&a);
}

static void no_qemu_is_an_error_of_its_disks(void)
{
    g_autoptr(GArray) disks = g_array_new(FALSE, TRUE, sizeof(struct qmp_disk));
    struct qmp_disk d = { .domid = 1, .dev = "xvda" };
    g_array_append_val(disks, d);
    qmp_ask("/nowhere", disks, 100);
    CU_ASSERT_TRUE(g_array_index(disks, struct qmp_disk, 0).vbd.error);
}

const struct unit_test unit_tests[] = {
    { "lines of /proc/net/dev are read", lines_of_proc_net_dev },
    { "other lines are passed over", other_lines_are_passed_over },
    { "an interface's domain comes from its name or nodename",
      whose_interface },
    { "a disk's domain comes from its folder", whose_disk },
    { "steal time of Dom0", steal_of_dom0 },
    { "renamed interfaces belong to their domain", counters_of_a_dom0 },
    { "a missing file costs its own number only",
      missing_file_costs_its_own_number },
    { "a watch's path tells the domain and the topic", what_a_watch_is_about },
    { "back end paths that a guest wrote are checked",
      back_end_paths_of_a_guest_are_checked },
    { "QEMU's answers are matched to disks", answers_of_qemu },
    { "a QEMU that is not there is an error of its disks only",
      no_qemu_is_an_error_of_its_disks },
    { 0 },
};
