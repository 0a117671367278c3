/* SRs that are a ZFS pool: disks are sparse volumes, snapshots and clones are
 * clones of them (way B).
 *
 * A clone keeps the volume that it was made of from being destroyed until it is
 * promoted, so whatever is destroyed gives what others need to one of them. The
 * snapshot between the two is destroyed at once, deferred: ZFS removes it with
 * the last clone. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_image.h"

#define POOL_PREFIX "SR-"
#define VDI_PREFIX "VDI-"

/* ---- names and rows
 * --------------------------------------------------------- */

/* The dataset with the disks: a pool of our own, or one that was given. */
static char *dataset_of(const struct sr_spec *sr)
{
    const char *location = sr_config(sr->device_config, "location");
    return location ? g_strdup(location)
                    : g_strconcat(POOL_PREFIX, sr->uuid, NULL);
}

static char *volume_of(const struct sr_spec *sr, const char *location)
{
    g_autofree char *dataset = dataset_of(sr);
    return g_strdup_printf("%s/%s", dataset, location);
}

static int check_tools(struct err *err)
{
    static const char *const tools[] = { "zfs", "zpool" };
    for (size_t i = 0; i < G_N_ELEMENTS(tools); i++) {
        g_autofree char *path = g_find_program_in_path(tools[i]);
        if (!path)
            return sr_fail(err, SR_FAIL_SR,
                           "there is no program %s on this host; install "
                           "zfsutils-linux and zfs-dkms (Debian's contrib)",
                           tools[i]);
    }
    return 0;
}

/* Column i of a line of `zfs list -H`; the line is cut up. */
static char *column(char **columns, guint i)
{
    return i < g_strv_length(columns) ? columns[i] : (char *)"";
}

static uint64_t bytes(char **columns, guint i)
{
    return g_ascii_strtoull(column(columns, i), NULL, 10);
}

/* ---- the SR
 * ----------------------------------------------------------------- */

static int make_pool(const char *pool, const char *devices, struct err *err)
{
    g_auto(GStrv) list = g_strsplit(devices, ",", -1);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    static const char *const head[] = { "zpool", "create",
                                        "-m",    "none",
                                        "-o",    "ashift=12",
                                        "-O",    "compression=lz4" };
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        g_ptr_array_add(argv, (void *)head[i]);
    g_ptr_array_add(argv, (void *)pool);
    for (char **d = list; *d; d++)
        g_ptr_array_add(argv, *d);
    g_ptr_array_add(argv, NULL);
    return sr_run((const char *const *)argv->pdata, SR_QUICK_S, NULL, err);
}

static int attach(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *dataset = dataset_of(sr);
    if (check_tools(err) < 0)
        return -1;
    if (!sr_config(sr->device_config, "location") &&
        SR_RUN(SR_QUICK_S, NULL, NULL, "zpool", "list", dataset) < 0 &&
        SR_RUN(SR_QUICK_S, NULL, err, "zpool", "import", "-N", dataset) < 0)
        return -1;
    return SR_RUN(SR_QUICK_S, NULL, err, "zfs", "list", "-H", dataset);
}

static int create(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *dataset = dataset_of(sr);
    const char *device = sr_config(sr->device_config, "device");
    if (check_tools(err) < 0)
        return -1;
    if (sr_config(sr->device_config, "location"))
        return attach(sr, err);
    if (!device)
        return sr_fail(err, SR_FAIL_CONFIG,
                       "device-config:device= (empty devices) or location= (a "
                       "dataset) is missing");
    /* without -f: devices that hold anything are refused by zpool itself */
    return make_pool(dataset, device, err);
}

static int detach(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *dataset = dataset_of(sr);
    if (sr_config(sr->device_config, "location") ||
        SR_RUN(SR_QUICK_S, NULL, NULL, "zpool", "list", dataset) < 0)
        return 0;
    return SR_RUN(SR_QUICK_S, NULL, err, "zpool", "export", dataset);
}

