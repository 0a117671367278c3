/* SRs that are a volume group: disks are thin volumes of one pool, so that
 * snapshots are instant and share blocks (way B). */
#include <string.h>

#include "driver/sr_exec.h"
#include "driver/sr_vg.h"

#define VG_PREFIX "VG_XenStorage-"
#define LV_PREFIX "LV-"
#define KEPT_PREFIX "KEPT-" /* what LV-... goes back to at each start */
#define POOL "pool"

enum { EXTENT = 4 << 20 };

struct names {
    char *vg, *lv; /* lv: VG/LV */
};

static void names_dispose(struct names *n)
{
    g_free(n->vg);
    g_free(n->lv);
}
#define NAMES_AUTO __attribute__((cleanup(names_dispose))) struct names

static struct names names_of(const struct sr_spec *sr, const char *location)
{
    struct names n = { .vg = g_strconcat(VG_PREFIX, sr->uuid, NULL) };
    n.lv = g_strdup_printf("%s/%s", n.vg, location);
    return n;
}

/* ---- the SR
 * ---------------------------------------------------------------------- */

static int create(const struct sr_spec *sr, struct err *err)
{
    const char *device = sr_need(sr->device_config, "device", err);
    NAMES_AUTO n = names_of(sr, POOL);
    if (!device || vg_create(n.vg, device, err) < 0)
        return -1;
    /* a full pool fails writes at once: a guest sees an error, not silence */
    if (SR_RUN(SR_QUICK_S, NULL, err, "lvcreate", "--config",
               "activation/error_when_full=1", "-y", "--type", "thin-pool",
               "-Zy", "-l", "95%FREE", "-n", POOL, n.vg) == 0)
        return 0;
    vg_remove(n.vg, device, NULL);
    return -1;
}

static int destroy(const struct sr_spec *sr, struct err *err)
{
    NAMES_AUTO n = names_of(sr, POOL);
    return vg_remove(n.vg, sr_config(sr->device_config, "device"), err);
}

static int attach(const struct sr_spec *sr, struct err *err)
{
    NAMES_AUTO n = names_of(sr, POOL);
    if (!vg_exists(n.vg))
        return sr_fail(err, SR_FAIL_SR,
                       "there is no volume group %s: is its device plugged "
                       "in?",
                       n.vg);
    return SR_RUN(SR_QUICK_S, NULL, err, "vgchange", "-ay", "-Ky", n.vg);
}

static int detach(const struct sr_spec *sr, struct err *err)
{
    NAMES_AUTO n = names_of(sr, POOL);
    return vg_exists(n.vg)
               ? SR_RUN(SR_QUICK_S, NULL, err, "vgchange", "-an", n.vg)
               : 0;
}

static int probe(const struct value *device_config, char **xml_out,
                 struct err *err)
{
    return vg_probe(VG_PREFIX, device_config, xml_out, err);
}

/* ---- what is there
 * --------------------------------------------------------------- */

static struct value *list(const char *what, struct err *err)
{
    g_autofree char *json = NULL;
    if (SR_RUN(SR_QUICK_S, &json, err, "lvs", "--reportformat", "json", "-o",
               "lv_name,lv_size,data_percent,lv_attr", "--units", "b",
               "--nosuffix", what) < 0)
        return NULL;
    return vg_report(json, "lv", err);
}

static uint64_t used(const struct value *row)
{
    return (uint64_t)((double)vg_bytes(row, "lv_size") *
                      vg_percent(row, "data_percent") / 100);
}

static struct vdi_found found_of(const struct value *row)
{
    const char *name = vg_text(row, "lv_name");
    const char *id = name + strlen(LV_PREFIX);
    return (struct vdi_found){
        .uuid = g_uuid_string_is_valid(id) ? g_strdup(id) : NULL,
        .location = g_strdup(name),
        .format = g_strdup("raw"),
        .virtual_size = vg_bytes(row, "lv_size"),
        .physical_utilisation = used(row),
    };
}

static void tally(const struct value *rows, GArray *vdis,
                  struct sr_figures *figures)
{
    *figures = (struct sr_figures){ 0 };
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        if (!strcmp(vg_text(row, "lv_name"), POOL)) {
            figures->physical_size = vg_bytes(row, "lv_size");
            figures->physical_utilisation = used(row);
        } else if (g_str_has_prefix(vg_text(row, "lv_name"), LV_PREFIX)) {
            struct vdi_found v = found_of(row);
            figures->virtual_allocation += v.virtual_size;
            g_array_append_val(vdis, v);
        }
    }
}

