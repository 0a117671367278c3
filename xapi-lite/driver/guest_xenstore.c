/* What xenstore tells of a guest: consoles, and what its agent writes (way B).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/vm_libxl.h"

struct node {
    struct xs_handle *xs;
    uint32_t domid;
};

/* Text of /local/domain/N/PATH, or NULL. Caller frees with free(). */
static char *get(const struct node *n, const char *path)
{
    char full[256];
    unsigned len;
    g_snprintf(full, sizeof full, "/local/domain/%u/%s", n->domid, path);
    return xs_read(n->xs, XBT_NULL, full, &len);
}

static char **list(const struct node *n, const char *path, unsigned *count)
{
    char full[256];
    g_snprintf(full, sizeof full, "/local/domain/%u/%s", n->domid, path);
    *count = 0;
    return xs_directory(n->xs, XBT_NULL, full, count);
}

int driver_consoles(struct driver *d, uint32_t domid, char **tty_out,
                    int *vnc_port_out, struct err *err)
{
    (void)d;
    struct node n = { xs_open(0), domid };
    if (!n.xs)
        return err_set(err, ERR_NOXEN, "xenstored does not answer");
    /* HVM guests talk on their serial line, others on the PV console */
    char *tty = get(&n, "serial/0/tty");
    char *pv = tty ? NULL : get(&n, "console/tty");
    char *port = get(&n, "console/vnc-port");
    *tty_out = g_strdup(tty ? tty : pv ? pv : "");
    *vnc_port_out = port ? atoi(port) : 0;
    free(tty);
    free(pv);
    free(port);
    xs_close(n.xs);
    return 0;
}

/* ---- the guest's agent
 * --------------------------------------------------------- */

static void copy_to(const struct node *n, struct value *map, const char *path,
                    const char *key)
{
    char *s = get(n, path);
    if (s && *s)
        value_set(map, key, value_string(s));
    free(s);
}

/* attr/vif/0/ipv4/1 and the older attr/eth0/ip become "0/ipv4/1", "0/ip". */
static void read_addresses(const struct node *n, struct value *networks,
                           const char *base, const char *prefix, unsigned depth)
{
    unsigned count;
    char **names = list(n, base, &count);
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *path = g_strconcat(base, "/", names[i], NULL);
        g_autofree char *key = *prefix
                                   ? g_strconcat(prefix, "/", names[i], NULL)
                                   : g_strdup(names[i]);
        if (depth)
            read_addresses(n, networks, path, key, depth - 1);
        unsigned below;
        char **children = list(n, path, &below);
        if (!below)
            copy_to(n, networks, path, key);
        free(children);
    }
    free(names);
}

static void read_eth(const struct node *n, struct value *networks)
{
    for (int i = 0; i < 8; i++) {
        char path[40], key[24];
        g_snprintf(path, sizeof path, "attr/eth%d/ip", i);
        g_snprintf(key, sizeof key, "%d/ip", i);
        copy_to(n, networks, path, key);
        g_snprintf(path, sizeof path, "attr/vif/%d/ipv4/0", i);
        if (!value_find(networks, key))
            copy_to(n, networks, path, key);
    }
}

static struct value *read_map(const struct node *n, const char *const *rows)
{
    struct value *map = value_object();
    for (int i = 0; rows[i]; i += 2)
        copy_to(n, map, rows[i], rows[i + 1]);
    return map;
}

struct value *driver_guest_metrics(struct driver *d, uint32_t domid)
{
    static const char *const os[] = { "data/os_name",
                                      "name",
                                      "data/os_uname",
                                      "uname",
                                      "data/os_distro",
                                      "distro",
                                      "data/os_majorver",
                                      "major",
                                      "data/os_minorver",
                                      "minor",
                                      NULL };
    static const char *const drivers[] = { "attr/PVAddons/MajorVersion",
                                           "major",
                                           "attr/PVAddons/MinorVersion",
                                           "minor",
                                           "attr/PVAddons/MicroVersion",
                                           "micro",
                                           "attr/PVAddons/BuildVersion",
                                           "build",
                                           NULL };
    static const char *const other[] = { "control/feature-poweroff",
                                         "feature-poweroff",
                                         "control/feature-shutdown",
                                         "feature-shutdown",
                                         "control/feature-reboot",
                                         "feature-reboot",
                                         "control/feature-suspend",
                                         "feature-suspend",
                                         "control/feature-balloon",
                                         "feature-balloon",
                                         "control/feature-vcpu-hotplug",
                                         "feature-vcpu-hotplug",
                                         "data/cant_suspend_reason",
                                         "data-cant-suspend-reason",
                                         "data/updated",
                                         "data-updated",
                                         NULL };
    (void)d;
    struct node n = { xs_open(0), domid };
    if (!n.xs)
        return NULL;
    struct value *m = value_object();
    struct value *networks = value_object();
    value_set(m, "os_version", read_map(&n, os));
    value_set(m, "PV_drivers_version", read_map(&n, drivers));
    value_set(m, "other", read_map(&n, other));
    read_addresses(&n, networks, "attr/vif", "", 2);
    read_eth(&n, networks);
    value_set(m, "networks", networks);
    xs_close(n.xs);
    size_t said = 0;
    for (size_t i = 0; i < value_count(m); i++)
        said += value_count(value_item_at(m, i));
    if (!said)
        g_clear_pointer(&m, value_free);
    return m;
}
