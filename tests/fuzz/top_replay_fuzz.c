/* Records of xentop, two lines as two samples, through all outputs and the
 * pages of the screen. Nothing that reaches a terminal may hold a control
 * character. */
#include <stdlib.h>
#include <string.h>

#include "top/json.h"
#include "top/metrics.h"
#include "top/replay.h"
#include "top/run.h"
#include "top/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_harmless(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f ||
            ((unsigned char)text[0] == 0xc2 && (unsigned char)text[1] < 0xa0))
            abort();
}

static void pages(const struct options *o, const struct sample *s,
                  const struct rates *r)
{
    struct ui ui;
    struct ui_shown shown;
    ui_init(&ui, o);
    for (int page = UI_TABLE; page <= UI_HELP; page++) {
        PAGE_AUTO *p = page_new(80, 24);
        ui.page = page;
        g_autoptr(GArray) rows = run_rows(&ui.o, s, r);
        struct view_input in = { s, r, rows, NULL };
        view_render(p, &ui, &in, &shown);
        g_autofree char *text = page_to_text(p);
        check_harmless(text);
    }
}

static void outputs(const struct sample *s, const struct rates *r)
{
    struct options o = { .delay = 3,
                         .pcpus = true,
                         .text = {
                             .vcpus = true, .nets = true, .vbds = true } };
    static const enum mode modes[] = { MODE_TEXT, MODE_JSON, MODE_PROMETHEUS };
    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        o.mode = modes[i];
        run_render(out, &o, s, r);
        check_harmless(out->str);
    }
    pages(&o, s, r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ERR_AUTO err = { 0 };
    SAMPLE_AUTO *before = sample_new(), *now = sample_new();
    const char *text = (const char *)data;
    const char *line = size ? memchr(text, '\n', size) : NULL;
    size_t first = line ? (size_t)(line - text) : size;
    bool had = !replay_parse(before, text, first, &err);
    if (line && replay_parse(now, line + 1, size - first - 1, &err))
        return 0;
    struct rates *r = rate_new();
    rate_fill(r, had ? before : NULL, now);
    outputs(now, r);
    rate_free(r);
    return 0;
}
