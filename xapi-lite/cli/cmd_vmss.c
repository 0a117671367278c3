/* xe: snapshots by schedule. */
#include <string.h>

#include "cli/internal.h"

static struct value *text(const struct cli *c, const char *name)
{
    const char *s = cli_param(c, name);
    return value_string(s ? s : "");
}

int cmd_vmss_create(struct cli *c)
{
    bool enabled = true;
    int64_t kept = 7;
    const char *on = cli_param(c, "enabled");
    const char *keep = cli_param(c, "retained-snapshots");
    if ((on && cli_bool(c, "enabled", on, &enabled)) ||
        (keep && cli_int(c, "retained-snapshots", keep, &kept)))
        return -1;
    struct value *rec = value_object();
    value_set(rec, "name_label", text(c, "name-label"));
    value_set(rec, "name_description", text(c, "name-description"));
    value_set(rec, "enabled", value_bool(enabled));
    value_set(rec, "type", text(c, "type"));
    value_set(rec, "frequency", text(c, "frequency"));
    value_set(rec, "retained_snapshots", value_int(kept));
    value_set(rec, "schedule", cli_map(c, "schedule"));
    VALUE_AUTO *ref = cli_call(c, "VMSS.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_VMSS, value_get_string(ref)) : -1;
}
