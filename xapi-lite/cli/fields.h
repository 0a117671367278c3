/* Records as xe shows them: columns with their names, marks and texts. */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "model/model.h"
#include "store/store.h"

enum xe_mark { RO, RW, SRO, SRW, MRO, MRW };
enum {
    XE_SETTABLE = 1,
    XE_HIDDEN = 2,    /* only when asked by name */
    XE_EXPENSIVE = 4, /* not computed in lists */
    XE_DEPRECATED = 8,
    XE_NOCASE = 16, /* filters compare without case */
};

struct xe_field {
    const char *name; /* name-label */
    enum xe_mark mark;
    const char *source; /* see fields.def */
    unsigned flags;
};

struct xe_class {
    const char *name; /* vm */
    enum class_id class;
    const char *implied;           /* "is-a-template=false" or "" */
    const char *defaults;          /* columns, separated by commas; "" all */
    const struct xe_field *fields; /* n_fields of them */
    unsigned n_fields;
};

/* All classes, ended by one without name. */
const struct xe_class *xe_classes(void);
const struct xe_class *xe_class_find(const char *name);
const struct xe_field *xe_field_find(const struct xe_class *k,
                                     const char *name);
/* The model's field behind a settable or plain column, or NULL when its source
 * is a path or a message. */
const struct field *xe_field_model(const struct model *m,
                                   const struct xe_class *k,
                                   const struct xe_field *f);
/* "name-label ( RW)". Caller frees. */
char *xe_field_label(const struct xe_field *f);

/* Answers "()CLASS.message" sources; NULL: no answer. */
typedef struct value *xe_ask_fn(void *user, const char *method,
                                const char *ref);
/* The text of a column. Caller frees. */
char *xe_field_text(const struct snapshot *s, const struct model *m,
                    const struct record *r, const struct xe_field *f,
                    xe_ask_fn *ask, void *user);
/* Value of a key of a map column; NULL when the column is no map or has no
 * such key. Caller frees. */
char *xe_field_key(const struct snapshot *s, const struct model *m,
                   const struct record *r, const struct xe_field *f,
                   const char *key);
/* Whether a set column has this member. */
bool xe_field_has(const struct snapshot *s, const struct model *m,
                  const struct record *r, const struct xe_field *f,
                  const char *item);
/* An enum word as xe shows it ("Running" of a power state is "running"), and
 * back: the model's word for a text, or NULL. */
const char *xe_enum_show(const struct type *t, const char *word);
const char *xe_enum_read(const struct type *t, const char *text);

#endif
