/* What each key of the screen does (way C, beside the screen). Pure. */
#include "top/ui.h"

#include <stdlib.h>
#include <string.h>

void ui_init(struct ui *ui, const struct options *o)
{
    *ui = (struct ui){ .o = *o, .selected = -1, .follow = true };
    if (o->filter)
        g_strlcpy(ui->filter, o->filter, sizeof ui->filter);
    ui->o.filter = ui->filter;
}

static int by_place(const void *a, const void *b)
{
    const enum column_id *x = a, *y = b;
    int d = columns[*x].screen - columns[*y].screen;
    return d ? d : (int)*x - (int)*y;
}

void ui_columns(enum column_id out[COLUMN_COUNT])
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        out[i] = i;
    qsort(out, COLUMN_COUNT, sizeof *out, by_place);
}

guint ui_selected(const struct ui *ui, GArray *rows)
{
    for (guint i = 0; i < rows->len; i++)
        if ((int64_t)g_array_index(rows, struct row, i).domain->id ==
            ui->selected)
            return i;
    return 0;
}

static void select_row(struct ui *ui, GArray *rows, guint at)
{
    ui->selected = (int64_t)g_array_index(rows, struct row, at).domain->id;
}

static void move(struct ui *ui, const struct ui_shown *s, int by)
{
    if (ui->page == UI_SORT) {
        ui->choice = CLAMP(ui->choice + by, 0, COLUMN_COUNT - 1);
        return;
    }
    if (ui->page != UI_TABLE) {
        ui->scroll = (guint)MAX((int)ui->scroll + by, 0);
        return;
    }
    if (!s->rows->len)
        return;
    int at = (int)ui_selected(ui, s->rows) + by;
    at = CLAMP(at, 0, (int)s->rows->len - 1);
    select_row(ui, s->rows, (guint)at);
    ui->follow = true;
}

static void sort_by(struct ui *ui, int step)
{
    enum column_id order[COLUMN_COUNT];
    int at = 0;
    ui_columns(order);
    while (order[at] != ui->o.sort)
        at++;
    ui->o.sort = order[(at + step + COLUMN_COUNT) % COLUMN_COUNT];
    ui->follow = true;
}

static void ask(struct ui *ui, enum ui_prompt prompt, const char *typed)
{
    ui->prompt = prompt;
    g_strlcpy(ui->typed, typed, sizeof ui->typed);
}

/* The answer to a prompt is complete. */
static void answer(struct ui *ui)
{
    char *end;
    double delay;
    switch (ui->prompt) {
    case PROMPT_DELAY:
        delay = g_ascii_strtod(ui->typed, &end);
        if (end != ui->typed && !*end && delay >= 0.1 && delay <= 86400)
            ui->o.delay = delay;
        break;
    case PROMPT_FILTER:
        g_strlcpy(ui->filter, ui->typed, sizeof ui->filter);
        ui->follow = true;
        break;
    case PROMPT_NONE:
        break;
    }
    ui->prompt = PROMPT_NONE;
}

static enum ui_action prompt_key(struct ui *ui, unsigned key)
{
    size_t n = strlen(ui->typed);
    if (key == UI_KEY_ENTER) {
        answer(ui);
        return UI_SAMPLE;
    }
    if (key == UI_KEY_ESCAPE) {
        ui->prompt = PROMPT_NONE;
    } else if (key == UI_KEY_BACKSPACE) {
        char *before = g_utf8_find_prev_char(ui->typed, ui->typed + n);
        if (before)
            *before = '\0';
    } else if (key < UI_KEY_UP && g_unichar_isprint(key)) {
        char utf8[7] = "";
        g_unichar_to_utf8(key, utf8);
        g_strlcat(ui->typed, utf8, sizeof ui->typed);
        if (!g_utf8_validate(ui->typed, -1, NULL))
            ui->typed[n] = '\0'; /* no room for the last character */
    }
    return UI_NOTHING;
}

