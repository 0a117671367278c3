/* The frame of the screen: host above, keys below, a page between (way C,
 * before the screen). Pure. */
#include "top/view.h"

#include <inttypes.h>
#include <time.h>

enum { BAR = 16, PCPU_BAR = 8, PCPUS_A_LINE = 4 };

static void clock_line(struct page *p, const struct ui *ui,
                       const struct host *h)
{
    char text[32];
    time_t t = (time_t)(h->time_ns / 1000000000);
    struct tm tm;
    strftime(text, sizeof text, "%H:%M:%S", localtime_r(&t, &tm));
    page_line(p);
    page_printf(p, STYLE_BOLD, "xentop - %s", text);
    page_printf(p, STYLE_PLAIN, "   Xen %s",
                h->xen_version ? h->xen_version : "?");
    page_printf(p, STYLE_PLAIN, "   %s", h->hostname ? h->hostname : "");
    page_printf(p, STYLE_DIM, "   every %g s, by %s%s", ui->o.delay,
                columns[ui->o.sort].head, ui->o.reverse ? " reversed" : "");
    if (*ui->filter)
        page_printf(p, STYLE_WARN, ", only \"%s\"", ui->filter);
}

static void count_line(struct page *p, const struct sample *s)
{
    static const char *const words[6] = { "dying",   "shutdown", "blocked",
                                          "crashed", "paused",   "running" };
    static const int order[6] = { 5, 2, 4, 3, 0, 1 };
    static const enum style styles[6] = { STYLE_WARN, STYLE_WARN, STYLE_PLAIN,
                                          STYLE_BAD,  STYLE_WARN, STYLE_GOOD };
    unsigned n[6] = { 0 };
    for (guint i = 0; i < s->domains->len; i++) {
        char letters[7];
        column_state(sample_domain(s, i), letters);
        for (int k = 0; k < 6; k++)
            n[k] += letters[k] != '-';
    }
    page_line(p);
    page_printf(p, STYLE_BOLD, "%u domains: ", s->domains->len);
    for (int i = 0; i < 6; i++) {
        int k = order[i];
        page_printf(p, n[k] ? styles[k] : STYLE_PLAIN, "%u %s", n[k], words[k]);
        page_text(p, STYLE_PLAIN, i < 5 ? ", " : "");
    }
}

static void memory_line(struct page *p, const struct host *h)
{
    page_line(p);
    page_printf(p, STYLE_PLAIN,
                "Mem: %" PRIu64 "k total, %" PRIu64 "k used, %" PRIu64
                "k free    CPUs: %" PRIu64 " @ %" PRIu64 "MHz",
                h->total_bytes / 1024, (h->total_bytes - h->free_bytes) / 1024,
                h->free_bytes / 1024, h->cpus, h->cpu_khz / 1000);
}

static void bar_line(struct page *p, const struct view_input *in)
{
    const struct host *h = &in->sample->host;
    double used = h->total_bytes
                      ? 100.0 * (double)(h->total_bytes - h->free_bytes) /
                            (double)h->total_bytes
                      : 0;
    page_line(p);
    page_bar(p, "CPU ", in->rates->host_cpu, BAR);
    page_bar(p, "   Mem ", used, BAR);
    if (in->rates->dom0_steal >= 0)
        page_printf(p, STYLE_DIM, "  Dom0 steal %.1f%%", in->rates->dom0_steal);
}

static void pcpu_lines(struct page *p, const struct view_input *in)
{
    const struct sample *s = in->sample;
    for (guint i = 0; i < s->pcpus->len; i++) {
        char label[16];
        g_snprintf(label, sizeof label, "%s%2" PRIu64 " ",
                   i % PCPUS_A_LINE ? "  " : "",
                   g_array_index(s->pcpus, struct pcpu, i).id);
        if (i % PCPUS_A_LINE == 0)
            page_line(p);
        page_bar(p, label, rate_pcpu(in->rates, i), PCPU_BAR);
    }
}

