/* The pages of the screen, made of a sample and of what the user chose. Pure.
 */
#ifndef TOP_VIEW_H
#define TOP_VIEW_H

#include "top/page.h"
#include "top/ui.h"

struct view_input {
    const struct sample *sample;
    const struct rates *rates;
    GArray *rows;        /* sorted and filtered */
    const char *message; /* said in the line above the keys, or NULL */
};

/* Makes the whole page, of at most `p->height` lines, and tells in `shown` what
 * the keys need (rows are borrowed). Keeps ui->top and ui->scroll in range. */
void view_render(struct page *p, struct ui *ui, const struct view_input *in,
                 struct ui_shown *shown);

/* The parts; each appends lines. */
void view_host(struct page *p, const struct ui *ui,
               const struct view_input *in);
void view_table(struct page *p, struct ui *ui, const struct view_input *in,
                guint height);
void view_detail(struct page *p, const struct row *r);
void view_help(struct page *p);
/* The menu of sort keys; keeps the chosen one among `height` lines. */
void view_sort(struct page *p, struct ui *ui, guint height);

#endif
