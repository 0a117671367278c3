/* What xentop reads from outside: lines of /proc/net/dev, names in sysfs,
 * /proc/stat, paths of XenStore, answers of a QEMU that a guest may have taken
 * over. The first byte chooses. */
#include <string.h>

#include "top/nodes.h"
#include "top/proc.h"
#include "top/qmp.h"
#include "top/safe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void names(const char *text)
{
    uint32_t a, b;
    uint64_t kind;
    char type[32];
    enum nodes_topic topic;
    proc_vif_parse(NULL, text, &a, &b);
    proc_vif_parse(text, "eth0", &a, &b);
    proc_vbd_parse(text, &a, &b, &kind);
    proc_steal_parse(text, 100);
    proc_number_parse(text, &kind);
    nodes_event_parse(text, &a, &topic);
    nodes_backend_parse(text, 1, 51712, &a, type);
    g_autoptr(GString) safe = g_string_new(NULL);
    safe_append(safe, text);
    safe_cut(text, 10);
}

static void qemu(const char *text, size_t len)
{
    struct qmp_answers a = { 0 };
    struct qmp_disk d = { .dev = "xvdb", .params = "qcow2:/srv/d" };
    qmp_parse(&a, text, len);
    qmp_fill(&a, &d);
    qmp_dispose(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proc_netdev line;
    if (!size)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        names(text);
        break;
    case 1:
        qemu((const char *)data + 1, size - 1);
        break;
    default:
        proc_netdev_parse((const char *)data + 1, size - 1, &line);
    }
    return 0;
}