void view_host(struct page *p, const struct ui *ui, const struct view_input *in)
{
    clock_line(p, ui, &in->sample->host);
    count_line(p, in->sample);
    memory_line(p, &in->sample->host);
    bar_line(p, in);
    if (ui->o.pcpus)
        pcpu_lines(p, in);
}

/* Each word with its key in bold. */
static void keys_line(struct page *p, const struct ui *ui)
{
    static const char *const table[] = { "?Help",  "Delay",   "Networks",
                                         "Bdisks", "VCPUs",   "PCPUs",
                                         "Sort",   "/Filter", "Quit" };
    static const char *const other[] = { "?Help", "Quit this page" };
    bool on_table = ui->page == UI_TABLE;
    guint n = on_table ? G_N_ELEMENTS(table) : G_N_ELEMENTS(other);
    page_line(p);
    if (on_table)
        page_text(p, STYLE_DIM, "Enter: detail");
    for (guint i = 0; i < n; i++) {
        const char *word = on_table ? table[i] : other[i];
        page_printf(p, STYLE_BOLD, " %c", word[0]);
        page_printf(p, STYLE_PLAIN, "%s ", word + 1);
    }
}

static void bottom(struct page *p, const struct ui *ui,
                   const struct view_input *in)
{
    page_line(p);
    switch (ui->prompt) {
    case PROMPT_DELAY:
        page_printf(p, STYLE_BOLD, "Delay(sec): %s_", ui->typed);
        return;
    case PROMPT_FILTER:
        page_printf(p, STYLE_BOLD, "Show only (empty: all): %s_", ui->typed);
        return;
    case PROMPT_NONE:
        break;
    }
    if (in->message)
        page_text(p, STYLE_BAD, in->message);
    else if (in->sample->host.xenstore_down)
        page_text(p, STYLE_BAD,
                  "XenStore does not answer: names and devices are missing "
                  "or old");
    keys_line(p, ui);
}

/* Cuts the lines from `first` on to `height` of them, from `*scroll` on. */
static void scroll(struct page *p, guint first, guint height, guint *at)
{
    guint n = p->lines->len - first;
    guint max = n > height ? n - height : 0;
    *at = MIN(*at, max);
    page_remove(p, first, *at);
    page_remove(p, first + height, G_MAXUINT);
}

static void fill(struct page *p, guint height)
{
    while (p->lines->len < height)
        page_line(p);
}

static void detail(struct page *p, const struct ui *ui, GArray *rows)
{
    guint at = ui_selected(ui, rows);
    const struct row *r =
        rows->len ? &g_array_index(rows, struct row, at) : NULL;
    if (r && (int64_t)r->domain->id == ui->selected) {
        view_detail(p, r);
        return;
    }
    page_line(p);
    page_printf(p, STYLE_WARN, "Domain %" PRId64 " is no longer there.",
                ui->selected);
}

static void body(struct page *p, struct ui *ui, const struct view_input *in,
                 guint height)
{
    switch (ui->page) {
    case UI_TABLE:
        view_table(p, ui, in, height);
        break;
    case UI_DETAIL:
        detail(p, ui, in->rows);
        break;
    case UI_HELP:
        view_help(p);
        break;
    case UI_SORT:
        view_sort(p, ui, height);
        break;
    }
}

void view_render(struct page *p, struct ui *ui, const struct view_input *in,
                 struct ui_shown *shown)
{
    const guint below = 2;
    if (ui->page == UI_TABLE || ui->page == UI_DETAIL)
        view_host(p, ui, in);
    guint height = (guint)MAX(p->height, 3);
    /* On a terminal of a few lines the domains matter more than the host. */
    if (p->lines->len + below + 3 > height)
        page_remove(p, 1, G_MAXUINT);
    guint first = p->lines->len;
    guint room = height > first + below ? height - first - below : 1;
    *shown = (struct ui_shown){ .rows = in->rows, .body = room };
    body(p, ui, in, room);
    if (ui->page != UI_TABLE)
        scroll(p, first, room, &ui->scroll);
    fill(p, height - below);
    bottom(p, ui, in);
    fill(p, height);
    page_remove(p, height, G_MAXUINT);
}
