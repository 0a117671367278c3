/* What the user of the screen has chosen, and what each key changes. Pure. */
#ifndef TOP_UI_H
#define TOP_UI_H

#include "top/options.h"

enum ui_page { UI_TABLE, UI_DETAIL, UI_HELP, UI_SORT };
enum ui_prompt { PROMPT_NONE, PROMPT_DELAY, PROMPT_FILTER };

/* Keys that are no character; characters stand for themselves. */
enum ui_key {
    UI_KEY_UP = 0x110000,
    UI_KEY_DOWN,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_ENTER,
    UI_KEY_ESCAPE,
    UI_KEY_BACKSPACE,
};

enum ui_action { UI_NOTHING, UI_SAMPLE, UI_QUIT };

struct ui {
    struct options o; /* delay, sort, toggles; o.filter points to `filter` */
    enum ui_page page;
    enum ui_prompt prompt;
    char typed[80];   /* answer to the prompt so far */
    char filter[80];  /* "" for none */
    int64_t selected; /* domid; -1: the first row */
    int left;         /* columns scrolled out behind the name */
    guint scroll;     /* first shown line of the other pages */
    int choice;       /* column that the menu of sort keys points at */
    guint top;        /* first shown line of the table's body */
    bool follow;      /* scroll so that the selected row is shown */
};

/* What the keys need to know of the page that is shown. */
struct ui_shown {
    GArray *rows; /* struct row, as sorted and filtered */
    guint body;   /* lines of the body */
};

void ui_init(struct ui *ui, const struct options *o);
enum ui_action ui_key(struct ui *ui, unsigned key, const struct ui_shown *s);
/* Index of the selected row; 0 when it is gone. */
guint ui_selected(const struct ui *ui, GArray *rows);
/* The columns of the screen from left to right; the name is the first. */
void ui_columns(enum column_id out[COLUMN_COUNT]);

#endif
