/* Error values: set where it happens, context on the way up, printed once by
 * main (ways A, B, C). */
#include "base/err.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

static const struct {
    int exit_code;
    const char *xapi;
} rows[] = {
    [ERR_NONE] = { 0, "" },
#define ERR(id, exit_code, xapi, meaning) [ERR_##id] = { exit_code, xapi },
#include "base/errors.def"
#undef ERR
};

__attribute__((format(printf, 3, 0))) static int
set_va(struct err *err, enum err_id id, const char *fmt, va_list ap)
{
    if (!err)
        return -1;
    /* The arguments may point into the error that is replaced. */
    char *message = g_strdup_vprintf(fmt, ap);
    err_dispose(err);
    err->id = id;
    err->message = message;
    return -1;
}

int err_set(struct err *err, enum err_id id, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_va(err, id, fmt, ap);
    va_end(ap);
    return -1;
}

static void append(struct err *err, const char *words)
{
    char *joined = g_strdup_printf("%s: %s", err->message, words);
    g_free(err->message);
    err->message = joined;
}

int err_errno(struct err *err, enum err_id id, int errnum, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_va(err, id, fmt, ap);
    va_end(ap);
    if (err)
        append(err, g_strerror(errnum));
    return -1;
}

int err_libxl(struct err *err, int rc, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_va(err, ERR_LIBXL, fmt, ap);
    va_end(ap);
    if (err) {
        append(err, err_libxl_words(rc));
        err->rc = rc;
    }
    return -1;
}

int err_hint(struct err *err, const char *fmt, ...)
{
    if (!err)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    char *hint = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_free(err->hint);
    err->hint = hint;
    return -1;
}

int err_context(struct err *err, const char *fmt, ...)
{
    if (!err)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    char *words = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    char *joined = err->context ? g_strdup_printf("%s\n%s", err->context, words)
                                : g_strdup(words);
    g_free(words);
    g_free(err->context);
    err->context = joined;
    return -1;
}

void err_move(struct err *dst, struct err *src)
{
    if (dst == src)
        return;
    if (dst) {
        err_dispose(dst);
        *dst = *src;
    } else {
        err_dispose(src);
    }
    *src = (struct err){ 0 };
}

void err_dispose(struct err *err)
{
    g_free(err->message);
    g_free(err->hint);
    g_free(err->context);
    *err = (struct err){ 0 };
}

int err_exit_code(const struct err *err)
{
    return err->exit_code ? err->exit_code : rows[err->id].exit_code;
}

const char *err_xapi_code(const struct err *err)
{
    return rows[err->id].xapi;
}

const char *err_libxl_words(int rc)
{
    /* Index is -rc; the numbers are those of enum libxl_error in libxl.h /
     * _libxl_types.h. */
    static const char *const words[] = {
        [1] = "unspecified error",
        [2] = "wrong library version",
        [3] = "the operation failed",
        [4] = "not implemented in this Xen",
        [5] = "not enough memory",
        [6] = "invalid argument",
        [7] = "failed, and what was begun could not be undone",
        [8] = "the guest did not answer in time",
        [9] = "timed out",
        [10] = "the guest has no PV control interface",
        [11] = "not ready",
        [12] = "could not watch for events",
        [13] = "buffer full",
        [14] = "unknown child process",
        [15] = "the lock could not be taken",
        [16] = "the stored configuration is empty",
        [17] = "the device exists already",
        [18] = "checkpointing stopped with the device model",
        [19] = "checkpointing is not supported by a device",
        [20] = "wrong vNUMA configuration",
        [21] = "no such domain",
        [22] = "aborted",
        [23] = "not found",
        [24] = "the domain was destroyed meanwhile",
        [25] = "this feature was removed from Xen",
        [26] = "QEMU: general error",
        [27] = "QEMU: unknown command",
        [28] = "QEMU: device not active",
        [29] = "QEMU: device not found",
        [30] = "QEMU: unexpected answer",
        [31] = "QEMU: the command failed",
        [32] = "QEMU: no answer",
    };
    if (rc >= 0 || -rc >= (int)G_N_ELEMENTS(words) || !words[-rc])
        return "unknown libxl error";
    return words[-rc];
}

/* Prints text so that nothing in it can drive the terminal. */
static void print_safe(FILE *f, const char *text, const char *indent)
{
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\n')
            fprintf(f, "\n%s", indent);
        else if ((c < 0x20 && c != '\t') || c == 0x7f)
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
}

void err_print(FILE *f, const char *prog, const struct err *err)
{
    if (err->id == ERR_NONE || !err->message || !*err->message)
        return;
    fprintf(f, "%s: ", prog);
    print_safe(f, err->message, "  ");
    fputc('\n', f);
    if (err->context) {
        fputs("  while ", f);
        print_safe(f, err->context, "  while ");
        fputc('\n', f);
    }
    if (err->hint) {
        fputs("  ", f);
        print_safe(f, err->hint, "  ");
        fputc('\n', f);
    }
}
