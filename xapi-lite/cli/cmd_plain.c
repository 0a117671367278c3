/* xe: the commands of plain.def, each of which is one call. */
#include <inttypes.h>
#include <string.h>

#include "cli/internal.h"

static const struct plain {
    const char *command, *method, *params;
} rows[] = {
#define PLAIN(command, method, params) { command, method, params },
#include "cli/plain.def"
#undef PLAIN
};

static const struct plain *row_of(const char *command)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].command, command))
            return &rows[i];
    return NULL;
}

/* ---- parameters
 * --------------------------------------------------------------- */

static enum class_id class_of(struct cli *c, const char *word, char end)
{
    g_autofree char *name = g_strndup(word, (gsize)(strchr(word, end) - word));
    g_autofree char *low = g_ascii_strdown(name, -1);
    for (int i = 0; i < CLASS_COUNT; i++)
        if (!strcmp(model_class(c->x->model, i)->lower, low))
            return i;
    g_error("plain.def: %s is no class", name);
}

/* "Class:name", "Class?name" */
static struct value *object(struct cli *c, const char *word, char mark)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *name = strchr(word, mark) + 1;
    const char *uuid = mark == ':' ? cli_need(c, name) : cli_param(c, name);
    const char *ref = uuid
                          ? cli_ref_of_uuid(c, s, class_of(c, word, mark), uuid)
                      : mark == ':' ? NULL
                                    : REF_NULL;
    return ref ? value_string(ref) : NULL;
}

/* "Class,name" */
static struct value *objects(struct cli *c, const char *word)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *list = cli_param(c, strchr(word, ',') + 1);
    VALUE_AUTO *refs = value_array();
    g_auto(GStrv) uuids = g_strsplit(list ? list : "", ",", -1);
    for (char **u = uuids; *u; u++) {
        const char *ref = cli_ref_of_uuid(c, s, class_of(c, word, ','), *u);
        if (!ref)
            return NULL;
        value_push(refs, value_string(ref));
    }
    return g_steal_pointer(&refs);
}

static struct value *number(struct cli *c, const char *name)
{
    int64_t n = 0;
    const char *text = cli_need(c, name);
    return text && cli_int(c, name, text, &n) == 0 ? value_int(n) : NULL;
}

static struct value *truth(struct cli *c, const char *name)
{
    bool on = false;
    const char *text = cli_param(c, name);
    return !text || cli_bool(c, name, text, &on) == 0 ? value_bool(on) : NULL;
}

static struct value *star(struct cli *c, const char *word, const char *ref)
{
    return value_string(!strcmp(word, "*pool")   ? c->x->pool_ref
                        : !strcmp(word, "*this") ? c->x->host_ref
                                                 : ref);
}

/* ref: the object that was selected, for *vm and *host. NULL: failed. */
static struct value *param(struct cli *c, const char *word, const char *ref)
{
    const char *text;
    switch (*word) {
    case '*':
        return star(c, word, ref);
    case '#':
        return number(c, word + 1);
    case '!':
        return truth(c, word + 1);
    case '%':
        return word[1] ? cli_map(c, word + 1) : value_object();
    }
    if (strchr(word, ','))
        return objects(c, word);
    if (strchr(word, ':') || strchr(word, '?'))
        return object(c, word, strchr(word, ':') ? ':' : '?');
    text = cli_param(c, word);
    return value_string(text ? text : "");
}

/* ---- the call
 * ----------------------------------------------------------------- */

static void show(struct cli *c, const struct value *v)
{
    const char *text = value_get_string(v);
    if (value_get_type(v) == VALUE_INT)
        cli_printf(c, "%" PRId64, value_get_int(v));
    else if (text && *text)
        cli_print(c, text);
    else
        for (size_t i = 0; i < value_count(v); i++)
            show(c, value_get_type(v) == VALUE_ARRAY ? value_at(v, i)
                                                     : value_item_at(v, i));
}

static int run(struct cli *c, const char *ref, void *user)
{
    const struct plain *p = user;
    struct value *params = value_array();
    g_auto(GStrv) words = g_strsplit(p->params, " ", -1);
    for (char **w = words; *w; w++) {
        struct value *v = **w ? param(c, *w, ref) : NULL;
        if (v) {
            value_push(params, v);
        } else if (**w) {
            value_free(params);
            return -1;
        }
    }
    VALUE_AUTO *result = cli_call_list(c, p->method, params);
    if (result)
        show(c, result);
    return result ? 0 : -1;
}

/* The command's own parameters, which select nothing. Caller frees. */
static char *own_words(const struct cli *c)
{
    const struct command *k = cli_command_find(c->command);
    char *all = g_strdup_printf("%s,%s", k->required, k->optional);
    return g_strdelimit(all, ",", ' ');
}

int cmd_plain(struct cli *c)
{
    const struct plain *p = row_of(c->command);
    g_autofree char *own = own_words(c);
    if (strstr(p->params, "*vm"))
        return cli_each_vm(c, 0, own, run, (void *)p);
    if (strstr(p->params, "*host"))
        return cli_each_host(c, own, run, (void *)p);
    return run(c, NULL, (void *)p);
}
