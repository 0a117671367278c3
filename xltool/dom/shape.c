/* Way A, in dom/: setters of the generic shapes, so that most keys are a row
 * of keys.def and nothing else. */
#include <limits.h>
#include <stdlib.h>

#include "dom/build.h"

static void *field(struct dom_build *b, size_t offset)
{
    return (char *)b->config + offset;
}

/* Stores a number in a field of the row's size; like the original, without a
 * check that it fits, but not silently. */
static void store(struct dom_build *b, const struct key_row *row, long number)
{
    void *at = field(b, row->offset);

    if (row->size == sizeof(uint64_t)) {
        *(uint64_t *)at = (uint64_t)number;
        return;
    }
    *(uint32_t *)at = (uint32_t)number;
    if (number < INT_MIN || number > (long)UINT32_MAX)
        build_warn(b, "number-cut",
                   build_value_pos(cfg_find(b->cfg, row->name)), NULL,
                   "%s=%ld does not fit into 32 bits; %d is used", row->name,
                   number, (int)number);
}

static void set_string(struct dom_build *b, const struct key_row *row)
{
    const char *text = value_text(b, row->name);

    if (text)
        value_replace(field(b, row->offset), text);
}

static void set_bool(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (value_long(b, row->name, false, &number))
        libxl_defbool_set(field(b, row->offset), number != 0);
}

static void set_int(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (value_long(b, row->name, false, &number))
        store(b, row, number);
}

static void set_mib(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    if (number < 0 || number > LONG_MAX / 1024)
        build_warn(
            b, "memory-size", build_value_pos(cfg_find(b->cfg, row->name)),
            "write a number of MiB", "%s=%ld MiB is no sensible size of memory",
            row->name, number);
    store(b, row, (long)((unsigned long)number * 1024));
}

static void set_bounded(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);
    long number;

    if (!s)
        return;
    if (!value_long(b, row->name, true, &number) || number < 0 ||
        number > INT_MAX)
        build_refuse(b, 1, "not-in-range", build_value_pos(s),
                     "write a number, or leave the line out for the default",
                     "%s takes a number from 0 to %d", row->name, INT_MAX);
    else
        store(b, row, number);
}

static void set_list(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_list(b, row->name);

    if (s)
        *(libxl_string_list *)field(b, row->offset) = value_strings(b, s);
}

static void set_texts(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (!s)
        return;
    if (value_is_list(s))
        *(libxl_string_list *)field(b, row->offset2) = value_strings(b, s);
    else
        value_replace(field(b, row->offset), s->value->text);
}

static void refuse_word(struct dom_build *b, const struct key_row *row,
                        const struct cfg_setting *s)
{
    g_autofree char *hint = words_hint(row->words, s->value->text);

    build_refuse(b, row->exit_code ? row->exit_code : 1, "unknown-value",
                 build_value_pos(s), hint, "\"%s\" is not a value of %s",
                 s->value->text, row->name);
}

static void set_enum(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (s && !words_find(row->words, s->value->text, row->exact,
                         field(b, row->offset)))
        refuse_word(b, row, s);
}

static void set_enumint(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);
    long number;

    if (!s)
        return;
    if (!value_long(b, row->name, true, &number)) {
        set_enum(b, row);
        return;
    }
    const char *word = number >= 0 && number <= INT_MAX
                           ? words_name(row->words, (int)number)
                           : NULL;
    if (!word) {
        refuse_word(b, row, s);
        return;
    }
    store(b, row, number);
    if (row->text) {
        g_autofree char *hint =
            g_strdup_printf("write %s=\"%s\"", row->name, word);
        build_warn(b, "deprecated", build_value_pos(s), hint,
                   "%s as a number is deprecated", row->name);
    }
}

static void set_own(struct dom_build *b, const struct key_row *row)
{
    row->set(b, row);
}

static void set_since(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (!s)
        return;
    build_refuse(b, 1, "needs-newer-xen", s->pos,
                 "take the line out, or use a newer Xen",
                 "%s works from Xen %s on; this xl is built for Xen %s",
                 row->name, row->text, XEN_VERSION);
}

void shape_set(struct dom_build *b, const struct key_row *row)
{
    static void (*const setters[])(struct dom_build *,
                                   const struct key_row *) = {
        [KEY_STRING] = set_string,   [KEY_BOOL] = set_bool,
        [KEY_INT] = set_int,         [KEY_MIB] = set_mib,
        [KEY_BOUNDED] = set_bounded, [KEY_LIST] = set_list,
        [KEY_TEXTS] = set_texts,     [KEY_ENUM] = set_enum,
        [KEY_ENUMINT] = set_enumint, [KEY_OWN] = set_own,
        [KEY_SINCE] = set_since,
    };
    setters[row->shape](b, row);
}
