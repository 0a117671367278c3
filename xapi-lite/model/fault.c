/* XenAPI failures as values (way B). */
#include "model/fault.h"

#include <stdarg.h>

void fault_add(struct fault *f, const char *param)
{
    if (!f)
        return;
    if (!f->params)
        f->params = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(f->params, g_strdup(param ? param : ""));
}

int fault_set(struct fault *f, const char *code, ...)
{
    if (!f || f->code)
        return -1;
    f->code = g_strdup(code);
    va_list ap;
    va_start(ap, code);
    for (const char *p = va_arg(ap, const char *); p;
         p = va_arg(ap, const char *))
        fault_add(f, p);
    va_end(ap);
    return -1;
}

int fault_from_err(struct fault *f, const struct err *err)
{
    g_autofree char *text =
        err->hint ? g_strdup_printf("%s: %s", err->message, err->hint)
                  : g_strdup(err->message ? err->message : "unknown cause");
    return fault_set(f, err_xapi_code(err), text, NULL);
}

void fault_move(struct fault *dst, struct fault *src)
{
    fault_dispose(dst);
    *dst = *src;
    *src = (struct fault){ 0 };
}

void fault_dispose(struct fault *f)
{
    g_clear_pointer(&f->code, g_free);
    g_clear_pointer(&f->params, g_ptr_array_unref);
}

struct value *fault_to_value(const struct fault *f)
{
    struct value *v = value_array();
    value_push(v, value_string(f->code ? f->code : "INTERNAL_ERROR"));
    for (guint i = 0; f->params && i < f->params->len; i++)
        value_push(v, value_string(f->params->pdata[i]));
    return v;
}

char *fault_format(const struct fault *f)
{
    GString *s = g_string_new(f->code ? f->code : "no fault");
    for (guint i = 0; f->params && i < f->params->len; i++)
        g_string_append_printf(s, "%s%s", i ? "; " : ": [ ",
                               (char *)f->params->pdata[i]);
    if (f->params)
        g_string_append(s, " ]");
    return g_string_free(s, FALSE);
}