static int destroy(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *dataset = dataset_of(sr);
    if (sr_config(sr->device_config, "location"))
        return 0; /* it was there before us */
    if (attach(sr, err) < 0)
        return -1;
    return SR_RUN(SR_QUICK_S, NULL, err, "zpool", "destroy", dataset);
}

/* ---- what is there
 * ---------------------------------------------------------- */

static struct vdi_found found_of(char **row)
{
    const char *name = strrchr(column(row, 0), '/');
    name = name ? name + 1 : column(row, 0);
    const char *id = name + strlen(VDI_PREFIX);
    return (struct vdi_found){
        .uuid = g_uuid_string_is_valid(id) ? g_strdup(id) : NULL,
        .location = g_strdup(name),
        .format = g_strdup("raw"),
        .virtual_size = bytes(row, 1),
        .physical_utilisation = bytes(row, 2),
    };
}

static int look(const char *volume, struct vdi_found *out, struct err *err)
{
    g_autofree char *text = NULL;
    if (SR_RUN(SR_QUICK_S, &text, err, "zfs", "list", "-H", "-p", "-t",
               "volume", "-o", "name,volsize,used", volume) < 0)
        return -1;
    g_auto(GStrv) row = g_strsplit(g_strchomp(text), "\t", -1);
    *out = found_of(row);
    return 0;
}

static int scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err)
{
    g_autofree char *dataset = dataset_of(sr);
    g_autofree char *text = NULL, *room = NULL;
    *figures = (struct sr_figures){ 0 };
    if (SR_RUN(SR_QUICK_S, &room, err, "zfs", "list", "-H", "-p", "-o",
               "used,available", dataset) < 0 ||
        SR_RUN(SR_QUICK_S, &text, err, "zfs", "list", "-H", "-p", "-t",
               "volume", "-d", "1", "-o", "name,volsize,used", dataset) < 0)
        return -1;
    g_auto(GStrv) sizes = g_strsplit(g_strchomp(room), "\t", -1);
    figures->physical_utilisation = bytes(sizes, 0);
    figures->physical_size = bytes(sizes, 0) + bytes(sizes, 1);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **l = lines; *l; l++) {
        g_auto(GStrv) row = g_strsplit(*l, "\t", -1);
        struct vdi_found v = found_of(row);
        if (g_str_has_prefix(v.location, VDI_PREFIX)) {
            figures->virtual_allocation += v.virtual_size;
            g_array_append_val(vdis, v);
        } else {
            vdi_found_dispose(&v);
        }
    }
    return 0;
}

/* ---- disks
 * ------------------------------------------------------------------ */

static uint64_t round_up(uint64_t size)
{
    enum { UNIT = 1 << 20 };
    return (MAX(size, 1) + UNIT - 1) / UNIT * UNIT;
}

static int vdi_create(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err)
{
    char size[24];
    g_autofree char *name = g_strconcat(VDI_PREFIX, v->uuid, NULL);
    g_autofree char *volume = volume_of(sr, name);
    if (SR_RUN(SR_QUICK_S, NULL, err, "zfs", "create", "-s", "-V",
               image_number(size, round_up(v->virtual_size)), volume) < 0)
        return -1;
    return look(volume, out, err);
}

/* One that was made of this volume; NULL: none. Caller frees. */
static char *clone_of(const char *volume, struct err *err)
{
    g_autofree char *text = NULL;
    if (SR_RUN(SR_QUICK_S, &text, err, "zfs", "list", "-H", "-t", "snapshot",
               "-d", "1", "-o", "clones", volume) < 0)
        return NULL;
    g_auto(GStrv) clones = g_strsplit_set(text, ",\n", -1);
    for (char **c = clones; *c; c++)
        if (**c && strcmp(*c, "-"))
            return g_strdup(*c);
    return NULL;
}

