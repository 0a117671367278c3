/* The pages of the screen and its keys, without a terminal. */
#include <string.h>

#include "tests/unit/unit.h"
#include "top/run.h"
#include "top/view.h"

struct fixture {
    struct sample *sample;
    struct rates *rates;
    struct ui ui;
    struct ui_shown shown;
    GArray *rows;
    int width, height;
};

static void add(struct fixture *f, uint64_t id, const char *name,
                uint64_t bytes)
{
    struct domain *d = sample_add_domain(f->sample, id);
    d->name = sample_text(f->sample, name);
    d->memory_bytes = bytes;
    d->vcpus_max = 1;
}

static struct fixture fixture(int domains, int width, int height)
{
    struct fixture f = { .width = width, .height = height };
    struct options o = { .delay = 3, .sort = COLUMN_NAME };
    f.sample = sample_new();
    f.sample->host.total_bytes = 1 << 30;
    for (int i = 0; i < domains; i++) {
        g_autofree char *name = g_strdup_printf("guest%02d", domains - i);
        add(&f, (uint64_t)i, name, (uint64_t)i << 20);
    }
    f.rates = rate_new();
    rate_fill(f.rates, NULL, f.sample);
    ui_init(&f.ui, &o);
    return f;
}

static void dispose(struct fixture *f)
{
    sample_free(f->sample);
    rate_free(f->rates);
    g_clear_pointer(&f->rows, g_array_unref);
}

/* The whole page as text; afterwards keys can be pressed. */
static char *show(struct fixture *f)
{
    PAGE_AUTO *p = page_new(f->width, f->height);
    g_clear_pointer(&f->rows, g_array_unref);
    /* The filter is in ui.filter; the copy in f may have moved. */
    f->ui.o.filter = f->ui.filter;
    f->rows = run_rows(&f->ui.o, f->sample, f->rates);
    struct view_input in = { f->sample, f->rates, f->rows, NULL };
    view_render(p, &f->ui, &in, &f->shown);
    CU_ASSERT_EQUAL(p->lines->len, (guint)f->height);
    return page_to_text(p);
}

static enum ui_action press(struct fixture *f, unsigned key)
{
    g_free(show(f));
    return ui_key(&f->ui, key, &f->shown);
}

static void check_shows(struct fixture *f, const char *text, bool yes)
{
    g_autofree char *page = show(f);
    bool there = strstr(page, text) != NULL;
    if (there != yes)
        UNIT_EQUAL(page, text);
    CU_ASSERT_EQUAL(there, yes);
}

static void no_page_is_wider_or_higher_than_the_terminal(void)
{
    static const int sizes[][2] = { { 80, 24 },  { 20, 5 },  { 1, 3 },
                                    { 300, 80 }, { 40, 10 }, { 0, 3 } };
    static const enum ui_page pages[] = { UI_TABLE, UI_DETAIL, UI_HELP,
                                          UI_SORT };
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct fixture f = fixture(50, sizes[i][0], sizes[i][1]);
        f.ui.o.text = (struct text_options){ true, true, true, true, false };
        for (guint k = 0; k < G_N_ELEMENTS(pages); k++) {
            f.ui.page = pages[k];
            g_autofree char *page = show(&f);
            g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
            for (char **line = lines; *line; line++)
                CU_ASSERT_TRUE(page_cells(*line) <= f.width);
        }
        dispose(&f);
    }
}

static void the_selected_row_stays_in_sight(void)
{
    struct fixture f = fixture(50, 80, 24);
    check_shows(&f, "guest01", true);
    check_shows(&f, "guest50", false);
    press(&f, UI_KEY_END);
    check_shows(&f, "guest50", true);
    check_shows(&f, "guest01", false);
    press(&f, UI_KEY_HOME);
    for (int i = 0; i < 30; i++)
        press(&f, UI_KEY_DOWN);
    check_shows(&f, "guest31", true);
    CU_ASSERT_EQUAL(f.ui.selected, 19); /* guest31 is domain 19 */
    press(&f, UI_KEY_UP);
    CU_ASSERT_EQUAL(f.ui.selected, 20);
    dispose(&f);
}

static void the_selection_follows_its_domain(void)
{
    struct fixture f = fixture(5, 80, 24);
    press(&f, UI_KEY_DOWN); /* guest02, domain 3 */
    CU_ASSERT_EQUAL(f.ui.selected, 3);
    press(&f, 'i');
    g_free(show(&f));
    CU_ASSERT_EQUAL(ui_selected(&f.ui, f.rows), 3);
    f.ui.selected = 77; /* gone */
    CU_ASSERT_EQUAL(ui_selected(&f.ui, f.rows), 0);
    dispose(&f);
}

static void sorts_by_each_column(void)
{
    struct fixture f = fixture(3, 80, 24);
    enum column_id order[COLUMN_COUNT];
    ui_columns(order);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        CU_ASSERT_EQUAL(f.ui.o.sort, order[i]);
        press(&f, 's');
    }
    CU_ASSERT_EQUAL(f.ui.o.sort, COLUMN_NAME);
    press(&f, '<');
    CU_ASSERT_EQUAL(f.ui.o.sort, order[COLUMN_COUNT - 1]);
    f.ui.o.sort = COLUMN_MEM;
    g_free(show(&f));
    CU_ASSERT_EQUAL(g_array_index(f.rows, struct row, 0).domain->id, 2);
    dispose(&f);
}

