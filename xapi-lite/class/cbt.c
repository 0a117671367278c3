/* XenAPI VDI: tracking of changed blocks, which no back end of a Debian host
 * does (way B). Each answers as for an SR without that capability. */
#include "class/handler.h"

static int not_here(struct ctx *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vdi = ctx_find(c, s, CLASS_VDI, arg_str(c, 0));
    return vdi ? ctx_fault(c, "SR_OPERATION_NOT_SUPPORTED",
                           record_str(vdi, F_VDI_SR))
               : -1;
}

int handle_VDI_enable_cbt(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return not_here(c);
}

/* It is off. */
int handle_VDI_disable_cbt(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    (void)result_out;
    return ctx_find(c, s, CLASS_VDI, arg_str(c, 0)) ? 0 : -1;
}

int handle_VDI_list_changed_blocks(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return not_here(c);
}

int handle_VDI_data_destroy(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    (void)result_out;
    return ctx_find(c, s, CLASS_VDI, arg_str(c, 0))
               ? ctx_fault(c, "VDI_NO_CBT_METADATA", arg_str(c, 0))
               : -1;
}

/* No network has the purpose nbd, so there is no place to read from. */
int handle_VDI_get_nbd_info(struct ctx *c, struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (!ctx_find(c, s, CLASS_VDI, arg_str(c, 0)))
        return -1;
    *result_out = value_array();
    return 0;
}
