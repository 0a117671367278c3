/* A page of styled lines: what a screen shows, before curses. Pure. */
#ifndef TOP_PAGE_H
#define TOP_PAGE_H

#include <glib.h>
#include <stdbool.h>

enum style {
    STYLE_PLAIN,
    STYLE_BOLD,     /* what the eye should find first */
    STYLE_DIM,      /* labels */
    STYLE_HEAD,     /* header of a table */
    STYLE_SORTED,   /* header of the column that is sorted by */
    STYLE_SELECTED, /* the line that keys act on */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_COUNT
};

/* Text in one style. */
struct span {
    char *text;
    enum style style;
};

struct page {
    GPtrArray *lines; /* GArray of struct span */
    int width, height;
};

struct page *page_new(int width, int height);
void page_free(struct page *p); /* NULL is fine */
static inline void page_cleanup(struct page **p)
{
    page_free(*p);
}
#define PAGE_AUTO __attribute__((cleanup(page_cleanup))) struct page

/* Starts a line; the calls below append to the last one. Lines below the
 * height are kept: the caller scrolls. */
void page_line(struct page *p);
/* Text that came from outside is made harmless; what is beyond the width is
 * cut. */
void page_text(struct page *p, enum style style, const char *text);
void page_printf(struct page *p, enum style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Text in exactly `cells` cells of the terminal, cut or filled with blanks; at
 * the right end with cells < 0. */
void page_field(struct page *p, enum style style, const char *text, int cells);
/* A label and a bar of `cells` cells for 0..100 percent, and the number. */
void page_bar(struct page *p, const char *label, double percent, int cells);
/* The last line in one style, filled to the page's width. */
void page_paint(struct page *p, enum style style);
/* Cells that text takes on a terminal. */
int page_cells(const char *text);
/* Removes lines [first, first + count). */
void page_remove(struct page *p, guint first, guint count);
/* The lines as text with newlines, without blanks at their ends: for tests. */
char *page_to_text(const struct page *p);

#endif
