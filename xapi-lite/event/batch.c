/* Collecting changes for a subscriber and encoding them (way B). */
#include "event/batch.h"

#include <string.h>

struct event {
    const struct class *class;
    const struct record *record; /* NULL: deleted */
    char *ref;                   /* of a deleted one */
    uint64_t generation;
    char op;
};

struct batch {
    GArray *events; /* struct event */
    const struct snapshot *snapshot;
};

/* ---- filters ------------------------------------------------------------- */

/* What one subscription names; false when it is not well formed. A class that
 * this server does not know is nobody's and passes nothing. */
static bool parse(const struct model *m, const char *text,
                  const struct class **class_out, const char **ref_out)
{
    const char *slash = strchr(text, '/');
    g_autofree char *name =
        g_strndup(text, slash ? (size_t)(slash - text) : strlen(text));
    *class_out = model_find_class_nocase(m, name);
    *ref_out = slash ? slash + 1 : NULL;
    return *name && (!slash || slash[1]);
}

static void apply(struct filter *f, const struct model *m, const char *text,
                  bool wanted)
{
    const struct class *c;
    const char *ref;
    if (!strcmp(text, "*")) {
        f->all = wanted;
    } else if (parse(m, text, &c, &ref) && c && !ref) {
        f->classes[c->id] = wanted;
    } else if (c && ref) {
        if (!f->refs)
            f->refs =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        if (wanted)
            g_hash_table_add(f->refs, g_strdup(ref));
        else
            g_hash_table_remove(f->refs, ref);
    }
}

int filter_add(struct filter *f, const struct model *m,
               const struct value *classes, struct fault *fault)
{
    const struct class *c;
    const char *ref;
    for (size_t i = 0; i < value_count(classes); i++) {
        const char *text = value_get_string(value_at(classes, i));
        if (!text || !parse(m, text, &c, &ref))
            return fault_set(fault, "EVENT_SUBSCRIPTION_PARSE_FAILURE",
                             text ? text : "", NULL);
        apply(f, m, text, true);
    }
    return 0;
}

void filter_remove(struct filter *f, const struct model *m,
                   const struct value *classes)
{
    for (size_t i = 0; i < value_count(classes); i++)
        apply(f, m, value_get_string(value_at(classes, i)), false);
}

void filter_dispose(struct filter *f)
{
    g_clear_pointer(&f->refs, g_hash_table_destroy);
}

static bool passes(const struct filter *f, const struct class *c,
                   const char *ref)
{
    return f->all || f->classes[c->id] ||
           (f->refs && g_hash_table_contains(f->refs, ref));
}

static bool may_pass(const struct filter *f, const struct class *c)
{
    return (c->flags & CLASS_EVENTS) &&
           (f->all || f->classes[c->id] || f->refs);
}

/* ---- collecting ------------------------------------------------------------
 */

struct collecting {
    struct batch *batch;
    const struct filter *filter;
};

static void add_deleted(void *user, const struct class *c, const char *ref,
                        uint64_t generation)
{
    struct collecting *w = user;
    if (!(c->flags & CLASS_EVENTS) || !passes(w->filter, c, ref))
        return;
    struct event e = { c, NULL, g_strdup(ref), generation, 'd' };
    g_array_append_val(w->batch->events, e);
}

static void add_changed(struct batch *b, const struct filter *f,
                        const struct class *c, uint64_t since)
{
    size_t n = snapshot_count(b->snapshot, c->id);
    for (size_t i = 0; i < n; i++) {
        const struct record *r = snapshot_at(b->snapshot, c->id, i);
        if (record_modified(r) <= since || !passes(f, c, record_ref(r)))
            continue;
        struct event e = { c, r, NULL, record_modified(r),
                           record_created(r) > since ? 'a' : 'm' };
        g_array_append_val(b->events, e);
    }
}

/* Additions, then changes, then deletions; each in the order they happened. */
static gint compare(gconstpointer pa, gconstpointer pb)
{
    static const char order[] = "amd";
    const struct event *a = pa, *b = pb;
    if (a->op != b->op)
        return strchr(order, a->op) < strchr(order, b->op) ? -1 : 1;
    return a->generation < b->generation   ? -1
           : a->generation > b->generation ? 1
                                           : 0;
}

static void clear_event(void *p)
{
    g_free(((struct event *)p)->ref);
}

