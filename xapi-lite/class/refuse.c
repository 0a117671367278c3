/* The messages of refusals.def: what one host cannot have (way B). */
#include "class/refuse.h"

#include <stdlib.h>
#include <string.h>

#include "class/ops.h"

static const struct refusal {
    const char *name, *code, *detail; /* code NULL: nothing is to be done */
    bool empty;
} rows[] = {
#define REFUSE(cls, name, code, detail) { #cls "." #name, code, detail, false },
#define NOTHING(cls, name) { #cls "." #name, NULL, NULL, false },
#define EMPTY(cls, name) { #cls "." #name, NULL, NULL, true },
#include "class/refusals.def"
#undef REFUSE
#undef NOTHING
#undef EMPTY
};

static const struct refusal *row_of(const struct message *m)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].name, m->full_name))
            return &rows[i];
    return NULL;
}

static int refuse(struct ctx *c, struct value **result_out)
{
    const struct refusal *r = row_of(c->message);
    const char *detail = r->detail;
    if (!r->code) {
        *result_out = r->empty ? value_array() : NULL;
        return 0;
    }
    if (detail && *detail == '@')
        detail = arg_str(c, (unsigned)atoi(detail + 1));
    return ctx_fault(c, r->code, detail);
}

const char *refusal_name(size_t i)
{
    return i < G_N_ELEMENTS(rows) ? rows[i].name : NULL;
}

const struct handler *refusal_handler(void)
{
    static const struct handler h = { refuse, QUICK };
    return &h;
}
