/* XenAPI VM_appliance: VMs that start and stop together (way B). */
#include <stdlib.h>
#include <string.h>

#include "class/vm.h"

struct member {
    char *vm;
    int64_t order, delay;
};

static void clear_member(void *p)
{
    g_free(((struct member *)p)->vm);
}

static gint by_order(gconstpointer a, gconstpointer b)
{
    const struct member *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

static GArray *members(struct ctx *c, enum field_id delay)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct member));
    g_array_set_clear_func(list, clear_member);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *a =
        snapshot_find(s, CLASS_VM_appliance, arg_str(c, 0));
    for (size_t i = 0; a && i < record_count(a, F_VM_appliance_VMs); i++) {
        const struct record *vm =
            snapshot_find(s, CLASS_VM, record_item(a, F_VM_appliance_VMs, i));
        if (!vm)
            continue;
        struct member m = { g_strdup(record_ref(vm)),
                            record_int(vm, F_VM_order), record_int(vm, delay) };
        g_array_append_val(list, m);
    }
    g_array_sort(list, by_order);
    return list;
}

static bool runs(struct ctx *c, const char *vm)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    return r && vm_is_active(r);
}

/* One message for one member, in the same session and under the same task. */
static int call_one(struct ctx *c, handler_fn *fn, const char *vm, bool paused)
{
    VALUE_AUTO *args = value_array();
    VALUE_AUTO *result = NULL;
    value_push(args, value_string(vm));
    value_push(args, value_bool(paused));
    value_push(args, value_bool(false));
    struct ctx one = *c;
    one.args = args;
    return fn(&one, &result);
}

/* Members that are already as they should be are passed over; the first
 * failure ends it. */
static int each(struct ctx *c, handler_fn *fn, bool up, bool paused)
{
    g_autoptr(GArray) list =
        members(c, up ? F_VM_start_delay : F_VM_shutdown_delay);
    for (guint n = 0; n < list->len; n++) {
        guint i = up ? n : list->len - 1 - n; /* down in reverse */
        const struct member *m = &g_array_index(list, struct member, i);
        if (task_cancelled(c->task))
            return ctx_fault(c, "TASK_CANCELLED", task_ref(c->task));
        if (runs(c, m->vm) == up)
            continue;
        if (call_one(c, fn, m->vm, paused) < 0)
            return -1;
        g_usleep((gulong)CLAMP(m->delay, 0, 3600) * G_USEC_PER_SEC);
        task_progress(c->task, (double)(n + 1) / list->len);
    }
    return 0;
}

int handle_VM_appliance_start(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return each(c, handle_VM_start, true, arg_bool(c, 1));
}

int handle_VM_appliance_clean_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return each(c, handle_VM_clean_shutdown, false, false);
}

int handle_VM_appliance_hard_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return each(c, handle_VM_hard_shutdown, false, false);
}

int handle_VM_appliance_shutdown(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    return each(c, handle_VM_shutdown, false, false);
}
