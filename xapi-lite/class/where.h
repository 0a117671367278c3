/* The query language of get_all_records_where: field "name__label" = "x",
 * and, or, not, true, false, parentheses. */
#ifndef XAPI_WHERE_H
#define XAPI_WHERE_H

#include "base/err.h"
#include "store/store.h"

struct where;

/* Parses an expression about records of the class. NULL with a sentence. Field
 * names use "__" between the parts of a name, as in xapi's database, or "_". */
struct where *where_parse(const struct class *c, const char *text,
                          struct err *err);
bool where_matches(const struct where *w, const struct record *r);
void where_free(struct where *w);

#endif
