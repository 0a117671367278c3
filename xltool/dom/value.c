/* Way A, in dom/: reads the values of settings by the language's rules and
 * says what is wrong with their shape. */
#include <errno.h>
#include <stdlib.h>

#include "dom/build.h"

const struct cfg_setting *value_any(struct dom_build *b, const char *name)
{
    struct cfg_setting *s = cfg_find(b->cfg, name);

    if (s)
        s->used = true;
    return s;
}

bool value_is_list(const struct cfg_setting *s)
{
    return s->value->kind == CFG_LIST;
}

const struct cfg_setting *value_atom(struct dom_build *b, const char *name)
{
    const struct cfg_setting *s = value_any(b, name);

    if (!s || !value_is_list(s))
        return s;
    g_autofree char *hint = g_strdup_printf("write %s=\"...\"", name);
    build_warn(b, "not-a-single-value", build_value_pos(s), hint,
               "%s takes one value, not a list; it is ignored", name);
    return NULL;
}

const char *value_text(struct dom_build *b, const char *name)
{
    const struct cfg_setting *s = value_atom(b, name);

    return s ? s->value->text : NULL;
}

const struct cfg_setting *value_list(struct dom_build *b, const char *name)
{
    const struct cfg_setting *s = value_any(b, name);

    if (!s || value_is_list(s))
        return s;
    g_autofree char *hint =
        g_strdup_printf("write %s=[ \"%s\" ]", name, s->value->text);
    build_warn(b, "not-a-list", build_value_pos(s), hint,
               "%s takes a list, not a single value; it is ignored", name);
    return NULL;
}

int value_parse_long(const char *text, long *number_out)
{
    char *end;

    errno = 0;
    *number_out = strtol(text, &end, 0);
    if (errno)
        return errno;
    return end == text || *end ? EINVAL : 0;
}

static void report_number(struct dom_build *b, const struct cfg_setting *s,
                          int errnum)
{
    const char *text = s->value->text;
    struct diag_pos pos = build_value_pos(s);

    if (errnum == ERANGE)
        build_warn(b, "number-too-big", pos, NULL,
                   "%s=%s does not fit into 64 bits; it is ignored", s->name,
                   text);
    else if (!g_ascii_strcasecmp(text, "yes") ||
             !g_ascii_strcasecmp(text, "true") ||
             !g_ascii_strcasecmp(text, "on"))
        build_warn(b, "not-a-number", pos, "write 1 for yes, 0 for no",
                   "%s=\"%s\" is not a number; it is ignored", s->name, text);
    else
        build_warn(b, "not-a-number", pos,
                   "write a number such as 64 or 0x40, without a unit",
                   "%s=\"%s\" is not a number; it is ignored", s->name, text);
}

bool value_long(struct dom_build *b, const char *name, bool quiet,
                long *number_out)
{
    const struct cfg_setting *s =
        quiet ? value_any(b, name) : value_atom(b, name);

    if (!s || value_is_list(s))
        return false;
    if (s->last_was_append) {
        if (!quiet)
            build_warn(b, "append-number", s->pos, "use = instead of +=",
                       "+= does not add numbers; %s is ignored", name);
        return false;
    }
    int errnum = value_parse_long(s->value->text, number_out);
    if (errnum && !quiet)
        report_number(b, s, errnum);
    return !errnum;
}

const struct cfg_node *value_item(struct dom_build *b,
                                  const struct cfg_setting *list, unsigned i)
{
    const GPtrArray *items = list->value->items;

    if (!items || i >= items->len)
        return NULL;
    const struct cfg_node *item = g_ptr_array_index(items, i);
    if (item->kind != CFG_LIST)
        return item;
    build_warn(b, "list-in-list", item->pos, "take the inner brackets away",
               "%s is a list of strings: a list inside ends it, and what "
               "follows is ignored",
               list->name);
    return NULL;
}

void value_replace(char **field, const char *text)
{
    free(*field);
    *field = g_strdup(text);
}

libxl_string_list value_strings(struct dom_build *b,
                                const struct cfg_setting *list)
{
    const struct cfg_node *item;
    g_autoptr(GPtrArray) texts = g_ptr_array_new();

    for (unsigned i = 0; (item = value_item(b, list, i)); i++)
        g_ptr_array_add(texts, g_strdup(item->text));
    g_ptr_array_add(texts, NULL);
    return (libxl_string_list)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
}
