/* The data model of XenAPI as tables: classes, fields, messages. Read once from
 * the .def rows, immutable afterwards, shared by all threads. Everything that
 * depends on it (calls, records, xe lists, documentation) walks these tables.
 */
#ifndef XAPI_MODEL_H
#define XAPI_MODEL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* CLASS_VM, CLASS_VBD, ... in the order of classes.def. */
enum class_id {
#define CLASS(name, since, state, reader, ctor, flags) CLASS_##name,
#include "model/classes.def"
#undef CLASS
    CLASS_COUNT
};

/* F_VM_name_label, ... : every field has one number; the fields of a class are
 * consecutive. */
enum field_id {
#define ENUM(name, values)
#define FIELD(cls, name, type, qualifier, dflt, writer, since, state)          \
    F_##cls##_##name,
#define MESSAGE(cls, name, params, result, role, since, state, errors)
#define MESSAGE_OPEN MESSAGE
#include "model/all.def"
#undef ENUM
#undef FIELD
#undef MESSAGE
#undef MESSAGE_OPEN
    FIELD_COUNT
};

enum type_kind {
    TYPE_VOID,
    TYPE_STRING,
    TYPE_INT, /* 64 bit */
    TYPE_FLOAT,
    TYPE_BOOL,
    TYPE_DATETIME,
    TYPE_REF,    /* name: its class */
    TYPE_ENUM,   /* name; words */
    TYPE_SET,    /* item */
    TYPE_MAP,    /* key -> item */
    TYPE_RECORD, /* name: its class; NULL for that of any class */
    TYPE_OPTION, /* item, or nothing */
    TYPE_ANY,    /* the event batch and other results made by hand */
};

struct type {
    enum type_kind kind;
    const char *name;
    const char *const *words; /* of an enum, NULL-terminated */
    unsigned n_words;
    const struct type *key, *item;
};

enum qualifier {
    FIELD_RO,   /* only the daemon changes it */
    FIELD_CTOR, /* given at creation, then as RO */
    FIELD_RW,
};

enum lifecycle { PROTOTYPED, PUBLISHED, DEPRECATED, REMOVED };

struct record;
struct field;
struct emitter;
/* Shows a live field of a record; false, before it has emitted anything: the
 * value that is kept holds. Called by any thread. */
typedef bool model_live_fn(void *user, const struct record *r,
                           const struct field *f, const struct emitter *e,
                           void *e_user);
struct live {
    model_live_fn *fn; /* NULL: nobody knows */
    void *user;
};

struct field {
    enum field_id id;
    const struct class *class;
    const char *name; /* as on the wire: name_label */
    const struct type *type;
    enum qualifier qualifier;
    const char *dflt;   /* default as text; NULL: none, the type's zero */
    const char *writer; /* least role that may write it; NULL: nobody */
    const char *since;
    enum lifecycle state;
    unsigned slot;  /* position in the record, from 0 */
    bool temporary; /* not written to disk: known anew after a restart */
    /* The other side of a relation (VBD.VM for VM.VBDs): the store keeps this
     * field true by itself; nobody sets it. NULL for ordinary fields. */
    const struct field *reverse_of;
    const struct field *reversed_by; /* VM.VBDs for VBD.VM, or NULL */
    /* A figure that changes all the time: asked for whenever it is shown, since
     * writing it would be an event each time. NULL for ordinary fields. */
    const struct live *live;
};

struct param {
    const char *name;
    const struct type *type;
    const char *dflt; /* text of the value when left out; NULL: required */
};

enum message_kind {
    MSG_EXPLICIT, /* a handler in class/ */
    MSG_GET,      /* get_FIELD(self) */
    MSG_SET,      /* set_FIELD(self, value) */
    MSG_ADD,      /* add_to_FIELD(self, key, value), or add_FIELD of a set */
    MSG_REMOVE,   /* remove_from_FIELD(self, key), or remove_FIELD of a set */
    MSG_GET_RECORD,
    MSG_GET_ALL,
    MSG_GET_ALL_RECORDS,
    MSG_GET_ALL_RECORDS_WHERE,
    MSG_GET_BY_UUID,
    MSG_GET_BY_NAME_LABEL,
    MSG_CREATE,
    MSG_DESTROY,
};

struct message {
    const struct class *class;
    const char *name;      /* start */
    const char *full_name; /* VM.start */
    enum message_kind kind;
    const struct field *field; /* of GET, SET, ADD, REMOVE */
    bool needs_session;        /* the session is not among params */
    bool async;                /* Async.VM.start exists */
    unsigned n_params, n_required;
    const struct param *params;
    const struct type *result;
    const char *role; /* least role that may call it; "" pool-admin */
    const char *since;
    enum lifecycle state;
    const char *errors; /* codes it may answer, separated by blanks */
};

enum {
    CLASS_ALL = 1,       /* get_all, get_all_records */
    CLASS_RECORD = 2,    /* get_record, get_by_uuid */
    CLASS_KEPT = 4,      /* survives a restart */
    CLASS_EVENTS = 8,    /* changes become events */
    CLASS_OWN = 16,      /* these messages are written by hand */
    CLASS_NO_LABEL = 32, /* has name_label but no get_by_name_label */
};

struct class
{
    enum class_id id;
    const char *name;  /* VM */
    const char *lower; /* vm: in events */
    const char *since;
    enum lifecycle state;
    unsigned flags;
    const struct field *fields; /* n_fields of them, in wire order */
    unsigned n_fields;
    const struct message *const *messages; /* explicit, then implicit ones */
    unsigned n_messages;
    const struct field *uuid, *name_label; /* or NULL */
};

struct model;

/* Reads the rows. Never fails: a wrong row is a bug and aborts (every unit test
 * runs it). */
struct model *model_open(void);
void model_close(struct model *m);
/* Who knows the live fields (live.def); fn NULL: nobody any more. */
void model_live(struct model *m, model_live_fn *fn, void *user);

const struct class *model_class(const struct model *m, enum class_id id);
/* By name, exactly as on the wire, or NULL. */
const struct class *model_find_class(const struct model *m, const char *name);
/* As above, any case ("vm"), as event subscriptions are written. */
const struct class *model_find_class_nocase(const struct model *m,
                                            const char *name);
const struct field *model_field(const struct model *m, enum field_id id);
const struct field *model_find_field(const struct class *c, const char *name);
/* "VM.start", without "Async."; NULL if there is none. */
const struct message *model_find_message(const struct model *m,
                                         const char *full_name);
/* A type as written in the rows, e.g. "(string -> VM ref) map". Lives as long
 * as the model; aborts on bad text. */
const struct type *model_type(struct model *m, const char *text);
/* The text of a type, as in the rows. Caller frees. */
char *type_format(const struct type *t);
/* Position of a word of an enum, or -1. */
int type_word(const struct type *t, const char *word);

/* Roles from read-only (0) to pool-admin (5); -1 for an unknown name. "" is
 * pool-admin. */
int role_level(const char *role);

#endif
