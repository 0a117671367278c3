/* Hand-written setters that are one row each, and map members likewise
 * (way B). */
#include "class/vm.h"

enum { ANY = -1 };

static int set_field(struct ctx *c, enum field_id id, int op)
{
    const struct field *f = model_field(c->x->model, id);
    const char *ref = arg_str(c, 0);
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, f->class->id, ref) ||
        (op != ANY && vm_check(c, t, ref, (enum power_op)op) < 0)) {
        store_rollback(t);
        return -1;
    }
    store_set(t, ref, f, arg(c, 1));
    return ctx_commit(c, t);
}

#define SETTER(cls, message, field, op)                                        \
    int handle_##cls##_##message(struct ctx *c, struct value **result_out)     \
    {                                                                          \
        (void)result_out;                                                      \
        return set_field(c, F_##cls##_##field, op);                            \
    }
#include "class/setters.def"
#undef SETTER

/* ---- members of sets and maps
 * ------------------------------------------------ */

typedef bool member_fn(struct txn *t, const char *ref, enum field_id f,
                       const char *item);

static int change(struct ctx *c, enum field_id id, member_fn *fn)
{
    const struct field *f = model_field(c->x->model, id);
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, f->class->id, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    fn(t, arg_str(c, 0), id, arg_str(c, 1));
    return ctx_commit(c, t);
}

static int put(struct ctx *c, enum field_id id)
{
    const struct field *f = model_field(c->x->model, id);
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, f->class->id, arg_str(c, 0))) {
        store_rollback(t);
        return -1;
    }
    store_map_put(t, arg_str(c, 0), id, arg_str(c, 1), arg_str(c, 2));
    return ctx_commit(c, t);
}

#define MEMBER(cls, message, field, fn)                                        \
    int handle_##cls##_##message(struct ctx *c, struct value **result_out)     \
    {                                                                          \
        (void)result_out;                                                      \
        return change(c, F_##cls##_##field, fn);                               \
    }
#define PUT(cls, message, field)                                               \
    int handle_##cls##_##message(struct ctx *c, struct value **result_out)     \
    {                                                                          \
        (void)result_out;                                                      \
        return put(c, F_##cls##_##field);                                      \
    }
MEMBER(network, add_purpose, purpose, store_set_add)
MEMBER(network, remove_purpose, purpose, store_set_remove)
MEMBER(VM, remove_from_NVRAM, NVRAM, store_map_remove)
MEMBER(pool, remove_from_guest_agent_config, guest_agent_config,
       store_map_remove)
MEMBER(VMSS, remove_from_schedule, schedule, store_map_remove)
PUT(VM, add_to_NVRAM, NVRAM)
PUT(pool, add_to_guest_agent_config, guest_agent_config)
PUT(PIF, set_property, properties)
PUT(VMSS, add_to_schedule, schedule)