static int count(const struct sr_spec *sr, GArray *vdis,
                 struct sr_figures *figures, struct err *err)
{
    NAMES_AUTO n = names_of(sr, POOL);
    VALUE_AUTO *rows = list(n.vg, err);
    tally(rows, vdis, figures);
    return rows ? 0 : -1;
}

static int look(const struct names *n, struct vdi_found *out, struct err *err)
{
    VALUE_AUTO *rows = list(n->lv, err);
    if (!rows)
        return -1;
    *out = found_of(value_at(rows, 0));
    return 0;
}

/* ---- disks
 * ----------------------------------------------------------------------- */

/* The disks must fit in the pool even when each is full; snapshots count with
 * what they use. allocation=thin lifts that. */
static int check_space(const struct sr_spec *sr, uint64_t more, struct err *err)
{
    struct sr_figures f;
    g_autoptr(GArray) vdis =
        g_array_new(FALSE, FALSE, sizeof(struct vdi_found));
    g_array_set_clear_func(vdis, (GDestroyNotify)vdi_found_dispose);
    const char *how = sr_config(sr->sm_config, "allocation");
    if (how && !strcmp(how, "thin"))
        return 0;
    if (count(sr, vdis, &f, err) < 0)
        return -1;
    if (f.virtual_allocation + more <= f.physical_size)
        return 0;
    return sr_fail(
        err, SR_FAIL_NO_SPACE,
        "%" G_GUINT64_FORMAT " bytes are wanted, %" G_GUINT64_FORMAT
        " are not promised to other disks",
        more, f.physical_size - MIN(f.virtual_allocation, f.physical_size));
}

static bool is_there(const struct names *n)
{
    return SR_RUN(SR_QUICK_S, NULL, NULL, "lvs", n->lv) == 0;
}

/* The kernel holds up the guest's writes while the snapshot is made. */
static int take(const struct names *from, const char *name, struct err *err)
{
    return SR_RUN(SR_QUICK_S, NULL, err, "lvcreate", "-y", "-s", "-kn", "-ay",
                  "-n", name, from->lv);
}

static uint64_t round_up(uint64_t size)
{
    return (MAX(size, 1) + EXTENT - 1) / EXTENT * EXTENT;
}

static int vdi_create(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err)
{
    uint64_t size = round_up(v->virtual_size);
    g_autofree char *name = g_strconcat(LV_PREFIX, v->uuid, NULL);
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "b", size);
    NAMES_AUTO n = names_of(sr, name);
    if (check_space(sr, size, err) < 0 ||
        SR_RUN(SR_QUICK_S, NULL, err, "lvcreate", "-y", "--type", "thin", "-V",
               text, "--thinpool", POOL, "-n", name, n.vg) < 0)
        return -1;
    return look(&n, out, err);
}

static int vdi_destroy(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err)
{
    NAMES_AUTO n = names_of(sr, v->location);
    if (!g_str_has_prefix(v->location, LV_PREFIX) || !is_there(&n))
        return 0; /* it is gone already */
    return SR_RUN(SR_QUICK_S, NULL, err, "lvremove", "-f", "-y", n.lv);
}

static int vdi_resize(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err)
{
    NAMES_AUTO n = names_of(sr, v->location);
    uint64_t now = round_up(v->virtual_size), then = round_up(size);
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "b", then);
    if (then > now &&
        (check_space(sr, then - now, err) < 0 ||
         SR_RUN(SR_QUICK_S, NULL, err, "lvextend", "-y", "-L", text, n.lv) < 0))
        return -1;
    return look(&n, out, err);
}

static int split(const struct sr_spec *sr, const struct vdi_spec *from,
                 const char *new_uuid, struct vdi_found *out, struct err *err)
{
    g_autofree char *name = g_strconcat(LV_PREFIX, new_uuid, NULL);
    NAMES_AUTO old = names_of(sr, from->location);
    NAMES_AUTO new = names_of(sr, name);
    if (take(&old, name, err) < 0)
        return -1;
    return look(&new, out, err);
}

/* ---- disks that go back to one state
 * ------------------------------------------------------------ */

static char *kept_name(const char *location)
{
    return g_strconcat(KEPT_PREFIX, location + strlen(LV_PREFIX), NULL);
}

