/* What commands print: lines, records in xe's layout, and --minimal. */
#include <stdarg.h>
#include <string.h>

#include "cli/internal.h"

static void send_text(struct cli *c, enum thin_tag tag, const char *text)
{
    struct thin_message m = { .tag = tag, .text = (char *)text };
    cli_send(c, &m);
}

char *cli_minimal_escape(const char *text)
{
    GString *s = g_string_new(NULL);
    for (; *text; text++) {
        if (strchr(",\\", *text))
            g_string_append_c(s, '\\');
        g_string_append_c(s, *text);
    }
    return g_string_free(s, FALSE);
}

void cli_print(struct cli *c, const char *text)
{
    if (c->minimal)
        g_ptr_array_add(c->items, g_strdup(text));
    else
        send_text(c, THIN_PRINT, text);
}

void cli_printf(struct cli *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    cli_print(c, text);
}

void cli_stderr(struct cli *c, const char *text)
{
    send_text(c, THIN_PRINT_STDERR, text);
}

static void cell_clear(void *p)
{
    struct cli_cell *cell = p;
    g_free(cell->label);
    g_free(cell->text);
}

GArray *cli_row_new(void)
{
    GArray *row = g_array_new(FALSE, FALSE, sizeof(struct cli_cell));
    g_array_set_clear_func(row, cell_clear);
    return row;
}

void cli_row_add(GArray *row, char *label, char *text)
{
    struct cli_cell cell = { label, text };
    g_array_append_val(row, cell);
}

/* The first label is flush left, the others flush right, in a width of 4 more
 * than the longest; two empty lines end the record. */
static char *row_format(const GArray *row)
{
    GString *s = g_string_new(NULL);
    int width = 0;
    for (guint i = 0; i < row->len; i++) {
        const struct cli_cell *cell = &g_array_index(row, struct cli_cell, i);
        width = MAX(width, (int)strlen(cell->label) + 4);
    }
    for (guint i = 0; i < row->len; i++) {
        const struct cli_cell *cell = &g_array_index(row, struct cli_cell, i);
        g_string_append_printf(s, "%*s: ", i ? width : -width, cell->label);
        g_string_append(s, cell->text);
        g_string_append_c(s, '\n');
    }
    g_string_append_c(s, '\n');
    return g_string_free(s, FALSE);
}

void cli_print_row(struct cli *c, const GArray *row)
{
    if (!row->len)
        return;
    if (c->minimal) {
        const struct cli_cell *first = &g_array_index(row, struct cli_cell, 0);
        g_ptr_array_add(c->items, cli_minimal_escape(first->text));
        return;
    }
    g_autofree char *text = row_format(row);
    send_text(c, THIN_PRINT, text);
}
