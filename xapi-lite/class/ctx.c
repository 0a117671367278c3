/* What handlers use all the time: parameters, objects, commits (way B). */
#include "class/handler.h"

const struct value *arg(const struct ctx *c, unsigned i)
{
    return value_at(c->args, i);
}

const char *arg_str(const struct ctx *c, unsigned i)
{
    return value_get_string(arg(c, i));
}

int64_t arg_int(const struct ctx *c, unsigned i)
{
    return value_get_int(arg(c, i));
}

bool arg_bool(const struct ctx *c, unsigned i)
{
    return value_get_bool(arg(c, i));
}

double arg_float(const struct ctx *c, unsigned i)
{
    return value_get_double(arg(c, i));
}

int ctx_err(struct ctx *c, struct err *err)
{
    fault_from_err(c->fault, err);
    err_dispose(err);
    return -1;
}

int ctx_commit(struct ctx *c, struct txn *t)
{
    ERR_AUTO err = { 0 };
    return store_commit(t, &err) < 0 ? ctx_err(c, &err) : 0;
}

const struct record *ctx_find(struct ctx *c, const struct snapshot *s,
                              enum class_id id, const char *ref)
{
    const struct record *r = snapshot_find(s, id, ref);
    if (!r)
        ctx_fault(c, "HANDLE_INVALID", model_class(c->x->model, id)->name, ref);
    return r;
}

const struct record *ctx_txn_find(struct ctx *c, struct txn *t,
                                  enum class_id id, const char *ref)
{
    const struct record *r = txn_find(t, id, ref);
    if (!r)
        ctx_fault(c, "HANDLE_INVALID", model_class(c->x->model, id)->name, ref);
    return r;
}
