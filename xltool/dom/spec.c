/* Way A, in dom/: one engine for the device specs; each device brings a table
 * of its sub-keys. */
#include "dom/spec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct diag_pos spec_field_pos(const struct spec_field *field)
{
    return cfg_node_pos(field->node, field->at, field->length);
}

struct diag_pos spec_value_pos(const struct spec_field *field)
{
    if (!field->value)
        return spec_field_pos(field);
    return cfg_node_pos(field->node, field->value_at,
                        field->at + field->length - field->value_at);
}

static void warn_number(struct dom_build *b, const struct spec_field *f,
                        const char *end)
{
    if (end == f->value)
        build_warn(b, "not-a-number", spec_value_pos(f), NULL,
                   "%s=%s is not a number: 0 is used", f->key, f->value);
    else if (end[strspn(end, " \t")])
        build_warn(b, "trailing-text", spec_value_pos(f), NULL,
                   "%s=%s: \"%s\" behind the number is ignored", f->key,
                   f->value, end);
}

static unsigned long number(struct dom_build *b, const struct spec_field *f,
                            int base)
{
    char *end;
    unsigned long n = base == 10 ? (unsigned long)strtol(f->value, &end, base)
                                 : strtoul(f->value, &end, base);

    warn_number(b, f, end);
    return n;
}

static void set_decimal(struct dom_build *b, const struct spec_field *f,
                        int *out)
{
    char *end;

    unsigned long n = strtoul(f->value, &end, 10);
    if (end == f->value || n == ULONG_MAX) {
        build_refuse(b, 1, "not-a-number", spec_value_pos(f),
                     "write a decimal number", "%s=%s is not a number", f->key,
                     f->value);
        return;
    }
    warn_number(b, f, end);
    *out = (int)n;
}

static void set_word(struct dom_build *b, const struct spec_key *key,
                     const struct spec_field *f, int *out)
{
    if (words_find(key->words, f->value, false, out))
        return;
    g_autofree char *hint = words_hint(key->words, f->value);
    build_refuse(b, 1, "unknown-value", spec_value_pos(f), hint,
                 "\"%s\" is not a value of %s", f->value, f->key);
}

static void set_field(struct dom_build *b, const struct spec_key *key,
                      const struct spec_field *f, void *device)
{
    void *at = (char *)device + key->offset;

    switch (key->shape) {
    case SPEC_TEXT:
        value_replace(at, f->value);
        break;
    case SPEC_U8:
        *(uint8_t *)at = (uint8_t)number(b, f, 0);
        break;
    case SPEC_U32:
        *(uint32_t *)at = (uint32_t)number(b, f, 0);
        break;
    case SPEC_YESNO:
        *(bool *)at = number(b, f, 0) != 0;
        break;
    case SPEC_DEFBOOL:
        libxl_defbool_set(at, (int)number(b, f, 10) != 0);
        break;
    case SPEC_ATOI:
        *(int *)at = (int)number(b, f, 10);
        break;
    case SPEC_DECIMAL:
        set_decimal(b, f, at);
        break;
    case SPEC_WORD:
        set_word(b, key, f, at);
        break;
    case SPEC_ON:
    case SPEC_OFF:
        libxl_defbool_set(at, key->shape == SPEC_ON);
        break;
    case SPEC_OWN:
        key->set(b, device, f);
        break;
    }
}

static bool is_flag(const struct spec_key *key)
{
    return key->shape == SPEC_ON || key->shape == SPEC_OFF;
}

static const struct spec_key *find_key(const struct spec_style *style,
                                       const struct spec_field *f)
{
    for (const struct spec_key *k = style->keys; k->name; k++)
        if (!strcmp(k->name, f->key) && is_flag(k) == !f->value)
            return k;
    return NULL;
}

