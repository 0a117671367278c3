/* Volume groups for SRs on devices, and LVM's reports (way B). */
#include "driver/sr_vg.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/sr_exec.h"

/* ---- reports
 * --------------------------------------------------------------------- */

struct value *vg_report(const char *json, const char *what, struct err *err)
{
    VALUE_AUTO *v = value_json_parse(json, strlen(json), err);
    const struct value *rows =
        value_find(value_at(value_find(v, "report"), 0), what);
    if (rows)
        return value_copy(rows);
    if (v)
        sr_fail(err, SR_FAIL_SR, "LVM's report has no \"%s\"", what);
    return NULL;
}

const char *vg_text(const struct value *row, const char *column)
{
    const char *s = value_get_string(value_find(row, column));
    return s ? s : "";
}

uint64_t vg_bytes(const struct value *row, const char *column)
{
    return g_ascii_strtoull(vg_text(row, column), NULL, 10);
}

double vg_percent(const struct value *row, const char *column)
{
    return g_ascii_strtod(vg_text(row, column), NULL);
}

/* ---- groups
 * ---------------------------------------------------------------------- */

static int check_device(const char *device, struct err *err)
{
    struct stat st;
    g_autofree char *found = NULL;
    ERR_AUTO none = { 0 };
    if (stat(device, &st) < 0)
        return sr_fail(err, SR_FAIL_SR, "device %s: %s", device,
                       g_strerror(errno));
    if (!S_ISBLK(st.st_mode))
        return sr_fail(err, SR_FAIL_SR, "%s is not a block device", device);
    /* blkid ends with 2 when it finds nothing */
    if (SR_RUN(SR_QUICK_S, &found, &none, "blkid", "-p", "-o", "value", "-s",
               "TYPE", device) == 0 &&
        *g_strstrip(found))
        return sr_fail(err, SR_FAIL_SR,
                       "%s holds data already (%s); wipe it with `wipefs -a "
                       "%s` if they are not needed",
                       device, found, device);
    return 0;
}

/* argv of a command with the devices behind it. */
static int with_devices(const char *const *head, const char *devices,
                        struct err *err)
{
    g_auto(GStrv) list = g_strsplit(devices, ",", -1);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    for (; *head; head++)
        g_ptr_array_add(argv, (void *)*head);
    for (char **d = list; *d; d++)
        g_ptr_array_add(argv, *d);
    g_ptr_array_add(argv, NULL);
    return sr_run((const char *const *)argv->pdata, SR_QUICK_S, NULL, err);
}

int vg_create(const char *vg, const char *devices, struct err *err)
{
    g_auto(GStrv) list = g_strsplit(devices, ",", -1);
    for (char **d = list; *d; d++)
        if (check_device(*d, err) < 0)
            return -1;
    return with_devices((const char *const[]){ "vgcreate", "-y", vg, NULL },
                        devices, err);
}

bool vg_exists(const char *vg)
{
    return SR_RUN(SR_QUICK_S, NULL, NULL, "vgs", vg) == 0;
}

int vg_remove(const char *vg, const char *devices, struct err *err)
{
    if (vg_exists(vg) &&
        SR_RUN(SR_QUICK_S, NULL, err, "vgremove", "-f", "-y", vg) < 0)
        return -1;
    if (devices)
        with_devices((const char *const[]){ "pvremove", "-f", "-y", NULL },
                     devices, NULL);
    return 0;
}

int vg_probe(const char *prefix, const struct value *device_config,
             char **xml_out, struct err *err)
{
    g_autofree char *json = NULL;
    const char *device = sr_config(device_config, "device");
    if (SR_RUN(SR_QUICK_S, &json, err, "pvs", "--reportformat", "json", "-o",
               "pv_name,vg_name,vg_size", "--units", "b", "--nosuffix") < 0)
        return -1;
    VALUE_AUTO *rows = vg_report(json, "pv", err);
    if (!rows)
        return -1;
    GString *xml = g_string_new("<?xml version=\"1.0\" ?>\n<SRlist>\n");
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *r = value_at(rows, i);
        const char *vg = vg_text(r, "vg_name");
        if (!g_str_has_prefix(vg, prefix) ||
            (device && strcmp(device, vg_text(r, "pv_name"))))
            continue;
        g_string_append_printf(
            xml,
            "\t<SR>\n\t\t<UUID>%s</UUID>\n\t\t<Devlist>%s</Devlist>\n"
            "\t\t<size>%s</size>\n\t</SR>\n",
            vg + strlen(prefix), vg_text(r, "pv_name"), vg_text(r, "vg_size"));
    }
    g_string_append(xml, "</SRlist>\n");
    *xml_out = g_string_free(xml, FALSE);
    return 0;
}
