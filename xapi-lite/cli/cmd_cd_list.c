/* xe cd-list: the CDs of ISO libraries and drives, for vm-cd-add and
 * vm-cd-insert. */
#include <string.h>

#include "cli/internal.h"

static bool is_cd(const struct snapshot *s, const struct record *vdi)
{
    const struct record *sr =
        snapshot_find(s, CLASS_SR, record_str(vdi, F_VDI_SR));
    return sr && !strcmp(record_str(sr, F_SR_content_type), "iso") &&
           !record_bool(vdi, F_VDI_missing);
}

int cmd_cd_list(struct cli *c)
{
    const struct xe_class *k = xe_class_find("vdi");
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (generated_may_read(c, k))
        return -1;
    g_autoptr(GPtrArray) cols = generated_columns(c, k, "name-label,uuid");
    for (size_t i = 0; i < snapshot_count(s, CLASS_VDI) && !c->gone; i++) {
        const struct record *vdi = snapshot_at(s, CLASS_VDI, i);
        if (is_cd(s, vdi))
            generated_print(c, s, vdi, cols, true);
    }
    return 0;
}
