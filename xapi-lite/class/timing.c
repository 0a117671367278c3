/* How long messages take, for xe diagnostic-timing-stats (way B). */
#include "class/timing.h"

#include <glib.h>
#include <string.h>

struct row {
    int64_t calls, usec, longest;
};

struct timings {
    GMutex lock;
    GHashTable *rows; /* name -> struct row * */
};

struct timings *timing_open(void)
{
    struct timings *t = g_new0(struct timings, 1);
    g_mutex_init(&t->lock);
    t->rows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return t;
}

void timing_close(struct timings *t)
{
    if (!t)
        return;
    g_hash_table_destroy(t->rows);
    g_mutex_clear(&t->lock);
    g_free(t);
}

void timing_note(struct timings *t, const char *name, int64_t usec)
{
    g_mutex_lock(&t->lock);
    struct row *r = g_hash_table_lookup(t->rows, name);
    if (!r)
        g_hash_table_insert(t->rows, (char *)name, r = g_new0(struct row, 1));
    r->calls++;
    r->usec += usec;
    r->longest = MAX(r->longest, usec);
    g_mutex_unlock(&t->lock);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

struct value *timing_list(struct timings *t)
{
    struct value *out = value_object();
    g_mutex_lock(&t->lock);
    GList *names = g_list_sort(g_hash_table_get_keys(t->rows), by_name);
    for (GList *n = names; n; n = n->next) {
        const struct row *r = g_hash_table_lookup(t->rows, n->data);
        struct value *list = value_array();
        value_push(list, value_int(r->calls));
        value_push(list, value_int(r->usec));
        value_push(list, value_int(r->longest));
        value_set(out, n->data, list);
    }
    g_list_free(names);
    g_mutex_unlock(&t->lock);
    return out;
}
