/* libxenlight's messages: kept for the one error that main prints, shown as
 * they come with -v (ways A, B and C). */
#include "xen/log.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define KEPT 200

static void line_free(gpointer p)
{
    struct xen_log_line *l = p;
    g_free(l->text);
    g_free(l);
}

/* libxl prefixes "file.c:123:function: "; users need what follows. */
static const char *without_place(const char *text)
{
    const char *p = strstr(text, ".c:");
    if (!p || memchr(text, ' ', (size_t)(p - text)))
        return text;
    p = strstr(p, ": ");
    return p ? p + 2 : text;
}

static void keep(struct xen_log *log, xentoollog_level level, const char *text)
{
    struct xen_log_line *l = g_new0(struct xen_log_line, 1);
    l->level = level;
    l->text = g_strchomp(g_strdup(without_place(text)));
    if (log->lines->len >= KEPT) {
        g_ptr_array_remove_index(log->lines, 0);
        if (log->shown)
            log->shown--;
    }
    g_ptr_array_add(log->lines, l);
}

static void show(struct xen_log *log, xentoollog_level level,
                 const char *context, const char *text)
{
    if (log->progress_open) {
        fputc('\n', log->out);
        log->progress_open = false;
    }
    if (log->stamps) {
        char stamp[32];
        time_t now = time(NULL);
        struct tm tm;
        localtime_r(&now, &tm);
        strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S %Z", &tm);
        fprintf(log->out, "%s [%lu] ", stamp, (unsigned long)getpid());
    }
    fprintf(log->out, "%s%s%s: %s\n", context ? context : "",
            context ? ": " : "", xtl_level_to_string(level), text);
    fflush(log->out);
}

/* Warnings that a domain which ends while libxl looks at it brings about: of
 * no use to anybody who did not ask for details. */
static bool is_idle(const char *text)
{
    return strstr(text, "unable to get domain type for domid=");
}

static void on_message(xentoollog_logger *logger, xentoollog_level level,
                       int errnoval, const char *context, const char *format,
                       va_list al) __attribute__((format(printf, 5, 0)));
static void on_message(xentoollog_logger *logger, xentoollog_level level,
                       int errnoval, const char *context, const char *format,
                       va_list al)
{
    struct xen_log *log = (struct xen_log *)logger;
    bool live = level >= log->live;
    if (!live && level < XTL_WARN)
        return;
    g_autofree char *said = g_strdup_vprintf(format, al);
    g_autofree char *text =
        errnoval >= 0 ? g_strdup_printf("%s: %s", said, g_strerror(errnoval))
                      : g_strdup(said);
    if (level == XTL_WARN && log->live > XTL_PROGRESS)
        live = !is_idle(text);
    g_mutex_lock(&log->lock);
    if (level >= XTL_WARN)
        keep(log, level, text);
    if (live)
        show(log, level, context,
             log->live > XTL_PROGRESS ? without_place(text) : text);
    if (live && level >= XTL_WARN && log->shown + 1 == log->lines->len)
        log->shown++;
    g_mutex_unlock(&log->lock);
}

static void on_progress(xentoollog_logger *logger, const char *context,
                        const char *doing_what, int percent, unsigned long done,
                        unsigned long total)
{
    struct xen_log *log = (struct xen_log *)logger;
    g_mutex_lock(&log->lock);
    log->progress_done = done;
    log->progress_total = total;
    if (log->live > XTL_PROGRESS) { /* for those who ask */
        g_mutex_unlock(&log->lock);
        return;
    }
    fprintf(log->out, "%s%s%s: %lu/%lu  %3d%%%s", log->cr ? "\r" : "",
            context ? context : "", doing_what, done, total, percent,
            log->cr ? "" : "\n");
    log->progress_open = log->cr && done != total;
    if (log->cr && done == total)
        fputc('\n', log->out);
    fflush(log->out);
    g_mutex_unlock(&log->lock);
}

static void on_destroy(xentoollog_logger *logger)
{
    struct xen_log *log = (struct xen_log *)logger;
    g_ptr_array_free(log->lines, TRUE);
    g_mutex_clear(&log->lock);
    g_free(log);
}

struct xen_log *xen_log_new(FILE *out, unsigned verbosity)
{
    struct xen_log *log = g_new0(struct xen_log, 1);
    log->vtable.vmessage = on_message;
    log->vtable.progress = on_progress;
    log->vtable.destroy = on_destroy;
    /* quiet: beyond every level */
    log->live = verbosity == 0   ? (xentoollog_level)(XTL_CRITICAL + 1)
                : verbosity >= 3 ? XTL_DEBUG
                                 : (xentoollog_level)(XTL_PROGRESS - verbosity);
    log->out = out;
    g_mutex_init(&log->lock);
    log->lines = g_ptr_array_new_with_free_func(line_free);
    return log;
}

void xen_log_free(struct xen_log *log)
{
    if (log)
        log->vtable.destroy(&log->vtable);
}

void xen_log_clear(struct xen_log *log)
{
    g_mutex_lock(&log->lock);
    g_ptr_array_set_size(log->lines, 0);
    log->shown = 0;
    g_mutex_unlock(&log->lock);
}

const char *xen_log_find(const struct xen_log *log, const char *needle)
{
    for (guint i = 0; i < log->lines->len; i++) {
        const struct xen_log_line *l = log->lines->pdata[i];
        if (l->level >= XTL_ERROR && (!needle || strstr(l->text, needle)))
            return l->text;
    }
    return NULL;
}

char *xen_log_errors(const struct xen_log *log)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < log->lines->len; i++) {
        const struct xen_log_line *l = log->lines->pdata[i];
        if (l->level >= XTL_ERROR)
            g_string_append_printf(s, "%s%s", s->len ? "\n" : "", l->text);
    }
    if (s->len)
        return g_string_free(s, FALSE);
    g_string_free(s, TRUE);
    return NULL;
}

void xen_log_flush(struct xen_log *log)
{
    g_mutex_lock(&log->lock);
    for (; log->shown < log->lines->len; log->shown++) {
        const struct xen_log_line *l = log->lines->pdata[log->shown];
        if (l->level >= XTL_ERROR && l->level < log->live)
            fprintf(log->out, "libxl: %s\n", l->text);
    }
    g_mutex_unlock(&log->lock);
}