static int vdi_keep(const struct sr_spec *sr, const struct vdi_spec *v, bool on,
                    struct err *err)
{
    if (!g_str_has_prefix(v->location, LV_PREFIX))
        return sr_fail(err, SR_FAIL_VDI, "\"%s\" is not a disk", v->location);
    g_autofree char *name = kept_name(v->location);
    NAMES_AUTO n = names_of(sr, v->location);
    NAMES_AUTO kept = names_of(sr, name);
    if (is_there(&kept) &&
        SR_RUN(SR_QUICK_S, NULL, err, "lvremove", "-f", "-y", kept.lv) < 0)
        return -1;
    return on ? take(&n, name, err) : 0;
}

/* The disk may be missing: the service ended in here. */
static int vdi_reset(const struct sr_spec *sr, const struct vdi_spec *v,
                     struct err *err)
{
    if (!g_str_has_prefix(v->location, LV_PREFIX))
        return sr_fail(err, SR_FAIL_VDI, "\"%s\" is not a disk", v->location);
    g_autofree char *name = kept_name(v->location);
    g_autofree char *size =
        g_strdup_printf("%" G_GUINT64_FORMAT "b", v->virtual_size);
    NAMES_AUTO n = names_of(sr, v->location);
    NAMES_AUTO kept = names_of(sr, name);
    if (!is_there(&kept))
        return sr_fail(err, SR_FAIL_VDI,
                       "the state that %s shall go back to is not there; set "
                       "on-boot=persist, and then reset for its state of now",
                       n.lv);
    if (is_there(&n) &&
        SR_RUN(SR_QUICK_S, NULL, err, "lvremove", "-f", "-y", n.lv) < 0)
        return -1;
    if (take(&kept, v->location, err) < 0)
        return -1;
    /* it may have been made larger since; the same size is refused, and fine */
    SR_RUN(SR_QUICK_S, NULL, NULL, "lvextend", "-y", "-L", size, n.lv);
    return 0;
}

static bool has_row(const struct value *rows, const char *name)
{
    for (size_t i = 0; i < value_count(rows); i++)
        if (!strcmp(vg_text(value_at(rows, i), "lv_name"), name))
            return true;
    return false;
}

/* Disks that a reset was about to make again; whether there were some. */
static bool heal(const struct sr_spec *sr, const struct value *rows)
{
    bool healed = false;
    for (size_t i = 0; i < value_count(rows); i++) {
        const char *kept = vg_text(value_at(rows, i), "lv_name");
        if (!g_str_has_prefix(kept, KEPT_PREFIX))
            continue;
        g_autofree char *disk =
            g_strconcat(LV_PREFIX, kept + strlen(KEPT_PREFIX), NULL);
        NAMES_AUTO from = names_of(sr, kept);
        if (!has_row(rows, disk) && take(&from, disk, NULL) == 0)
            healed = true;
    }
    return healed;
}

static int scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err)
{
    NAMES_AUTO n = names_of(sr, POOL);
    VALUE_AUTO *rows = list(n.vg, err);
    if (heal(sr, rows))
        return count(sr, vdis, figures, err);
    tally(rows, vdis, figures);
    return rows ? 0 : -1;
}

static int vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err)
{
    (void)writable;
    NAMES_AUTO n = names_of(sr, v->location);
    if (SR_RUN(SR_QUICK_S, NULL, err, "lvchange", "-ay", "-Ky", n.lv) < 0)
        return -1;
    out->path = g_strconcat("/dev/", n.lv, NULL);
    out->format = "raw";
    return 0;
}

static const char *const keys[] = { "*device", NULL };
static const char *const capabilities[] = {
    "SR_PROBE",     "SR_UPDATE",     "VDI_CREATE",        "VDI_DELETE",
    "VDI_ATTACH",   "VDI_DETACH",    "VDI_MIRROR",        "VDI_CLONE",
    "VDI_SNAPSHOT", "VDI_RESIZE",    "VDI_RESIZE_ONLINE", "ATOMIC_PAUSE",
    "VDI_UPDATE",   "VDI_INTRODUCE", "VDI_RESET_ON_BOOT", NULL
};

const struct sr_driver sr_lvm = {
    .type = "lvm",
    .name = "Local LVM",
    .description = "Disks as logical volumes of a device",
    .config_keys = keys,
    .capabilities = capabilities,
    .create = create,
    .destroy = destroy,
    .attach = attach,
    .detach = detach,
    .probe = probe,
    .scan = scan,
    .vdi_create = vdi_create,
    .vdi_destroy = vdi_destroy,
    .vdi_resize = vdi_resize,
    .vdi_snapshot = split,
    .vdi_clone = split,
    .vdi_attach = vdi_attach,
    .vdi_keep = vdi_keep,
    .vdi_reset = vdi_reset,
};
