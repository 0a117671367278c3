/* Styled lines that fit a terminal (way C, before the screen). Pure. */
#include "top/page.h"

#include <string.h>

#include "top/safe.h"

static void span_clear(gpointer data)
{
    g_free(((struct span *)data)->text);
}

struct page *page_new(int width, int height)
{
    struct page *p = g_new0(struct page, 1);
    p->lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    p->width = width;
    p->height = height;
    return p;
}

void page_free(struct page *p)
{
    if (!p)
        return;
    g_ptr_array_unref(p->lines);
    g_free(p);
}

void page_line(struct page *p)
{
    GArray *line = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_array_set_clear_func(line, span_clear);
    g_ptr_array_add(p->lines, line);
}

static GArray *last(const struct page *p)
{
    return p->lines->pdata[p->lines->len - 1];
}

static int char_cells(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

int page_cells(const char *text)
{
    int cells = 0;
    for (; *text; text = g_utf8_next_char(text))
        cells += char_cells(g_utf8_get_char(text));
    return cells;
}

/* Bytes of the longest start of text that takes at most `cells`. */
static gsize fitting(const char *text, int cells)
{
    const char *p = text;
    while (*p) {
        cells -= char_cells(g_utf8_get_char(p));
        if (cells < 0)
            break;
        p = g_utf8_next_char(p);
    }
    return (gsize)(p - text);
}

static int used(const struct page *p)
{
    int cells = 0;
    const GArray *line = last(p);
    for (guint i = 0; i < line->len; i++)
        cells += page_cells(g_array_index(line, struct span, i).text);
    return cells;
}

static void append(struct page *p, enum style style, const char *safe)
{
    int left = p->width - used(p);
    struct span s = { g_strndup(safe, fitting(safe, MAX(left, 0))), style };
    if (*s.text)
        g_array_append_val(last(p), s);
    else
        g_free(s.text);
}

void page_text(struct page *p, enum style style, const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);
    safe_append(safe, text);
    append(p, style, safe->str);
}

void page_printf(struct page *p, enum style style, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    page_text(p, style, text);
}

void page_field(struct page *p, enum style style, const char *text, int cells)
{
    bool right = cells < 0;
    g_autoptr(GString) safe = g_string_new(NULL);
    safe_append(safe, text);
    cells = ABS(cells);
    g_string_truncate(safe, fitting(safe->str, cells));
    int missing = cells - page_cells(safe->str);
    g_autofree char *blanks = g_strnfill((gsize)missing, ' ');
    if (right)
        g_string_prepend(safe, blanks);
    else
        g_string_append(safe, blanks);
    append(p, style, safe->str);
}

void page_bar(struct page *p, const char *label, double percent, int cells)
{
    double part = CLAMP(percent, 0, 100);
    int full = (int)(part * cells / 100 + 0.5);
    enum style style = part < 60   ? STYLE_GOOD
                       : part < 85 ? STYLE_WARN
                                   : STYLE_BAD;
    g_autofree char *bar = g_strnfill((gsize)full, '|');
    g_autofree char *rest = g_strnfill((gsize)(cells - full), ' ');
    page_printf(p, STYLE_DIM, "%s[", label);
    page_text(p, style, bar);
    page_text(p, STYLE_PLAIN, rest);
    page_printf(p, STYLE_DIM, "] ");
    page_printf(p, STYLE_PLAIN, "%5.1f%%", percent);
}

void page_paint(struct page *p, enum style style)
{
    g_autofree char *blanks = g_strnfill((gsize)MAX(p->width, 0), ' ');
    append(p, style, blanks);
    GArray *line = last(p);
    for (guint i = 0; i < line->len; i++)
        g_array_index(line, struct span, i).style = style;
}

void page_remove(struct page *p, guint first, guint count)
{
    if (first >= p->lines->len)
        return;
    g_ptr_array_remove_range(p->lines, first,
                             MIN(count, p->lines->len - first));
}

char *page_to_text(const struct page *p)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < p->lines->len; i++) {
        const GArray *line = p->lines->pdata[i];
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint k = 0; k < line->len; k++)
            g_string_append(text, g_array_index(line, struct span, k).text);
        g_string_append_printf(out, "%s\n", g_strchomp(text->str));
    }
    return g_string_free(out, FALSE);
}
