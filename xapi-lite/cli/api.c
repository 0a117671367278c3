/* Calls that commands make, in the session of the command line. */
#include <stdarg.h>
#include <string.h>

#include "class/dispatch.h"
#include "cli/internal.h"

static struct value *collect(va_list ap)
{
    struct value *params = value_array();
    for (struct value *v; (v = va_arg(ap, struct value *));)
        value_push(params, v);
    return params;
}

static struct value *call(struct cli *c, const char *method,
                          struct value *params)
{
    struct value *result = NULL;
    FAULT_AUTO f = { 0 };
    if (dispatch_in_session(c->x, c->session, method, params, &result, &f)) {
        if (!c->failed_call) {
            g_autofree char *why = fault_format(&f);
            c->failed_call = g_strdup_printf("%s: %s", method, why);
        }
        if (!c->fault.code && !c->message)
            fault_move(&c->fault, &f);
        return NULL;
    }
    return result ? result : value_string("");
}

struct value *cli_call_list(struct cli *c, const char *method,
                            struct value *params)
{
    return call(c, method, params);
}

struct value *cli_call(struct cli *c, const char *method, ...)
{
    va_list ap;
    va_start(ap, method);
    struct value *params = collect(ap);
    va_end(ap);
    return call(c, method, params);
}

int cli_free(struct value *v)
{
    value_free(v);
    return v ? 0 : -1;
}

/* ---- long calls -------------------------------------------------------------
 */

/* Draws the bar when it has grown. */
static void draw(struct cli *c, const struct record *task, int *shown)
{
    int percent = (int)(record_float(task, F_task_progress) * 100);
    if (percent == *shown || !cli_flag(c, "progress"))
        return;
    *shown = percent;
    g_autofree char *bar = g_strnfill((gsize)(percent / 2), '#');
    g_autofree char *line = g_strdup_printf("\r[%-50s] %3d%%", bar, percent);
    cli_stderr(c, line);
}

static void take_failure(struct cli *c, const struct record *task)
{
    size_t n = record_count(task, F_task_error_info);
    if (!n) {
        cli_fail_api(c, "TASK_CANCELLED", record_ref(task), NULL);
        return;
    }
    fault_set(&c->fault, record_item(task, F_task_error_info, 0), NULL);
    for (size_t i = 1; i < n; i++)
        fault_add(&c->fault, record_item(task, F_task_error_info, i));
}

/* "<value>OpaqueRef:..</value>" -> the reference. */
static char *result_ref(const char *xml)
{
    const char *start = strchr(xml, '>');
    const char *end = start ? strchr(start, '<') : NULL;
    return end ? g_strndup(start + 1, (gsize)(end - start - 1)) : g_strdup("");
}

/* 1: still running; 0 and -1: how it ended. */
static int task_look(struct cli *c, const char *ref, int *shown, char **result)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *task = snapshot_find(s, CLASS_task, ref);
    if (!task)
        return cli_fail(c, "the task of the command has gone");
    const char *status = record_str(task, F_task_status);
    draw(c, task, shown);
    if (!strcmp(status, "pending") || !strcmp(status, "cancelling"))
        return 1;
    if (strcmp(status, "success")) {
        take_failure(c, task);
        if (!c->failed_call)
            c->failed_call = g_strdup(record_str(task, F_task_name_label));
        return -1;
    }
    if (result)
        *result = result_ref(record_str(task, F_task_result));
    return 0;
}

static int task_follow(struct cli *c, const char *ref, char **result)
{
    int shown = -1, r;
    gulong pause = 2000;
    while ((r = task_look(c, ref, &shown, result)) == 1) {
        g_usleep(pause);
        pause = MIN(pause * 2, 100000);
    }
    if (shown >= 0)
        cli_stderr(c, "\n");
    return r;
}

static void destroy(struct cli *c, const struct value *task)
{
    FAULT_AUTO f = { 0 };
    struct value *gone = NULL, *self = value_array();
    value_push(self, value_copy(task));
    dispatch_in_session(c->x, c->session, "task.destroy", self, &gone, &f);
    value_free(gone);
}

int cli_do_long(struct cli *c, char **ref_out, const char *method, ...)
{
    va_list ap;
    va_start(ap, method);
    struct value *params = collect(ap);
    va_end(ap);
    if (!cli_flag(c, "progress")) {
        VALUE_AUTO *v = call(c, method, params);
        if (v && ref_out)
            *ref_out = g_strdup(value_get_string(v));
        return v ? 0 : -1;
    }
    g_autofree char *async = g_strdup_printf("Async.%s", method);
    VALUE_AUTO *task = call(c, async, params);
    if (!task)
        return -1;
    int r = task_follow(c, value_get_string(task), ref_out);
    destroy(c, task);
    return r;
}

/* ---- transfers ---------------------------------------------------------- */

/* How the transfer ended: as its task says, when the server saw it at all. */
static int transferred(struct cli *c, const char *task, int r, char **result)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *t = snapshot_find(s, CLASS_task, task);
    if (!t || !strcmp(record_str(t, F_task_status), "pending"))
        return r;
    if (!strcmp(record_str(t, F_task_status), "success")) {
        if (result)
            *result = g_strdup(record_str(t, F_task_result));
        return r;
    }
    g_clear_pointer(&c->message, g_free);
    take_failure(c, t);
    return -1;
}

int cli_transfer(struct cli *c, enum thin_tag tag, const char *label,
                 const char *url, char **result_out)
{
    VALUE_AUTO *task =
        cli_call(c, "task.create", value_string(label), value_string(""), NULL);
    if (!task)
        return -1;
    g_autofree char *full = g_strdup_printf("%s&session_id=%s&task_id=%s", url,
                                            c->session, value_get_string(task));
    int r = cli_http(c, tag, cli_param(c, "filename"), full);
    r = transferred(c, value_get_string(task), r, result_out);
    destroy(c, task);
    return r;
}

/* ---- objects
 * ------------------------------------------------------------------- */

int cli_print_uuid(struct cli *c, enum class_id class, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, class, ref);
    if (!r)
        return cli_fail_api(c, "HANDLE_INVALID",
                            model_class(c->x->model, class)->name, ref, NULL);
    cli_print(c, record_str(r, record_class(r)->uuid->id));
    return 0;
}

const char *cli_ref_of_uuid(struct cli *c, const struct snapshot *s,
                            enum class_id class, const char *uuid)
{
    const struct record *r = snapshot_find_uuid(s, class, uuid);
    if (r)
        return record_ref(r);
    cli_fail_api(c, "UUID_INVALID", model_class(c->x->model, class)->name, uuid,
                 NULL);
    return NULL;
}

const struct record *cli_record(struct cli *c, const struct snapshot *s,
                                enum class_id class, const char *name)
{
    const char *uuid = cli_need(c, name);
    const char *ref = uuid ? cli_ref_of_uuid(c, s, class, uuid) : NULL;
    return ref ? snapshot_find(s, class, ref) : NULL;
}
