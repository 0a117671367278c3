/* Field filters of a command line: name=value, set:contains=x, map:key=value.
 */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "cli/internal.h"

struct filter {
    const struct xe_field *field;
    char *key;         /* behind the ':', or NULL */
    const char *value; /* borrowed from the command line */
    bool implied;
};

/* Array of struct filter from the parameters that name a column of the class;
 * those among `ignore` (separated by blanks) and of xe itself are left out; any
 * other fails. `implied` filters ("a=b,c=d") count unless the command line
 * names their column. NULL after a failure; free with g_array_unref. */
GArray *filters_parse(struct cli *c, const struct xe_class *k,
                      const char *ignore, const char *implied);
bool filters_match(struct cli *c, const struct snapshot *s,
                   const struct record *r, const GArray *filters);
struct value *filter_ask(void *user, const char *method, const char *ref);

#endif