static enum ui_action leave(struct ui *ui)
{
    if (ui->page == UI_TABLE)
        return UI_QUIT;
    ui->page = UI_TABLE;
    return UI_NOTHING;
}

static void open_page(struct ui *ui, enum ui_page page)
{
    ui->page = page;
    ui->scroll = 0;
}

/* On the table: all about the selected domain, whatever happens to the rows. */
static void enter(struct ui *ui, GArray *rows)
{
    if (ui->page == UI_SORT) {
        ui->o.sort = (enum column_id)ui->choice;
        ui->follow = true;
    }
    if (ui->page != UI_TABLE) {
        ui->page = UI_TABLE;
    } else if (rows->len) {
        select_row(ui, rows, ui_selected(ui, rows));
        open_page(ui, UI_DETAIL);
    }
}

static void move_key(struct ui *ui, unsigned key, const struct ui_shown *s)
{
    int page = MAX((int)s->body - 1, 1);
    switch (key) {
    case UI_KEY_UP:
    case 'k':
        move(ui, s, -1);
        break;
    case UI_KEY_DOWN:
    case 'j':
        move(ui, s, 1);
        break;
    case UI_KEY_PAGE_UP:
        move(ui, s, -page);
        break;
    case UI_KEY_PAGE_DOWN:
        move(ui, s, page);
        break;
    case UI_KEY_HOME:
        move(ui, s, -G_MAXINT16);
        ui->left = 0;
        break;
    case UI_KEY_END:
        move(ui, s, G_MAXINT16);
        break;
    case UI_KEY_LEFT:
        ui->left = MAX(ui->left - 1, 0);
        break;
    case UI_KEY_RIGHT:
        ui->left = MIN(ui->left + 1, COLUMN_COUNT - 2);
        break;
    default:
        break;
    }
}

/* Letters work in both cases, as in Xen's xentop. */
static bool *toggle(struct ui *ui, unsigned key)
{
    switch (key < 128 ? g_ascii_tolower((char)key) : 0) {
    case 'n':
        return &ui->o.text.nets;
    case 'b':
    case 'x':
        return &ui->o.text.vbds;
    case 'v':
        return &ui->o.text.vcpus;
    case 'r':
        return &ui->o.text.repeat_header;
    case 'f':
        return &ui->o.text.full_name;
    case 'p':
        return &ui->o.pcpus;
    case 'z':
        return &ui->o.dom0_first;
    case 'i':
        return &ui->o.reverse;
    case 'c':
        return &ui->o.plain;
    default:
        return NULL;
    }
}

enum ui_action ui_key(struct ui *ui, unsigned key, const struct ui_shown *s)
{
    if (ui->prompt != PROMPT_NONE)
        return prompt_key(ui, key);
    bool *on = toggle(ui, key);
    if (on) {
        *on = !*on;
        ui->follow = true;
        return UI_NOTHING;
    }
    switch (key) {
    case 'q':
    case 'Q':
    case UI_KEY_ESCAPE:
        return leave(ui);
    case 'd':
    case 'D':
        ask(ui, PROMPT_DELAY, "");
        break;
    case '/':
        ask(ui, PROMPT_FILTER, ui->filter);
        break;
    case 's':
    case 'S':
    case '>':
        sort_by(ui, 1);
        break;
    case '<':
        sort_by(ui, -1);
        break;
    case 'o':
    case 'O':
        ui->choice = (int)ui->o.sort;
        open_page(ui, UI_SORT);
        break;
    case '?':
    case 'h':
    case 'H':
        open_page(ui, ui->page == UI_HELP ? UI_TABLE : UI_HELP);
        break;
    case UI_KEY_ENTER:
        enter(ui, s->rows);
        break;
    case ' ':
        return UI_SAMPLE;
    default:
        move_key(ui, key, s);
    }
    return UI_NOTHING;
}