static int give_away(const char *volume, struct err *err)
{
    enum { MOST = 10000 };
    ERR_AUTO why = { 0 };
    for (int i = 0; i < MOST; i++) {
        g_autofree char *clone = clone_of(volume, &why);
        if (!clone)
            break;
        if (SR_RUN(SR_QUICK_S, NULL, err, "zfs", "promote", clone) < 0)
            return -1;
    }
    return why.message ? sr_fail(err, why.exit_code, "%s", why.message) : 0;
}

static int vdi_destroy(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err)
{
    g_autofree char *volume = volume_of(sr, v->location);
    if (!g_str_has_prefix(v->location, VDI_PREFIX) ||
        strpbrk(v->location, "/@") ||
        SR_RUN(SR_QUICK_S, NULL, NULL, "zfs", "list", "-H", volume) < 0)
        return 0; /* it is gone already */
    if (give_away(volume, err) < 0)
        return -1;
    /* -r: snapshots that nobody needs; a clone would stop it */
    return SR_RUN(SR_QUICK_S, NULL, err, "zfs", "destroy", "-r", volume);
}

static int vdi_resize(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err)
{
    if (v->live)
        return sr_fail(err, SR_FAIL_VDI,
                       "the disk is plugged into a running guest; unplug it to "
                       "make it larger");
    g_autofree char *volume = volume_of(sr, v->location);
    g_autofree char *set =
        g_strdup_printf("volsize=%" G_GUINT64_FORMAT, round_up(size));
    if (round_up(size) > v->virtual_size &&
        SR_RUN(SR_QUICK_S, NULL, err, "zfs", "set", set, volume) < 0)
        return -1;
    return look(volume, out, err);
}

static int split(const struct sr_spec *sr, const struct vdi_spec *from,
                 const char *new_uuid, struct vdi_found *out, struct err *err)
{
    g_autofree char *name = g_strconcat(VDI_PREFIX, new_uuid, NULL);
    g_autofree char *old = volume_of(sr, from->location);
    g_autofree char *new = volume_of(sr, name);
    g_autofree char *between = g_strdup_printf("%s@%s", old, new_uuid);
    if (SR_RUN(SR_QUICK_S, NULL, err, "zfs", "snapshot", between) < 0)
        return -1;
    int r = SR_RUN(SR_QUICK_S, NULL, err, "zfs", "clone", between, new);
    SR_RUN(SR_QUICK_S, NULL, NULL, "zfs", "destroy", "-d", between);
    return r < 0 ? -1 : look(new, out, err);
}

static int vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    enum { TRIES = 50, EVERY_US = 100000 };
    (void)writable;
    g_autofree char *volume = volume_of(sr, v->location);
    g_autofree char *path = g_strconcat("/dev/zvol/", volume, NULL);
    for (int i = 0; i < TRIES && access(path, F_OK) < 0; i++)
        g_usleep(EVERY_US); /* udev makes the link */
    if (access(path, F_OK) < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path, g_strerror(errno));
    out->path = g_steal_pointer(&path);
    out->format = "raw";
    return 0;
}

static const char *const keys[] = { "device", "location", NULL };
static const char *const capabilities[] = {
    "SR_UPDATE",         "VDI_CREATE", "VDI_DELETE",    "VDI_ATTACH",
    "VDI_DETACH",        "VDI_MIRROR", "VDI_CLONE",     "VDI_SNAPSHOT",
    "VDI_RESIZE",        "VDI_UPDATE", "VDI_INTRODUCE", "ATOMIC_PAUSE",
    "THIN_PROVISIONING", NULL
};

const struct sr_driver sr_zfs = {
    .type = "zfs",
    .name = "ZFS",
    .description = "Disks as volumes of a ZFS pool",
    .config_keys = keys,
    .capabilities = capabilities,
    .create = create,
    .destroy = destroy,
    .attach = attach,
    .detach = detach,
    .scan = scan,
    .vdi_create = vdi_create,
    .vdi_destroy = vdi_destroy,
    .vdi_resize = vdi_resize,
    .vdi_snapshot = split,
    .vdi_clone = split,
    .vdi_attach = vdi_attach,
};
