/* What has happened to VMs as message objects, by notes.def (way B). */
#include "class/notes.h"

#include <string.h>

enum { KEPT = 10000 }; /* the oldest go */

static const struct note_row {
    const char *method, *name, *what;
} rows[] = {
#define NOTE(method, name, what) { method, name, what },
#include "class/notes.def"
#undef NOTE
};

static void forget_oldest(struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    size_t n = snapshot_count(s, CLASS_message);
    const struct record *oldest = NULL;
    for (size_t i = 0; n > KEPT && i < n; i++) {
        const struct record *r = snapshot_at(s, CLASS_message, i);
        if (!oldest || record_created(r) < record_created(oldest))
            oldest = r;
    }
    if (oldest)
        store_delete(t, CLASS_message, record_ref(oldest));
}

void notes_add(struct xapi *x, const char *name, int priority,
               const char *class, const char *uuid, const char *body)
{
    ERR_AUTO err = { 0 };
    struct txn *t = store_begin(x->store);
    const char *ref = store_create(t, CLASS_message, NULL, NULL);
    store_set_str(t, ref, F_message_name, name);
    store_set_int(t, ref, F_message_priority, priority);
    store_set_str(t, ref, F_message_cls, class);
    store_set_str(t, ref, F_message_obj_uuid, uuid);
    store_set_str(t, ref, F_message_body, body);
    store_set_time(t, ref, F_message_timestamp,
                   g_get_real_time() / G_USEC_PER_SEC);
    forget_oldest(t);
    if (store_commit(t, &err) < 0)
        g_warning("message %s: %s", name, err.message);
}

void notes_vm(struct xapi *x, const char *ref, const char *name, int priority,
              const char *what)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, ref);
    const struct record *host = snapshot_find(s, CLASS_host, x->host_ref);
    if (!vm)
        return;
    g_autofree char *body = g_strdup_printf(
        "VM '%s' %s: %s (uuid: %s)", record_str(vm, F_VM_name_label), what,
        host ? record_str(host, F_host_name_label) : "",
        host ? record_str(host, F_host_uuid) : "");
    notes_add(x, name, priority, "VM", record_str(vm, F_VM_uuid), body);
}

void notes_after(const struct ctx *c)
{
    const struct note_row *row = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(rows) && !row; i++)
        if (!strcmp(rows[i].method, c->message->full_name))
            row = &rows[i];
    if (!row)
        return;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = snapshot_find(s, CLASS_VM, arg_str(c, 0));
    bool revert = vm && !strcmp(c->message->name, "revert");
    notes_vm(c->x, revert ? record_str(vm, F_VM_snapshot_of) : arg_str(c, 0),
             row->name, NOTE_NEWS, row->what);
}
