/* The handler table and the worker threads (way B). */
#include "class/ops.h"

#include "class/refuse.h"

static const struct {
    const char *name;
    struct handler handler;
} rows[] = {
#define HANDLER(cls, name, how)                                                \
    { #cls "." #name, { handle_##cls##_##name, how } },
#include "class/handlers.def"
#undef HANDLER
#define SETTER(cls, name, field, op)                                           \
    { #cls "." #name, { handle_##cls##_##name, QUICK } },
#include "class/setters.def"
#undef SETTER
};

struct ops {
    GHashTable *handlers; /* struct message * -> struct handler * */
    GThreadPool *workers, *logins;
};

struct ops *ops_open(const struct xapi *x)
{
    struct ops *o = g_new0(struct ops, 1);
    o->handlers = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct message *m = model_find_message(x->model, rows[i].name);
        if (!m)
            g_error("handlers.def: %s is no message", rows[i].name);
        g_hash_table_insert(o->handlers, (void *)m, (void *)&rows[i].handler);
    }
    const char *name;
    for (size_t i = 0; (name = refusal_name(i)); i++)
        g_hash_table_insert(o->handlers,
                            (void *)model_find_message(x->model, name),
                            (void *)refusal_handler());
    o->workers =
        g_thread_pool_new(dispatch_work, NULL, x->config.workers, FALSE, NULL);
    o->logins = g_thread_pool_new(dispatch_work, NULL, -1, FALSE, NULL);
    return o;
}

void ops_close(struct ops *o)
{
    if (!o)
        return;
    g_thread_pool_free(o->workers, FALSE, TRUE);
    g_thread_pool_free(o->logins, FALSE, TRUE);
    g_hash_table_destroy(o->handlers);
    g_free(o);
}

const struct handler *ops_find(const struct ops *o, const struct message *m)
{
    return g_hash_table_lookup(o->handlers, m);
}

void ops_push(struct ops *o, void *job, bool login)
{
    g_thread_pool_push(login ? o->logins : o->workers, job, NULL);
}
