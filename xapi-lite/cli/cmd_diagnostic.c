/* xe: a look at single things for those who search a fault. */
#include <inttypes.h>
#include <string.h>

#include "class/timing.h"
#include "cli/internal.h"

/* Calls, mean and longest time of each message since the service started. */
int cmd_diagnostic_timing_stats(struct cli *c)
{
    VALUE_AUTO *all = timing_list(c->x->timings);
    GArray *row = cli_row_new();
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *r = value_item_at(all, i);
        int64_t calls = value_get_int(value_at(r, 0));
        cli_row_add(
            row, g_strdup(value_key_at(all, i)),
            g_strdup_printf(
                "%" PRId64 " calls, mean %.3f ms, longest %.3f ms", calls,
                (double)value_get_int(value_at(r, 1)) / (double)calls / 1000,
                (double)value_get_int(value_at(r, 2)) / 1000));
    }
    cli_print_row(c, row);
    g_array_unref(row);
    return 0;
}

static void add_users(struct cli *c, const struct snapshot *s,
                      const struct record *vdi)
{
    for (size_t i = 0; i < record_count(vdi, F_VDI_VBDs); i++) {
        const struct record *vbd =
            snapshot_find(s, CLASS_VBD, record_item(vdi, F_VDI_VBDs, i));
        const struct record *vm =
            vbd ? snapshot_find(s, CLASS_VM, record_str(vbd, F_VBD_VM)) : NULL;
        if (vm)
            cli_printf(
                c, "used by %s (%s) as %s: %s, %s", record_str(vm, F_VM_uuid),
                record_str(vm, F_VM_name_label),
                record_str(vbd, F_VBD_userdevice), record_str(vbd, F_VBD_mode),
                record_bool(vbd, F_VBD_currently_attached) ? "attached"
                                                           : "not attached");
    }
}

int cmd_diagnostic_vdi_status(struct cli *c)
{
    const struct xe_class *k = xe_class_find("vdi");
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi =
        generated_may_read(c, k) ? NULL : cli_record(c, s, CLASS_VDI, "uuid");
    if (!vdi)
        return -1;
    g_autoptr(GPtrArray) cols = generated_columns(
        c, k,
        "uuid,name-label,sr-uuid,virtual-size,physical-utilisation,location,"
        "managed,missing,read-only,parent,current-operations");
    generated_print(c, s, vdi, cols, false);
    add_users(c, s, vdi);
    return 0;
}
