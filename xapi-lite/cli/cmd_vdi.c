/* xe: disks (vdi-*). */
#include <string.h>

#include "cli/internal.h"

static const char *text_of(const struct cli *c, const char *name,
                           const char *otherwise)
{
    const char *s = cli_param(c, name);
    return s ? s : otherwise;
}

static int flag_of(struct cli *c, const char *name, bool *out)
{
    const char *word = cli_param(c, name);
    *out = false;
    return word ? cli_bool(c, name, word, out) : 0;
}

int cmd_vdi_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *sr = cli_record(c, s, CLASS_SR, "sr-uuid");
    int64_t size = 0;
    bool sharable, read_only;
    if (!sr || cli_size(c, "virtual-size", cli_param(c, "virtual-size"), &size))
        return -1;
    if (flag_of(c, "sharable", &sharable) ||
        flag_of(c, "read-only", &read_only))
        return -1;
    struct value *rec = value_object();
    value_set(rec, "SR", value_string(record_ref(sr)));
    value_set(rec, "name_label", value_string(cli_param(c, "name-label")));
    value_set(rec, "name_description",
              value_string(text_of(c, "name-description", "")));
    value_set(rec, "virtual_size", value_int(size));
    value_set(rec, "type", value_string(text_of(c, "type", "user")));
    value_set(rec, "sharable", value_bool(sharable));
    value_set(rec, "read_only", value_bool(read_only));
    value_set(rec, "other_config", cli_map(c, "other-config"));
    value_set(rec, "xenstore_data", cli_map(c, "xenstore-data"));
    value_set(rec, "sm_config", cli_map(c, "sm-config"));
    value_set(rec, "tags", value_array());
    g_autofree char *ref = NULL;
    return cli_do_long(c, &ref, "VDI.create", rec, NULL)
               ? -1
               : cli_print_uuid(c, CLASS_VDI, ref);
}

static int on_uuid(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VDI, "uuid");
    return r ? cli_do_long(c, NULL, method, value_string(record_ref(r)), NULL)
             : -1;
}

int cmd_vdi_destroy(struct cli *c)
{
    return on_uuid(c, "VDI.destroy");
}

int cmd_vdi_forget(struct cli *c)
{
    return on_uuid(c, "VDI.forget");
}

int cmd_vdi_update(struct cli *c)
{
    return on_uuid(c, "VDI.update");
}

static int duplicate(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VDI, "uuid");
    const char *name = cli_param(c, "new-name-label");
    g_autofree char *ref = NULL;
    if (!r || cli_do_long(c, &ref, method, value_string(record_ref(r)),
                          cli_map(c, "driver-params"), NULL))
        return -1;
    if (name && cli_do(c, "VDI.set_name_label", value_string(ref),
                       value_string(name), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_VDI, ref);
}

int cmd_vdi_snapshot(struct cli *c)
{
    return duplicate(c, "VDI.snapshot");
}

int cmd_vdi_clone(struct cli *c)
{
    return duplicate(c, "VDI.clone");
}

int cmd_vdi_resize(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VDI, "uuid");
    int64_t size;
    if (!r || cli_size(c, "disk-size", cli_param(c, "disk-size"), &size))
        return -1;
    return cli_do_long(c, NULL, "VDI.resize", value_string(record_ref(r)),
                       value_int(size), NULL);
}

int cmd_vdi_copy(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VDI, "uuid");
    const char *sr = cli_param(c, "sr-uuid"),
               *into = cli_param(c, "into-vdi-uuid");
    const char *sr_ref = REF_NULL, *into_ref = REF_NULL;
    g_autofree char *ref = NULL;
    if (!r)
        return -1;
    if (!sr == !into)
        return cli_fail(c, "Give one of sr-uuid and into-vdi-uuid");
    if (sr && !(sr_ref = cli_ref_of_uuid(c, s, CLASS_SR, sr)))
        return -1;
    if (into && !(into_ref = cli_ref_of_uuid(c, s, CLASS_VDI, into)))
        return -1;
    if (cli_do_long(c, &ref, "VDI.copy", value_string(record_ref(r)),
                    value_string(sr_ref), value_string(REF_NULL),
                    value_string(into_ref), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_VDI, ref);
}

/* ---- import and export
 * ------------------------------------------------------------ */

static int transfer(struct cli *c, enum thin_tag tag, const char *path,
                    const char *label)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_VDI, "uuid");
    const char *format = text_of(c, "format", "raw");
    if (!r)
        return -1;
    if (strcmp(format, "raw") && strcmp(format, "vhd") &&
        strcmp(format, "qcow2"))
        return cli_fail(c, "The format is raw, vhd or qcow2, not \"%s\"",
                        format);
    g_autofree char *url =
        g_strdup_printf("%s?vdi=%s&format=%s", path, record_ref(r), format);
    return cli_transfer(c, tag, label, url, NULL);
}

int cmd_vdi_import(struct cli *c)
{
    return transfer(c, THIN_HTTP_PUT, "/import_raw_vdi", "Import of VDI");
}

int cmd_vdi_export(struct cli *c)
{
    return transfer(c, THIN_HTTP_GET, "/export_raw_vdi", "Export of VDI");
}
