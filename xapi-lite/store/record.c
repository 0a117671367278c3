/* One object: its fields, read and encoded (way B). */
#include <string.h>

#include "store/datum.h"

struct record *record_new(const struct class *c, struct rstr *ref)
{
    struct record *r = g_malloc0(sizeof *r + c->n_fields * sizeof(union slot));
    r->class = c;
    atomic_init(&r->refs, 1);
    r->ref = rstr_hold(ref);
    return r;
}

struct record *record_clone(const struct record *r)
{
    struct record *c = record_new(r->class, r->ref);
    c->created = r->created;
    c->modified = r->modified;
    for (unsigned i = 0; i < r->class->n_fields; i++)
        c->slots[i] = slot_hold(r->class->fields[i].type, r->slots[i]);
    return c;
}

const struct record *record_ref_get(const struct record *r)
{
    atomic_fetch_add_explicit(&((struct record *)r)->refs, 1,
                              memory_order_relaxed);
    return r;
}

void record_unref(const struct record *rec)
{
    struct record *r = (struct record *)rec;
    if (!r || atomic_fetch_sub(&r->refs, 1) != 1)
        return;
    for (unsigned i = 0; i < r->class->n_fields; i++)
        slot_drop(r->class->fields[i].type, r->slots[i]);
    rstr_drop(r->ref);
    g_free(r);
}

const struct class *record_class(const struct record *r)
{
    return r->class;
}

const char *record_ref(const struct record *r)
{
    return r->ref->text;
}

uint64_t record_created(const struct record *r)
{
    return r->created;
}

uint64_t record_modified(const struct record *r)
{
    return r->modified;
}

/* ---- fields ----------------------------------------------------------- */

static const struct field *field_of(const struct record *r, enum field_id f)
{
    size_t i = f - r->class->fields[0].id;
    if (i >= r->class->n_fields)
        g_error("field %d is not one of class %s", f, r->class->name);
    return &r->class->fields[i];
}

static union slot read_slot(const struct record *r, enum field_id id,
                            unsigned kinds)
{
    const struct field *f = field_of(r, id);
    if (!(kinds & 1u << f->type->kind))
        g_error("%s.%s is of another type", f->class->name, f->name);
    return r->slots[f->slot];
}

#define TEXTS (1u << TYPE_STRING | 1u << TYPE_REF | 1u << TYPE_ENUM)
#define COLLS (1u << TYPE_SET | 1u << TYPE_MAP)

const char *record_str(const struct record *r, enum field_id f)
{
    return slot_text(field_of(r, f)->type, read_slot(r, f, TEXTS));
}

int64_t record_int(const struct record *r, enum field_id f)
{
    return read_slot(r, f, 1u << TYPE_INT).n;
}

bool record_bool(const struct record *r, enum field_id f)
{
    return read_slot(r, f, 1u << TYPE_BOOL).n;
}

double record_float(const struct record *r, enum field_id f)
{
    return read_slot(r, f, 1u << TYPE_FLOAT).d;
}

int64_t record_time(const struct record *r, enum field_id f)
{
    return read_slot(r, f, 1u << TYPE_DATETIME).n;
}

int record_word(const struct record *r, enum field_id f)
{
    return read_slot(r, f, 1u << TYPE_ENUM).n;
}

size_t record_count(const struct record *r, enum field_id f)
{
    const struct coll *c = read_slot(r, f, COLLS).c;
    return c ? c->n : 0;
}

const char *record_item(const struct record *r, enum field_id f, size_t i)
{
    const struct coll *c = read_slot(r, f, 1u << TYPE_SET).c;
    return slot_text(field_of(r, f)->type->item, c->items[i]);
}

const char *record_map_key(const struct record *r, enum field_id f, size_t i)
{
    const struct coll *c = read_slot(r, f, 1u << TYPE_MAP).c;
    return slot_text(field_of(r, f)->type->key, c->items[2 * i]);
}

const char *record_map_item(const struct record *r, enum field_id f, size_t i)
{
    const struct coll *c = read_slot(r, f, 1u << TYPE_MAP).c;
    return slot_text(field_of(r, f)->type->item, c->items[2 * i + 1]);
}

const char *record_map_get(const struct record *r, enum field_id f,
                           const char *key)
{
    const struct coll *c = read_slot(r, f, 1u << TYPE_MAP).c;
    int i = coll_find(c, field_of(r, f)->type, key);
    return i < 0 ? NULL : record_map_item(r, f, i);
}

bool record_set_has(const struct record *r, enum field_id f, const char *item)
{
    const struct coll *c = read_slot(r, f, 1u << TYPE_SET).c;
    return coll_find(c, field_of(r, f)->type, item) >= 0;
}

/* ---- whole records ------------------------------------------------------- */

void record_emit_field(const struct record *r, const struct field *f,
                       const struct emitter *e, void *user)
{
    const struct live *l = f->live;
    if (!l || !l->fn || !l->fn(l->user, r, f, e, user))
        slot_emit(f->type, r->slots[f->slot], e, user);
}

void record_emit(const struct record *r, const struct emitter *e, void *user)
{
    e->object_begin(user);
    for (unsigned i = 0; i < r->class->n_fields; i++) {
        const struct field *f = &r->class->fields[i];
        e->key(user, f->name, strlen(f->name));
        record_emit_field(r, f, e, user);
    }
    e->object_end(user);
}

struct shown {
    const struct record *r;
    const struct field *f;
};

static void emit_shown(const void *data, const struct emitter *e, void *user)
{
    const struct shown *s = data;
    record_emit_field(s->r, s->f, e, user);
}

struct value *record_value(const struct record *r, const struct field *f)
{
    struct shown s = { r, f };
    return f->live ? emit_to_value(emit_shown, &s)
                   : slot_value(f->type, r->slots[f->slot]);
}

struct value *record_to_value(const struct record *r)
{
    struct value *o = value_object();
    for (unsigned i = 0; i < r->class->n_fields; i++)
        value_set(o, r->class->fields[i].name,
                  record_value(r, &r->class->fields[i]));
    return o;
}

/* ---- rows of the back end -------------------------------------------------
 */

char *record_format_row(const struct record *r, const struct record *defaults)
{
    VALUE_AUTO *o = value_object();
    for (unsigned i = 0; i < r->class->n_fields; i++) {
        const struct field *f = &r->class->fields[i];
        if (!f->temporary &&
            !slot_equal(f->type, r->slots[i], defaults->slots[i]))
            value_set(o, f->name, slot_value(f->type, r->slots[i]));
    }
    GString *s = g_string_new(NULL);
    value_json_format(s, o, false);
    return g_string_free(s, FALSE);
}

int record_parse_row(struct record *r, const char *fields, GHashTable *pool,
                     struct err *err)
{
    VALUE_AUTO *o = value_json_parse(fields, strlen(fields), err);
    if (!o)
        return err_context(err, "reading %s %s", r->class->name, r->ref->text);
    for (size_t i = 0; i < value_count(o); i++) {
        const struct field *f = model_find_field(r->class, value_key_at(o, i));
        if (!f || f->temporary)
            continue; /* written by another version */
        FAULT_AUTO fault = { 0 };
        VALUE_AUTO *v =
            value_conform(f->type, value_item_at(o, i), f->name, &fault);
        if (!v)
            return err_set(err, ERR_FAIL,
                           "the store is damaged: %s %s, "
                           "field %s",
                           r->class->name, r->ref->text, f->name);
        slot_drop(f->type, r->slots[f->slot]);
        r->slots[f->slot] = slot_from_value(f->type, v, pool);
    }
    return 0;
}