static void a_menu_has_every_column_to_sort_by(void)
{
    struct fixture f = fixture(3, 80, 12);
    press(&f, 'o');
    check_shows(&f, "Sort by", true);
    check_shows(&f, "name of the domain", true);
    press(&f, UI_KEY_END);
    check_shows(&f, "uuid of the domain", true);
    press(&f, UI_KEY_ESCAPE);
    CU_ASSERT_EQUAL(f.ui.o.sort, COLUMN_NAME);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        press(&f, 'O');
        press(&f, UI_KEY_HOME);
        for (int k = 0; k < i; k++)
            press(&f, UI_KEY_DOWN);
        check_shows(&f, columns[i].head, true);
        press(&f, UI_KEY_ENTER);
        CU_ASSERT_EQUAL(f.ui.page, UI_TABLE);
        CU_ASSERT_EQUAL((int)f.ui.o.sort, i);
        check_shows(&f, columns[i].head, true);
    }
    dispose(&f);
}

static void the_page_of_a_domain_stays_with_it(void)
{
    struct fixture f = fixture(3, 80, 24);
    press(&f, UI_KEY_ENTER);
    check_shows(&f, "guest01  id 2", true);
    press(&f, 'i'); /* another one stands first */
    check_shows(&f, "guest01  id 2", true);
    f.ui.selected = 77; /* as if it had ended */
    check_shows(&f, "Domain 77 is no longer there", true);
    check_shows(&f, "guest03  id 0", false);
    dispose(&f);
}

static void filters(void)
{
    struct fixture f = fixture(30, 80, 24);
    press(&f, '/');
    check_shows(&f, "Show only", true);
    press(&f, 't');
    press(&f, '1');
    press(&f, 'x');
    press(&f, UI_KEY_BACKSPACE);
    CU_ASSERT_EQUAL(press(&f, UI_KEY_ENTER), UI_SAMPLE);
    check_shows(&f, "guest12", true);
    check_shows(&f, "guest05", false);
    press(&f, '/');
    press(&f, 'q'); /* a letter of the filter, not the key that ends */
    press(&f, UI_KEY_ENTER);
    check_shows(&f, "No domain's name", true);
    CU_ASSERT_EQUAL(press(&f, UI_KEY_ENTER), UI_NOTHING);
    CU_ASSERT_EQUAL(f.ui.page, UI_TABLE);
    dispose(&f);
}

static void delay_is_asked_for(void)
{
    struct fixture f = fixture(1, 80, 24);
    press(&f, 'd');
    press(&f, '5');
    press(&f, UI_KEY_ENTER);
    CU_ASSERT_EQUAL(f.ui.o.delay, 5);
    press(&f, 'D');
    press(&f, 'x');
    press(&f, UI_KEY_ENTER);
    CU_ASSERT_EQUAL(f.ui.o.delay, 5);
    press(&f, 'd');
    press(&f, '9');
    press(&f, UI_KEY_ESCAPE);
    CU_ASSERT_EQUAL(f.ui.o.delay, 5);
    dispose(&f);
}

static void pages_open_and_close(void)
{
    struct fixture f = fixture(2, 80, 24);
    press(&f, '?');
    check_shows(&f, "Keys", true);
    press(&f, UI_KEY_DOWN);
    check_shows(&f, "Keys", false);
    CU_ASSERT_EQUAL(press(&f, 'q'), UI_NOTHING);
    press(&f, UI_KEY_ENTER);
    check_shows(&f, "guest01  id 1", true);
    CU_ASSERT_EQUAL(press(&f, UI_KEY_ESCAPE), UI_NOTHING);
    CU_ASSERT_EQUAL(press(&f, UI_KEY_ESCAPE), UI_QUIT);
    dispose(&f);
}

static void fields_have_their_width(void)
{
    PAGE_AUTO *p = page_new(20, 3);
    page_line(p);
    page_field(p, STYLE_PLAIN, "日本語", 5); /* two cells each */
    page_field(p, STYLE_PLAIN, "ab", -4);
    page_text(p, STYLE_PLAIN, "|\x1b|and beyond the edge");
    g_autofree char *text = page_to_text(p);
    UNIT_EQUAL(text, "日本   ab|\\x1b|and b\n");
}

const struct unit_test unit_tests[] = {
    { "no page is wider or higher than the terminal",
      no_page_is_wider_or_higher_than_the_terminal },
    { "the selected row stays in sight", the_selected_row_stays_in_sight },
    { "the selection follows its domain", the_selection_follows_its_domain },
    { "the screen sorts by each column", sorts_by_each_column },
    { "a menu has every column to sort by",
      a_menu_has_every_column_to_sort_by },
    { "the page of a domain stays with it",
      the_page_of_a_domain_stays_with_it },
    { "the screen filters", filters },
    { "the delay is asked for", delay_is_asked_for },
    { "pages open and close", pages_open_and_close },
    { "fields have their width in cells", fields_have_their_width },
    { 0 },
};
