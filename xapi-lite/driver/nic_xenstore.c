/* What xenstore holds of a guest's network card beside what libxl writes: the
 * address its agent shall use, the bridge it stands on (way B). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/vm_libxl.h"

static bool put(struct xs_handle *xs, const char *folder, const char *key,
                const char *suffix, const char *text)
{
    g_autofree char *path = g_strconcat(folder, "/", key, suffix, NULL);
    if (text)
        return xs_write(xs, XBT_NULL, path, text, strlen(text));
    xs_rm(xs, XBT_NULL, path); /* it need not be there */
    return true;
}

static bool put_address(struct xs_handle *xs, const char *folder,
                        const char *suffix, const char *address,
                        const char *gateway)
{
    bool fixed = *address;
    return put(xs, folder, "address", suffix, fixed ? address : NULL) &&
           put(xs, folder, "gateway", suffix,
               fixed && *gateway ? gateway : NULL) &&
           put(xs, folder, "enabled", suffix, fixed ? "1" : "0");
}

/* The guest owns the folder: its agent writes what came of it. */
static bool make_folder(struct xs_handle *xs, uint32_t domid, const char *path)
{
    struct xs_permissions p = { .id = domid, .perms = XS_PERM_NONE };
    return xs_mkdir(xs, XBT_NULL, path) &&
           xs_set_permissions(xs, XBT_NULL, path, &p, 1);
}

int driver_nic_address(uint32_t domid, const struct nic_address *a,
                       struct err *err)
{
    g_autofree char *device = g_strdup_printf(
        "/local/domain/%u/xenserver/device/vif/%d", domid, a->devid);
    g_autofree char *folder = g_strconcat(device, "/static-ip-setting", NULL);
    struct xs_handle *xs = xs_open(0);
    if (!xs)
        return err_set(err, ERR_NOXEN, "xenstored does not answer");
    bool good = make_folder(xs, domid, device) &&
                make_folder(xs, domid, folder) &&
                put(xs, folder, "mac", "", a->mac) &&
                put(xs, folder, "error-code", "", "0") &&
                put(xs, folder, "error-msg", "", "") &&
                put_address(xs, folder, "", a->ip4, a->gateway4) &&
                put_address(xs, folder, "6", a->ip6, a->gateway6);
    xs_close(xs);
    return good ? 0
                : err_set(err, ERR_IO, "cannot write %s in xenstore", folder);
}

int driver_nic_bridge(uint32_t domid, int devid, const char *bridge,
                      struct err *err)
{
    g_autofree char *back =
        g_strdup_printf("/local/domain/0/backend/vif/%u/%d", domid, devid);
    g_autofree char *own =
        g_strdup_printf("/libxl/%u/device/vif/%d", domid, devid);
    struct xs_handle *xs = xs_open(0);
    if (!xs)
        return err_set(err, ERR_NOXEN, "xenstored does not answer");
    bool good = put(xs, back, "bridge", "", bridge) &&
                put(xs, own, "bridge", "", bridge);
    xs_close(xs);
    return good ? 0
                : err_set(err, ERR_IO,
                          "cannot write the bridge of vif%u.%d to xenstore",
                          domid, devid);
}
