/* The interactive screen (way C, last arrow): the only user of curses. Keys go
 * to ui.c, pages come from view.c; this file only moves them. */
#define NCURSES_WIDECHAR 1
#include "top/screen.h"

#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <unistd.h>

#include "top/run.h"
#include "top/sampler.h"
#include "top/view.h"

enum { ESCAPE_MS = 25 };

struct screen {
    struct ui ui;
    struct sampler *sampler;
    struct ui_shown shown;
    GArray *no_rows; /* what keys see before the first sample */
    bool colours;
    bool quit;
};

/* Colour pairs, and what stands for each style without colours. */
static const struct {
    short front, back;
    attr_t with, without;
} styles[STYLE_COUNT] = {
    [STYLE_PLAIN] = { -1, -1, A_NORMAL, A_NORMAL },
    [STYLE_BOLD] = { -1, -1, A_BOLD, A_BOLD },
    [STYLE_DIM] = { COLOR_CYAN, -1, A_NORMAL, A_NORMAL },
    [STYLE_HEAD] = { -1, -1, A_REVERSE, A_REVERSE },
    [STYLE_SORTED] = { COLOR_YELLOW, -1, A_REVERSE | A_BOLD,
                       A_REVERSE | A_BOLD | A_UNDERLINE },
    [STYLE_SELECTED] = { COLOR_WHITE, COLOR_BLUE, A_BOLD,
                         A_BOLD | A_UNDERLINE },
    [STYLE_GOOD] = { COLOR_GREEN, -1, A_NORMAL, A_NORMAL },
    [STYLE_WARN] = { COLOR_YELLOW, -1, A_NORMAL, A_BOLD },
    [STYLE_BAD] = { COLOR_RED, -1, A_BOLD, A_BOLD },
};

static const struct {
    int curses;
    unsigned key;
} keys[] = {
    { KEY_UP, UI_KEY_UP },         { KEY_DOWN, UI_KEY_DOWN },
    { KEY_LEFT, UI_KEY_LEFT },     { KEY_RIGHT, UI_KEY_RIGHT },
    { KEY_PPAGE, UI_KEY_PAGE_UP }, { KEY_NPAGE, UI_KEY_PAGE_DOWN },
    { KEY_HOME, UI_KEY_HOME },     { KEY_END, UI_KEY_END },
    { KEY_ENTER, UI_KEY_ENTER },   { KEY_BACKSPACE, UI_KEY_BACKSPACE },
};

static void start_colours(struct screen *s)
{
    s->colours = has_colors() && start_color() == OK;
    if (!s->colours)
        return;
    use_default_colors();
    for (int i = 1; i < STYLE_COUNT; i++)
        init_pair((short)i, styles[i].front, styles[i].back);
}

static int start(struct screen *s, struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "the screen needs a terminal");
        return err_hint(err, "For output to a file or a program: xentop -b, "
                             "--json or --prometheus.");
    }
    setlocale(LC_CTYPE, "");
    if (!newterm(NULL, stdout, stdin)) {
        const char *term = g_getenv("TERM");
        err_set(err, ERR_UNSUPPORTED, "the terminal \"%s\" is not known here",
                term ? term : "");
        return err_hint(err, "Set TERM to a known one, for example TERM=vt100, "
                             "or use xentop -b.");
    }
    start_colours(s);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    curs_set(0);
    return 0;
}

static void put_page(const struct screen *s, const struct page *p)
{
    erase();
    for (guint y = 0; y < p->lines->len; y++) {
        const GArray *line = p->lines->pdata[y];
        move((int)y, 0);
        for (guint i = 0; i < line->len; i++) {
            const struct span *x = &g_array_index(line, struct span, i);
            if (s->colours && !s->ui.o.plain)
                attr_set(styles[x->style].with, (short)x->style, NULL);
            else
                attr_set(styles[x->style].without, 0, NULL);
            addstr(x->text);
        }
    }
    attr_set(A_NORMAL, 0, NULL);
    refresh();
}

static void wait_page(struct page *p)
{
    page_line(p);
    page_text(p, STYLE_BOLD, "xentop");
    page_line(p);
    page_text(p, STYLE_PLAIN, "Reading the host...");
}

/* Draws what there is, and lets `key` (0: none) act on exactly that. */
static void show(struct screen *s, unsigned key)
{
    PAGE_AUTO *p = page_new(COLS, LINES);
    struct sampler_state now = sampler_lock(s->sampler);
    GArray *rows = now.sample ? run_rows(&s->ui.o, now.sample, now.rates)
                              : g_array_ref(s->no_rows);
    s->shown.rows = rows;
    enum ui_action action = key ? ui_key(&s->ui, key, &s->shown) : UI_NOTHING;
    if (key && now.sample) {
        g_array_unref(rows); /* the key may have changed their order */
        rows = run_rows(&s->ui.o, now.sample, now.rates);
    }
    struct view_input in = { now.sample, now.rates, rows, now.message };
    if (now.sample)
        view_render(p, &s->ui, &in, &s->shown);
    else
        wait_page(p);
    bool done =
        now.failed || (s->ui.o.iterations && now.count >= s->ui.o.iterations);
    sampler_unlock(s->sampler);
    g_array_unref(rows);
    put_page(s, p);
    s->quit = s->quit || done || action == UI_QUIT;
    if (action == UI_SAMPLE)
        sampler_pace(s->sampler, s->ui.o.delay, true);
}

static unsigned translate(int result, wint_t c)
{
    if (result == KEY_CODE_YES) {
        for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
            if (keys[i].curses == (int)c)
                return keys[i].key;
        return 0;
    }
    switch (c) {
    case '\r':
    case '\n':
        return UI_KEY_ENTER;
    case 27:
        return UI_KEY_ESCAPE;
    case 8:
    case 127:
        return UI_KEY_BACKSPACE;
    case 12: /* ^L */
        clearok(stdscr, TRUE);
        return 0;
    default:
        return c >= 32 ? c : 0;
    }
}

/* All keys that are waiting. False when the terminal is gone. */
static bool take_keys(struct screen *s, bool readable)
{
    wint_t c;
    int result, n = 0;
    while (!s->quit && (result = get_wch(&c)) != ERR) {
        n++;
        show(s, translate(result, c));
    }
    return n || !readable;
}

static void loop(struct screen *s)
{
    show(s, 0);
    while (!s->quit) {
        struct pollfd fds[2] = {
            { .fd = STDIN_FILENO, .events = POLLIN },
            { .fd = sampler_fd(s->sampler), .events = POLLIN },
        };
        /* A resize ends poll with EINTR and comes as a key. */
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
        if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL) ||
            !take_keys(s, fds[0].revents & POLLIN))
            break;
        if (fds[1].revents)
            show(s, 0);
    }
}

int screen_run(const struct options *o, struct err *err)
{
    struct screen s = { .no_rows =
                            g_array_new(FALSE, FALSE, sizeof(struct row)) };
    ui_init(&s.ui, o);
    s.sampler = sampler_open(o, err);
    if (!s.sampler || start(&s, err)) {
        if (s.sampler)
            sampler_close(s.sampler, NULL);
        g_array_unref(s.no_rows);
        return -1;
    }
    loop(&s);
    endwin();
    ERR_AUTO why = { 0 };
    sampler_close(s.sampler, &why);
    g_array_unref(s.no_rows);
    if (why.id == ERR_NONE)
        return 0;
    err_move(err, &why);
    return -1;
}
