/* Diagnostics: collected while a text is read, sorted by place, shown with the
 * source line and a marker (way A). */
#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

struct diag_source {
    char *name, *text;
    size_t len;
};

static const char *const severity_names[] = { "note", "warning", "error" };

static void diag_free(void *p)
{
    struct diag *item = p;
    g_free(item->message);
    g_free(item->hint);
    g_free(item);
}

static void source_free(void *p)
{
    struct diag_source *source = p;
    g_free(source->name);
    g_free(source->text);
    g_free(source);
}

const char *diags_add_source(struct diags *d, const char *name,
                             const char *text, size_t len,
                             const char **text_out)
{
    struct diag_source *source = g_new0(struct diag_source, 1);
    source->name = g_strdup(name);
    source->text = g_malloc(len + 1);
    if (len)
        memcpy(source->text, text, len);
    source->text[len] = '\0';
    source->len = len;
    if (!d->sources)
        d->sources = g_ptr_array_new_with_free_func(source_free);
    g_ptr_array_add(d->sources, source);
    if (text_out)
        *text_out = source->text;
    return source->name;
}

struct diag_lines {
    const char *file;
    unsigned first, last;
};

void diags_mute(struct diags *d, const char *file, unsigned first,
                unsigned last)
{
    const struct diag_lines lines = { file, first, last };
    if (!d->muted)
        d->muted = g_array_new(FALSE, FALSE, sizeof(lines));
    g_array_append_val(d->muted, lines);
}

static bool is_muted(const struct diags *d, const struct diag_pos *pos)
{
    for (guint i = 0; d->muted && i < d->muted->len; i++) {
        const struct diag_lines *lines =
            &g_array_index(d->muted, struct diag_lines, i);
        if (!lines->file ||
            (lines->file == pos->file && pos->line >= lines->first &&
             pos->line <= lines->last))
            return true;
    }
    return false;
}

void diag_take(struct diags *d, enum diag_severity severity, const char *id,
               struct diag_pos pos, char *message, char *hint)
{
    if (is_muted(d, &pos)) {
        g_free(message);
        g_free(hint);
        return;
    }
    struct diag *item = g_new0(struct diag, 1);
    *item = (struct diag){ severity, pos, message, hint, id };
    if (!d->items)
        d->items = g_ptr_array_new_with_free_func(diag_free);
    g_ptr_array_add(d->items, item);
}

void diag_add(struct diags *d, enum diag_severity severity, const char *id,
              struct diag_pos pos, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    diag_take(d, severity, id, pos, g_strdup_vprintf(fmt, ap), NULL);
    va_end(ap);
}

unsigned diags_count(const struct diags *d, enum diag_severity at_least)
{
    unsigned n = 0;
    for (guint i = 0; d->items && i < d->items->len; i++) {
        const struct diag *item = d->items->pdata[i];
        n += item->severity >= at_least;
    }
    return n;
}

void diags_dispose(struct diags *d)
{
    if (d->items)
        g_ptr_array_unref(d->items);
    if (d->sources)
        g_ptr_array_unref(d->sources);
    if (d->muted)
        g_array_unref(d->muted);
    *d = (struct diags){ 0 };
}

/* --- order ------------------------------------------------------------- */

static guint source_index(const struct diags *d, const char *file)
{
    for (guint i = 0; d->sources && i < d->sources->len; i++) {
        const struct diag_source *source = d->sources->pdata[i];
        if (source->name == file)
            return i;
    }
    return G_MAXUINT;
}

static int compare(const void *a, const void *b, void *data)
{
    const struct diag *x = *(struct diag *const *)a;
    const struct diag *y = *(struct diag *const *)b;
    guint sx = source_index(data, x->pos.file);
    guint sy = source_index(data, y->pos.file);
    if (sx != sy)
        return sx < sy ? -1 : 1;
    if (x->pos.line != y->pos.line)
        return x->pos.line < y->pos.line ? -1 : 1;
    if (x->pos.column != y->pos.column)
        return x->pos.column < y->pos.column ? -1 : 1;
    return 0;
}