static void batch_free(void *data)
{
    struct batch *b = data;
    g_array_free(b->events, TRUE);
    snapshot_release(b->snapshot);
    g_free(b);
}

struct batch *batch_collect(struct store *s, const struct filter *f,
                            uint64_t since, bool or_empty, bool *lost_out)
{
    struct batch *b = g_new0(struct batch, 1);
    b->events = g_array_new(FALSE, FALSE, sizeof(struct event));
    g_array_set_clear_func(b->events, clear_event);
    b->snapshot = store_read(s);
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct class *c = model_class(store_model(s), i);
        if (may_pass(f, c) && snapshot_class_generation(b->snapshot, i) > since)
            add_changed(b, f, c, since);
    }
    struct collecting w = { b, f };
    *lost_out =
        since && !snapshot_deleted_since(b->snapshot, since, add_deleted, &w);
    if (b->events->len || or_empty) {
        g_array_sort(b->events, compare);
        return b;
    }
    batch_free(b);
    return NULL;
}

uint64_t batch_generation(const struct batch *b)
{
    return snapshot_generation(b->snapshot);
}

/* ---- encoding ----------------------------------------------------------- */

static void put(const struct emitter *e, void *user, const char *key,
                const char *text)
{
    e->key(user, key, strlen(key));
    e->string(user, text, strlen(text));
}

static const char *op_name(char op)
{
    return op == 'a' ? "add" : op == 'm' ? "mod" : "del";
}

static void emit_event(const struct event *ev, const struct emitter *e,
                       void *user)
{
    char id[24];
    g_snprintf(id, sizeof id, "%" G_GUINT64_FORMAT, ev->generation);
    e->object_begin(user);
    put(e, user, "id", id);
    put(e, user, "timestamp", "0.0");
    put(e, user, "class", ev->class->lower);
    put(e, user, "operation", op_name(ev->op));
    put(e, user, "ref", ev->record ? record_ref(ev->record) : ev->ref);
    if (ev->record) {
        e->key(user, "snapshot", 8);
        record_emit(ev->record, e, user);
    }
    e->object_end(user);
}

static void emit_events(const struct batch *b, const struct emitter *e,
                        void *user)
{
    e->array_begin(user);
    for (guint i = 0; i < b->events->len; i++)
        emit_event(&g_array_index(b->events, struct event, i), e, user);
    e->array_end(user);
}

static void emit_next(const void *data, const struct emitter *e, void *user)
{
    emit_events(data, e, user);
}

static void emit_counts(const struct batch *b, const struct emitter *e,
                        void *user)
{
    e->object_begin(user);
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct model *m = snapshot_model(b->snapshot);
        const struct class *c = model_class(m, i);
        if (!(c->flags & CLASS_EVENTS))
            continue;
        e->key(user, c->lower, strlen(c->lower));
        e->count(user, (int32_t)snapshot_count(b->snapshot, i));
    }
    e->object_end(user);
}

static void emit_from(const void *data, const struct emitter *e, void *user)
{
    const struct batch *b = data;
    g_autofree char *token = token_format(batch_generation(b));
    e->object_begin(user);
    e->key(user, "events", 6);
    emit_events(b, e, user);
    e->key(user, "valid_ref_counts", 16);
    emit_counts(b, e, user);
    put(e, user, "token", token);
    e->object_end(user);
}

struct reply *batch_reply_from(struct batch *b)
{
    return reply_new_lazy(b, emit_from, batch_free);
}

struct reply *batch_reply_next(struct batch *b)
{
    return reply_new_lazy(b, emit_next, batch_free);
}

/* ---- tokens -----------------------------------------------------------------
 */

/* Two numbers, as xapi writes them: database and messages; ours are one. */
char *token_format(uint64_t generation)
{
    return g_strdup_printf("%020" G_GUINT64_FORMAT ",%020" G_GUINT64_FORMAT,
                           generation, generation);
}

bool token_parse(const char *text, uint64_t *generation_out)
{
    *generation_out = 0;
    if (!*text)
        return true;
    char *end, *last;
    *generation_out = g_ascii_strtoull(text, &end, 10);
    if (end == text || *end != ',')
        return false;
    g_ascii_strtoull(end + 1, &last, 10);
    return last != end + 1 && !*last;
}
