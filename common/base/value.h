/* A tree of values: what JSON, XML-RPC, tables and tests exchange. Objects keep
 * the order in which keys were added. Reference counting is not needed: every
 * value has one owner, its container or the caller. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum value_type {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_DOUBLE,
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT,
    VALUE_DATETIME, /* text as in XenAPI; JSON shows a string */
};

struct value; /* opaque: use the calls below */

struct value *value_null(void);
struct value *value_bool(bool b);
struct value *value_int(int64_t n);
struct value *value_double(double d);
/* Copies the text; NULL gives a null value. The bytes are kept as they are. */
struct value *value_string(const char *s);
struct value *value_printf(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
struct value *value_datetime(const char *s);
struct value *value_array(void);
struct value *value_object(void);
struct value *value_copy(const struct value *v);
void value_free(struct value *v); /* NULL is fine */
static inline void value_cleanup(struct value **v)
{
    value_free(*v);
}
/* A local that owns a value: freed when it goes out of scope. */
#define VALUE_AUTO __attribute__((unused, cleanup(value_cleanup))) struct value

enum value_type value_get_type(const struct value *v);
bool value_get_bool(const struct value *v); /* false unless a true bool */
/* 0 unless int, or a double: cut, and the nearest limit where it does not fit.
 */
int64_t value_get_int(const struct value *v);
double value_get_double(const struct value *v); /* 0 unless double or int */
const char *value_get_string(
    const struct value *v); /* borrowed; NULL unless string or datetime */
size_t
value_count(const struct value *v); /* elements of an array or object, else 0 */

/* Array: push takes over `item`; get borrows (NULL past the end). */
void value_push(struct value *array, struct value *item);
const struct value *value_at(const struct value *array, size_t i);
/* Object: set takes over `item` and replaces an earlier one in its place; find
 * borrows or NULL. key_at/at_key walk in order. remove returns whether the key
 * was there. */
void value_set(struct value *object, const char *key, struct value *item);
const struct value *value_find(const struct value *object, const char *key);
const char *value_key_at(const struct value *object, size_t i);
const struct value *value_item_at(const struct value *object, size_t i);
bool value_remove(struct value *object, const char *key);

/* Deep equality; objects compare without regard to order. */
bool value_equal(const struct value *a, const struct value *b);

/* JSON (RFC 8259). Parse: whole text must be one value, else NULL and err with
 * line and column. Integers outside int64 become doubles. Depth is limited to
 * 200. */
struct value *value_json_parse(const char *text, size_t len, struct err *err);
/* Appends; pretty uses two blanks a level. Invalid UTF-8 bytes are written as
 * U+FFFD. */
void value_json_format(GString *out, const struct value *v, bool pretty);

#endif
