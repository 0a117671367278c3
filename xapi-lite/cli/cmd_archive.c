/* xe: VMs, snapshots and templates to and from files. */
#include <string.h>

#include "cli/internal.h"

/* ---- export ------------------------------------------------------------- */

/* compress=: a truth value is gzip, as ever. */
static const char *packing(struct cli *c)
{
    const char *word = cli_param(c, "compress");
    bool on = false;
    if (!word || !strcmp(word, "gzip") || !strcmp(word, "zstd"))
        return word ? word : "false";
    if (cli_bool(c, "compress", word, &on))
        return NULL;
    return on ? "gzip" : "false";
}

static int flag_of(struct cli *c, const char *name, bool *out)
{
    const char *word = cli_param(c, name);
    return word ? cli_bool(c, name, word, out) : 0;
}

static int export_vm(struct cli *c, const char *ref, void *user)
{
    const char *pack = packing(c);
    const char *excluded = cli_param(c, "excluded-device-types");
    const char *sum = cli_param(c, "checksum");
    bool metadata = false, snapshots = false;
    (void)user;
    if (sum && strcmp(sum, "sha1") && strcmp(sum, "xxhash"))
        return cli_fail(c, "The checksum is xxhash or sha1, not \"%s\"", sum);
    if (!pack || flag_of(c, "metadata", &metadata) ||
        flag_of(c, "include-snapshots", &snapshots))
        return -1;
    g_autofree char *out =
        g_uri_escape_string(excluded ? excluded : "", NULL, FALSE);
    g_autofree char *url = g_strdup_printf(
        "/%s?ref=%s&use_compression=%s&export_snapshots=%s"
        "&excluded_device_types=%s&checksum=%s",
        metadata ? "export_metadata" : "export", ref, pack,
        snapshots ? "true" : "false", out, sum ? sum : "xxhash");
    return cli_transfer(c, THIN_HTTP_GET, "Export of VM", url, NULL);
}

int cmd_vm_export(struct cli *c)
{
    return cli_each_vm(c, 0,
                       "filename preserve-power-state compress metadata "
                       "excluded-device-types include-snapshots checksum",
                       export_vm, NULL);
}

/* The VM of a parameter, which must be a template or a snapshot. */
static int export_other(struct cli *c, const char *name, enum field_id is)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, name);
    if (!vm)
        return -1;
    if (!record_bool(vm, is))
        return cli_fail(c, "%s is not a %s", cli_param(c, name),
                        is == F_VM_is_a_snapshot ? "snapshot" : "template");
    return export_vm(c, record_ref(vm), NULL);
}

int cmd_snapshot_export(struct cli *c)
{
    return export_other(c, "snapshot-uuid", F_VM_is_a_snapshot);
}

int cmd_template_export(struct cli *c)
{
    return export_other(c, "template-uuid", F_VM_is_a_template);
}

/* ---- import ------------------------------------------------------------- */

/* UUIDs of the references in a task's result, one a line. */
static int print_vms(struct cli *c, const char *result)
{
    static const char prefix[] = "OpaqueRef:";
    for (const char *at = result; (at = strstr(at, prefix));) {
        g_autofree char *ref = g_strndup(at, strcspn(at, "<"));
        if (cli_print_uuid(c, CLASS_VM, ref))
            return -1;
        at += strlen(ref);
    }
    return 0;
}

/* Reference of sr-uuid=, "" without it; NULL: wrong. */
static char *sr_of(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "sr-uuid");
    return g_strdup(uuid ? cli_ref_of_uuid(c, s, CLASS_SR, uuid) : "");
}

static const char *word_of(bool b)
{
    return b ? "true" : "false";
}

/* The service fetches it itself. */
static int import_url(struct cli *c, const char *sr, bool restore, bool force)
{
    VALUE_AUTO *vms =
        cli_call(c, "VM.import", value_string(cli_param(c, "url")),
                 value_string(*sr ? sr : REF_NULL), value_bool(restore),
                 value_bool(force), NULL);
    for (size_t i = 0; i < value_count(vms); i++)
        if (cli_print_uuid(c, CLASS_VM, value_get_string(value_at(vms, i))))
            return -1;
    return vms ? 0 : -1;
}

int cmd_vm_import(struct cli *c)
{
    bool restore = false, force = false, dry = false, metadata = false;
    const char *type = cli_param(c, "type");
    const char *from = cli_param(c, "url");
    if (type && g_ascii_strcasecmp(type, "default"))
        return cli_fail(c, "VMs are imported from a file or a URL only: give "
                           "filename= or url=");
    if ((!from && !cli_need(c, "filename")) ||
        flag_of(c, "preserve", &restore) || flag_of(c, "force", &force) ||
        flag_of(c, "dry-run", &dry) || flag_of(c, "metadata", &metadata))
        return -1;
    g_autofree char *sr = sr_of(c), *result = NULL;
    if (!sr)
        return -1;
    if (from && (dry || metadata))
        return cli_fail(c, "dry-run and metadata need filename=");
    if (from)
        return import_url(c, sr, restore, force);
    g_autofree char *url = g_strdup_printf(
        "/%s?restore=%s&force=%s&dry_run=%s%s%s",
        metadata ? "import_metadata" : "import", word_of(restore),
        word_of(force), word_of(dry), *sr ? "&sr_id=" : "", sr);
    if (cli_transfer(c, THIN_HTTP_PUT, "Import of VM", url, &result))
        return -1;
    return print_vms(c, result ? result : "");
}