/* "did you mean ...?", or how an option that stands alone is written. */
static char *unknown_hint(const struct spec_style *style,
                          const struct spec_field *f)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (const struct spec_key *k = style->keys; k->name; k++)
        g_ptr_array_add(names, (gpointer)k->name);
    g_ptr_array_add(names, NULL);
    const char *nearest =
        diag_nearest(f->key, (const char *const *)names->pdata);
    if (nearest && !strcmp(nearest, f->key))
        return f->value ? g_strdup_printf("write %s alone", f->key)
                        : g_strdup_printf("write %s=...", f->key);
    return nearest ? g_strdup_printf("did you mean \"%s\"?", nearest) : NULL;
}

static void report_unknown(struct dom_build *b, const struct spec_style *style,
                           const struct spec_field *f)
{
    bool ends =
        !f->value && style->bare_ends && f->node->text[f->at + f->length];
    g_autofree char *hint = unknown_hint(style, f);
    const char *what = f->value || !hint || !g_str_has_suffix(hint, "=...")
                           ? "is not an option"
                           : "needs a value as an option";

    if ((f->value ? style->unknown : style->bare) == DIAG_ERROR)
        build_refuse(b, 1, "unknown-option", spec_field_pos(f), hint,
                     "\"%s\" %s of %s", f->key, what, style->what);
    else
        build_warn(b, "unknown-option", spec_field_pos(f), hint,
                   "\"%s\" %s of %s; %s ignored", f->key, what, style->what,
                   ends ? "it and what follows are" : "it is");
}

/* Cuts blanks off both ends of [*from, *to) of text. */
static void trim(const char *text, size_t *from, size_t *to)
{
    while (*from < *to && g_ascii_isspace(text[*from]))
        ++*from;
    while (*to > *from && g_ascii_isspace(text[*to - 1]))
        --*to;
}

/* False when the rest of the spec is not to be read. */
static bool read_field(struct dom_build *b, const struct spec_style *style,
                       const struct cfg_node *node, size_t from, size_t to,
                       void *device)
{
    const char *text = node->text;
    const char *eq = memchr(text + from, '=', to - from);
    size_t key_to = eq ? (size_t)(eq - text) : to;
    size_t value_at = eq ? key_to + 1 : to, key_from = from, value_to = to;

    if (eq && style->cut)
        value_to = value_at + strcspn(text + value_at, ",=");
    if (style->trim) {
        trim(text, &key_from, &key_to);
        trim(text, &value_at, &value_to);
    }
    if (style->filled && (key_from == key_to || value_at == value_to))
        eq = NULL;
    g_autofree char *key = g_strndup(text + key_from, key_to - key_from);
    g_autofree char *value =
        eq ? g_strndup(text + value_at, value_to - value_at) : NULL;
    struct spec_field f = { node, from, to - from, value_at, key, value };
    const struct spec_key *row = find_key(style, &f);
    if (row)
        set_field(b, row, &f, device);
    else
        report_unknown(b, style, &f);
    return row || f.value || !style->bare_ends;
}

/* End of the field that begins at text[at]. */
static size_t field_end(const struct spec_style *style, const char *text,
                        size_t at)
{
    size_t to = at + strcspn(text + at, ",");

    while (style->commas && text[to]) {
        size_t next = to + 1 + strcspn(text + to + 1, ",=");
        if (text[next] == '=' || next == to + 1)
            break;
        to = next;
    }
    return to;
}

void spec_read_from(struct dom_build *b, const struct spec_style *style,
                    const struct cfg_node *node, size_t at, void *device)
{
    const char *text = node->text;

    while (text[at]) {
        size_t to = field_end(style, text, at);
        /* blanks alone are a word without letters, nothing at all is none */
        bool is_field = at < to;
        while (text[at] == ' ')
            at++;
        if (is_field && !read_field(b, style, node, at, to, device))
            return;
        at = text[to] ? to + 1 : to;
    }
}

void spec_read(struct dom_build *b, const struct spec_style *style,
               const struct cfg_node *node, void *device)
{
    spec_read_from(b, style, node, 0, device);
}

void spec_each(struct dom_build *b, const char *name,
               void (*set)(struct dom_build *b, const struct cfg_node *item))
{
    const struct cfg_setting *list = value_list(b, name);
    const struct cfg_node *item;

    for (unsigned i = 0; list && (item = value_item(b, list, i)); i++)
        set(b, item);
}
