/* How commands fail: one sentence, or the fault of a call with its parameters
 * by name. */
#include <stdarg.h>
#include <string.h>

#include "cli/internal.h"

/* Codes with their parameters' names; sorted in no way. */
static const struct row {
    const char *code, *params, *words;
} rows[] = {
#define ERROR(code, params, words) { code, params, words },
#include "cli/errors.def"
#undef ERROR
};

static const struct row *row_find(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].code, code))
            return &rows[i];
    return NULL;
}

const char *cli_error_words(const char *code)
{
    const struct row *r = row_find(code);
    return r ? r->words : NULL;
}

const char *cli_error_params(const char *code)
{
    const struct row *r = row_find(code);
    return r ? r->params : NULL;
}

int cli_fail(struct cli *c, const char *fmt, ...)
{
    va_list ap;
    if (c->message || c->fault.code)
        return -1; /* the first cause counts */
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    c->message = g_strdup_printf("Error: %s\n", text);
    return -1;
}

int cli_fail_api(struct cli *c, const char *code, ...)
{
    va_list ap;
    if (c->message || c->fault.code)
        return -1;
    fault_set(&c->fault, code, NULL);
    va_start(ap, code);
    for (const char *p; (p = va_arg(ap, const char *));)
        fault_add(&c->fault, p);
    va_end(ap);
    return -1;
}

/* A reference is shown as "uuid (name-label)"; other texts as they are. */
static void put_param(GString *out, const struct snapshot *s, const char *text)
{
    const struct record *r = g_str_has_prefix(text, "OpaqueRef:")
                                 ? snapshot_find_any(s, text)
                                 : NULL;
    const struct class *k = r ? record_class(r) : NULL;
    if (!k || !k->uuid) {
        g_string_append(out, text);
        return;
    }
    g_string_append(out, record_str(r, k->uuid->id));
    if (k->name_label)
        g_string_append_printf(out, " (%s)", record_str(r, k->name_label->id));
}

/* "power-state words" -> lines; too few values and too many are marked. */
static void put_params(GString *out, struct cli *c, const char *names)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_auto(GStrv) list = g_strsplit(names, ", ", -1);
    guint n = c->fault.params ? c->fault.params->len : 0;
    guint named = g_strv_length(list);
    for (guint i = 0; i < MAX(n, named); i++) {
        g_string_append_printf(out, "%s: ", i < named ? list[i] : "<extra>");
        if (i < n)
            put_param(out, s, c->fault.params->pdata[i]);
        else
            g_string_append(out, "<unknown>");
        g_string_append_c(out, '\n');
    }
}

/* Codes without words of their own: the code in plain letters. */
static char *plain_words(const char *code)
{
    char *text = g_ascii_strdown(code, -1);
    g_strdelimit(text, "_", ' ');
    text[0] = g_ascii_toupper(text[0]);
    return text;
}

static char *fault_lines(struct cli *c)
{
    GString *out = g_string_new(NULL);
    const struct row *r = row_find(c->fault.code);
    g_autofree char *plain = plain_words(c->fault.code);
    g_string_append_printf(out, "%s\n", r && r->words ? r->words : plain);
    put_params(out, c, r ? r->params : "");
    return g_string_free(out, FALSE);
}

char *cli_take_error(struct cli *c)
{
    char *text = g_steal_pointer(&c->message);
    if (!text && c->fault.code)
        text = fault_lines(c);
    fault_dispose(&c->fault);
    return text ? text : g_strdup("Error: the command failed\n");
}
