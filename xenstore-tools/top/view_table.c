/* The table of domains on the screen (way C, before the screen). Pure. */
#include <inttypes.h>
#include <string.h>

#include "top/safe.h"
#include "top/view.h"

enum { NAME_LEAST = 12, NAME_MOST = 32, USUAL_WIDTH = 80 };

/* The columns that are shown, and their widths. */
struct layout {
    enum column_id column[COLUMN_COUNT];
    int width[COLUMN_COUNT];
    int n;
};

static int longest(GArray *rows, const struct column *c, int least)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int max = least;
    for (guint i = 0; i < rows->len; i++) {
        column_text(text, c, c->get(&g_array_index(rows, struct row, i)));
        max = MAX(max, page_cells(text->str));
    }
    return max;
}

static int column_width(GArray *rows, enum column_id id)
{
    const struct column *c = &columns[id];
    return c->form == FORM_GROW ? longest(rows, c, c->width) : c->width;
}

/* Names get half of what a wide terminal has to spare. */
static int name_width(const struct page *p, const struct ui *ui, GArray *rows)
{
    int want = longest(rows, &columns[COLUMN_NAME], NAME_LEAST);
    int most = ui->o.text.full_name
                   ? MAX(p->width / 2, NAME_LEAST)
                   : NAME_LEAST + MAX(p->width - USUAL_WIDTH, 0);
    if (!ui->o.text.full_name)
        most = MIN(most, NAME_MOST);
    return MIN(want, most);
}

/* Adds a column when it fits. */
static bool add(struct layout *l, const struct page *p, int width,
                enum column_id id)
{
    int used = 0;
    for (int i = 0; i < l->n; i++)
        used += l->width[i] + 1;
    if (l->n && used + width > p->width)
        return false;
    l->column[l->n] = id;
    l->width[l->n++] = width;
    return true;
}

/* The name, with `forward` what is sorted by, and then from left to right what
 * fits. */
static struct layout fit(const struct page *p, const struct ui *ui,
                         GArray *rows, bool forward)
{
    struct layout l = { .n = 0 };
    enum column_id order[COLUMN_COUNT];
    ui_columns(order);
    add(&l, p, name_width(p, ui, rows), COLUMN_NAME);
    if (forward)
        add(&l, p, column_width(rows, ui->o.sort), ui->o.sort);
    for (int i = 1 + ui->left; i < COLUMN_COUNT; i++)
        if (!(forward && order[i] == ui->o.sort) &&
            !add(&l, p, column_width(rows, order[i]), order[i]))
            break;
    return l;
}

/* What is sorted by is always shown. */
static struct layout lay_out(const struct page *p, const struct ui *ui,
                             GArray *rows)
{
    struct layout l = fit(p, ui, rows, false);
    for (int i = 0; i < l.n; i++)
        if (l.column[i] == ui->o.sort)
            return l;
    return fit(p, ui, rows, true);
}

static void header(struct page *p, const struct ui *ui, const struct layout *l)
{
    page_line(p);
    for (int i = 0; i < l->n; i++) {
        const struct column *c = &columns[l->column[i]];
        bool name = l->column[i] == COLUMN_NAME;
        if (i)
            page_text(p, STYLE_HEAD, " ");
        page_field(p, l->column[i] == ui->o.sort ? STYLE_SORTED : STYLE_HEAD,
                   c->head, name ? l->width[i] : -l->width[i]);
    }
    int end = p->width;
    page_field(p, STYLE_HEAD, "", end);
}

static enum style state_style(const struct domain *d)
{
    if (d->crashed || d->dying)
        return STYLE_BAD;
    if (d->paused || d->shutdown)
        return STYLE_WARN;
    return d->running ? STYLE_GOOD : STYLE_PLAIN;
}

static enum style cell_style(const struct row *r, enum column_id id)
{
    double all = 100.0 * (double)r->domain->vcpus_max;
    switch (id) {
    case COLUMN_NAME:
        return STYLE_BOLD;
    case COLUMN_STATE:
        return state_style(r->domain);
    case COLUMN_CPU_PCT:
        return r->rate->cpu > 0.9 * all   ? STYLE_BAD
               : r->rate->cpu > 0.6 * all ? STYLE_WARN
                                          : STYLE_PLAIN;
    default:
        return STYLE_PLAIN;
    }
}

static void row_line(struct page *p, const struct row *r,
                     const struct layout *l, bool selected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    page_line(p);
    for (int i = 0; i < l->n; i++) {
        const struct column *c = &columns[l->column[i]];
        bool name = l->column[i] == COLUMN_NAME;
        column_text(text, c, c->get(r));
        if (i)
            page_text(p, STYLE_PLAIN, " ");
        page_field(p, cell_style(r, l->column[i]), text->str,
                   name ? l->width[i] : -l->width[i]);
    }
    if (selected)
        page_paint(p, STYLE_SELECTED);
}

/* A blank where there were several. */
static void squeeze(char *text)
{
    char *to = text;
    for (const char *p = text; *p; p++)
        if (*p != ' ' || p == text || p[-1] != ' ')
            *to++ = *p;
    *to = '\0';
}

static void more_lines(struct page *p, const struct ui *ui, const struct row *r)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (ui->o.text.vcpus)
        text_vcpus(text, r);
    if (ui->o.text.nets)
        text_nets(text, r);
    if (ui->o.text.vbds)
        text_vbds(text, r);
    if (!text->len)
        return;
    g_string_truncate(text, text->len - 1);
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (page_cells(*line) + 2 > p->width)
            squeeze(*line);
        page_line(p);
        page_printf(p, STYLE_DIM, "  %s", *line);
    }
}

/* Scrolls so that the selected row (first line, and as much of what follows as
 * fits) is on the page. */
static void follow(struct ui *ui, guint from, guint to, guint room)
{
    if (!ui->follow)
        return;
    if (to > ui->top + room)
        ui->top = to - room;
    if (from < ui->top)
        ui->top = from;
}

void view_table(struct page *p, struct ui *ui, const struct view_input *in,
                guint height)
{
    struct layout l = lay_out(p, ui, in->rows);
    guint selected = ui_selected(ui, in->rows), from = 0, to = 0;
    bool once = !ui->o.text.repeat_header;
    if (once)
        header(p, ui, &l);
    guint first = p->lines->len;
    guint room = height > once ? height - once : 1;
    for (guint i = 0; i < in->rows->len; i++) {
        const struct row *r = &g_array_index(in->rows, struct row, i);
        if (i == selected)
            from = p->lines->len - first;
        if (!once)
            header(p, ui, &l);
        row_line(p, r, &l, i == selected);
        more_lines(p, ui, r);
        if (i == selected)
            to = p->lines->len - first;
    }
    follow(ui, from, to, room);
    guint n = p->lines->len - first;
    ui->top = MIN(ui->top, n > room ? n - room : 0);
    page_remove(p, first, ui->top);
    page_remove(p, first + room, G_MAXUINT);
    if (!in->rows->len) {
        page_line(p);
        page_text(p, STYLE_WARN,
                  *ui->filter ? "No domain's name, id or uuid has the "
                                "text that was asked for."
                              : "There is no domain.");
    }
}
