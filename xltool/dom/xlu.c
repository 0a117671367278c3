/* Way A, in dom/: calls libxlutil and catches what it prints. */
#include "dom/xlu.h"

#include <glib.h>
#include <libxlutil.h>
#include <string.h>

/* libxlutil writes its messages to a FILE that its config object holds. */
struct report {
    char *text;
    size_t length;
    FILE *file;
    XLU_Config *cfg;
};

/* One for all specs of the process: opening it costs more than a spec does. */
static struct report *report(void)
{
    static struct report r;
    if (!r.file)
        r.file = open_memstream(&r.text, &r.length);
    if (r.file && !r.cfg)
        r.cfg = xlu_cfg_init(r.file, "");
    if (!r.cfg)
        return NULL;
    rewind(r.file);
    return &r;
}

/* What was written since report(); g_free it. */
static char *said(const struct report *r)
{
    return fflush(r->file) ? g_strdup("") : g_strndup(r->text, r->length);
}

/* "FILE: config parsing error in WHAT: WHY in `SPEC'" -> WHY, and the piece in
 * "WHY: near `PIECE'". */
static char *pick_reason(const char *text, const char *spec, char **near_out)
{
    const char *why = strstr(text, " in ");
    const char *colon = why ? strstr(why, ": ") : NULL;
    g_autofree char *tail = g_strdup_printf(" in `%s'", spec);
    g_autofree char *reason = g_strchomp(g_strdup(colon ? colon + 2 : text));

    if (g_str_has_suffix(reason, tail))
        reason[strlen(reason) - strlen(tail)] = '\0';
    char *near = strstr(reason, ": near `");
    if (near) {
        *near = '\0';
        near += strlen(": near `");
        size_t length = strlen(near);
        if (length && near[length - 1] == '\'')
            near[length - 1] = '\0';
        if (near_out)
            *near_out = g_strdup(near);
    }
    return reason[0] ? g_steal_pointer(&reason) : g_strdup("not understood");
}

char *xlu_disk(const char *spec, libxl_device_disk *disk, char **near_out)
{
    struct report *r = report();
    *near_out = NULL;
    /* its scanner ends the program ("flex scanner jammed"), as all short specs
     * that do so show */
    if (strstr(spec, "=\n"))
        return g_strdup("a line break behind `='");
    if (r && !xlu_disk_parse(r->cfg, 1, &spec, disk))
        return NULL;
    g_autofree char *text = r ? said(r) : g_strdup("");
    return pick_reason(text, spec, near_out);
}
