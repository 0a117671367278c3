/* The types of the model, each text parsed once. Private to model/. */
#ifndef XAPI_MODEL_TYPE_H
#define XAPI_MODEL_TYPE_H

#include "model/model.h"

struct types {
    GPtrArray *all;      /* struct type *, owned */
    GHashTable *by_text; /* text -> type */
    GHashTable *enums;   /* name -> NULL-terminated words, owned */
};

void types_init(struct types *ts);
void types_dispose(struct types *ts);
/* name must be static text */
void types_enum(struct types *ts, const char *name, const char *words);
const struct type *types_get(struct types *ts, const char *text);

#endif
