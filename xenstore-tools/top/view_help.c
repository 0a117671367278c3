/* The help page and the menu of sort keys: keys and columns (way C, before the
 * screen). Pure. */
#include "top/view.h"

static const struct {
    const char *keys, *what;
} rows[] = {
    { "up down  k j", "select a domain; PgUp PgDn Home End" },
    { "Enter", "all about the selected domain" },
    { "left right", "scroll the columns behind the name" },
    { "S  > <", "sort by the next or the previous column; I reverses" },
    { "O", "sort by a column of a menu of all" },
    { "/", "show only domains whose name, id or uuid has a text" },
    { "D", "time between two samples" },
    { "N  B  V", "lines of each network, disk, VCPU" },
    { "P", "use of each physical CPU" },
    { "F  Z  R", "full names; Domain-0 first; header before each domain" },
    { "C", "colours on and off" },
    { "blank", "sample now" },
    { "?  H", "this page" },
    { "Q  Esc", "leave a page; leave xentop" },
};

static void title(struct page *p, const char *text)
{
    page_line(p);
    page_text(p, STYLE_PLAIN, text);
    page_paint(p, STYLE_HEAD);
}

static void column_lines(struct page *p, int chosen)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        page_line(p);
        page_field(p, STYLE_BOLD, columns[i].head, 16);
        page_text(p, STYLE_PLAIN, columns[i].meaning);
        if (i == chosen)
            page_paint(p, STYLE_SELECTED);
    }
}

void view_sort(struct page *p, struct ui *ui, guint height)
{
    guint line = (guint)ui->choice + 1;
    title(p, "Sort by (Enter: this column)");
    column_lines(p, ui->choice);
    if (line < ui->scroll + 1)
        ui->scroll = line - 1;
    if (line >= ui->scroll + height)
        ui->scroll = line + 1 - height;
}

void view_help(struct page *p)
{
    title(p, "Keys (letters work in both cases)");
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        page_line(p);
        page_field(p, STYLE_BOLD, rows[i].keys, 16);
        page_text(p, STYLE_PLAIN, rows[i].what);
    }
    title(p, "Columns");
    column_lines(p, -1);
}