/* A sorted copy of the list; the sort is stable. */
static GPtrArray *sorted(const struct diags *d)
{
    GPtrArray *items = g_ptr_array_new();
    for (guint i = 0; d->items && i < d->items->len; i++)
        g_ptr_array_add(items, d->items->pdata[i]);
    g_ptr_array_sort_with_data(items, compare, (void *)d);
    return items;
}

/* --- text -------------------------------------------------------------- */

/* Code points that would move the cursor or turn the writing direction. */
static bool is_unsafe(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Appends the character at p in a form a terminal can show; returns its bytes
 * in the source and adds its width on the screen to *width. */
static size_t render_char(GString *out, const char *p, size_t len,
                          unsigned *width)
{
    gunichar c = g_utf8_get_char_validated(p, (gssize)len);
    if (*p == '\t') {
        unsigned blanks = 8 - *width % 8;
        *width += blanks;
        g_string_append_printf(out, "%*s", (int)blanks, "");
        return 1;
    }
    if (c == 0 || c >= (gunichar)-2 || is_unsafe(c)) {
        bool known = c && c < (gunichar)-2 && c > 0xff;
        gsize before = out->len;
        if (known)
            g_string_append_printf(out, "\\u%04X", c);
        else
            g_string_append_printf(out, "\\x%02X", (unsigned char)*p);
        *width += (unsigned)(out->len - before);
        return known ? (size_t)g_unichar_to_utf8(c, NULL) : 1;
    }
    size_t n = (size_t)g_unichar_to_utf8(c, NULL);
    g_string_append_len(out, p, (gssize)n);
    *width += g_unichar_iswide(c) ? 2 : !g_unichar_iszerowidth(c);
    return n;
}

static void print_safe(FILE *f, const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    size_t len = strlen(text);
    unsigned width = 0;
    for (size_t i = 0; i < len;)
        i += render_char(out, text + i, len - i, &width);
    fputs(out->str, f);
}

/* Where the last line was found: findings come sorted, so each text is walked
 * once. */
struct cursor {
    const char *file, *p;
    unsigned line;
};

static bool go_to_line(const struct diag_source *source, struct cursor *at,
                       unsigned line)
{
    const char *end = source->text + source->len;
    if (at->file != source->name || at->line > line)
        *at = (struct cursor){ source->name, source->text, 1 };
    for (; at->line < line; at->line++) {
        const char *newline = memchr(at->p, '\n', (size_t)(end - at->p));
        if (!newline)
            return false;
        at->p = newline + 1;
    }
    return true;
}

/* The source line, without its end; NULL when it is not known. */
static const char *find_line(const struct diags *d, const struct diag_pos *pos,
                             struct cursor *at, size_t *len_out)
{
    guint i = source_index(d, pos->file);
    if (i == G_MAXUINT || !pos->line)
        return NULL;
    const struct diag_source *source = d->sources->pdata[i];
    if (!go_to_line(source, at, pos->line))
        return NULL;
    size_t left = (size_t)(source->text + source->len - at->p);
    const char *stop = memchr(at->p, '\n', left);
    stop = stop ? stop : at->p + left;
    if (stop > at->p && stop[-1] == '\r')
        stop--;
    *len_out = (size_t)(stop - at->p);
    return at->p;
}

enum { BEFORE = 60, AFTER = 60 }; /* bytes of a long line around its marker */

/* Start of the part that is shown, never inside a UTF-8 sequence. */
static size_t window_start(const char *line, size_t at)
{
    size_t from = at > BEFORE ? at - BEFORE : 0;
    while (from && from < at && (line[from] & 0xc0) == 0x80)
        from++;
    return from;
}

static void print_line(FILE *f, const struct diags *d,
                       const struct diag_pos *pos, struct cursor *cursor)
{
    size_t len;
    const char *line = find_line(d, pos, cursor, &len);
    if (!line || !pos->column)
        return;
    size_t at = MIN(pos->column - 1, len);
    size_t stop = at + MAX(pos->length, 1);
    size_t from = window_start(line, at), to = MIN(len, stop + AFTER);
    to = MIN(to, at + BEFORE + 2 * AFTER);
    g_autoptr(GString) out = g_string_new(from ? "..." : "");
    unsigned width = from ? 3 : 0, start = width, end = 0;
    for (size_t i = from; i < to;) {
        if (i == at)
            start = width;
        i += render_char(out, line + i, to - i, &width);
        if (i <= stop)
            end = width;
    }
    if (at >= to)
        start = width;
    fprintf(f, "    %s%s\n    %*s^", out->str, to < len ? "..." : "",
            (int)start, "");
    for (unsigned i = start + 1; i < end; i++)
        fputc('~', f);
    fputc('\n', f);
}

static void print_place(FILE *f, const struct diag_pos *pos)
{
    if (!pos->file)
        return;
    print_safe(f, pos->file);
    if (pos->line)
        fprintf(f, ":%u", pos->line);
    if (pos->line && pos->column)
        fprintf(f, ":%u", pos->column);
    fputs(": ", f);
}

void diags_print(FILE *f, const struct diags *d, enum diag_severity at_least)
{
    g_autoptr(GPtrArray) items = sorted(d);
    struct cursor cursor = { 0 };
    for (guint i = 0; i < items->len; i++) {
        const struct diag *item = items->pdata[i];
        if (item->severity < at_least)
            continue;
        print_place(f, &item->pos);
        fprintf(f, "%s: ", severity_names[item->severity]);
        print_safe(f, item->message);
        fputc('\n', f);
        print_line(f, d, &item->pos, &cursor);
        if (item->hint) {
            fputs("  hint: ", f);
            print_safe(f, item->hint);
            fputc('\n', f);
        }
    }
}

struct value *diags_to_value(const struct diags *d)
{
    g_autoptr(GPtrArray) items = sorted(d);
    struct value *array = value_array();
    for (guint i = 0; i < items->len; i++) {
        const struct diag *item = items->pdata[i];
        struct value *o = value_object();
        value_set(o, "file", value_string(item->pos.file));
        value_set(o, "line", value_int(item->pos.line));
        value_set(o, "column", value_int(item->pos.column));
        value_set(o, "length", value_int(item->pos.length));
        value_set(o, "severity", value_string(severity_names[item->severity]));
        value_set(o, "id", value_string(item->id));
        value_set(o, "message", value_string(item->message));
        value_set(o, "hint", value_string(item->hint));
        value_push(array, o);
    }
    return array;
}

/* --- did you mean ------------------------------------------------------- */

enum { WORD_MAX = 64 };

static int fold(char c)
{
    return c == '-' ? '_' : g_ascii_tolower(c);
}

/* Edits (insert, drop, replace, swap of neighbours) between two short words. */
static unsigned distance(const char *a, size_t la, const char *b, size_t lb)
{
    unsigned d[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= la; i++)
        d[i][0] = (unsigned)i;
    for (size_t j = 0; j <= lb; j++)
        d[0][j] = (unsigned)j;
    for (size_t i = 1; i <= la; i++) {
        for (size_t j = 1; j <= lb; j++) {
            bool same = fold(a[i - 1]) == fold(b[j - 1]);
            unsigned best = d[i - 1][j - 1] + !same;
            best = MIN(best, d[i - 1][j] + 1);
            best = MIN(best, d[i][j - 1] + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]))
                best = MIN(best, d[i - 2][j - 2] + 1);
            d[i][j] = best;
        }
    }
    return d[la][lb];
}

const char *diag_nearest(const char *text, const char *const *words)
{
    size_t len = strlen(text);
    if (len < 2 || len > WORD_MAX)
        return NULL;
    /* one edit for each three letters begun, but never half of the word */
    unsigned limit = MIN((unsigned)(len + 2) / 3, 3);
    if (limit * 2 > len)
        limit--;
    const char *best = NULL;
    for (; *words; words++) {
        size_t n = strlen(*words);
        if (n > WORD_MAX || n > len + limit || n + limit < len)
            continue;
        unsigned edits = distance(text, len, *words, n);
        if (edits > limit || (best && edits == limit))
            continue;
        best = *words;
        limit = edits;
    }
    return best;
}
