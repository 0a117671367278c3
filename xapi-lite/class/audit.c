/* The audit log, in the form of XenServer's (way B). */
#include "class/audit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 16 << 20 }; /* then it becomes the older part */

char *audit_path(const struct xapi *x, bool older)
{
    return g_build_filename(x->config.state_dir,
                            older ? "audit.log.1" : "audit.log", NULL);
}

/* In apostrophes, on one line. */
static void add_word(GString *s, const char *text)
{
    g_string_append(s, s->len && s->str[s->len - 1] != '(' ? " '" : "'");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            g_string_append_c(s, '\\');
        g_string_append_c(s, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    g_string_append_c(s, '\'');
}

static const char *text_of(const struct record *r, const struct model *m,
                           const char *name)
{
    const struct field *f = model_find_field(record_class(r), name);
    (void)m;
    return f && f->type->kind == TYPE_STRING ? record_str(r, f->id) : "";
}

/* ('vm' 'web1' 'uuid' 'OpaqueRef:..') for each parameter that is an object;
 * other values may be secrets. */
static void add_objects(GString *s, const struct ctx *c)
{
    SNAPSHOT_AUTO *snap = store_read(c->x->store);
    for (unsigned i = 0; c->args && i < c->message->n_params; i++) {
        const struct param *p = &c->message->params[i];
        const char *ref = p->type->kind == TYPE_REF ? arg_str(c, i) : REF_NULL;
        if (!strcmp(ref, REF_NULL))
            continue;
        const struct record *r = snapshot_find_any(snap, ref);
        g_string_append_c(s, '(');
        add_word(s, p->name);
        add_word(s, r ? text_of(r, c->x->model, "name_label") : "");
        add_word(s, r ? text_of(r, c->x->model, "uuid") : "");
        add_word(s, ref);
        g_string_append_c(s, ')');
    }
}

static char *format(const struct ctx *c, const struct fault *f)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *when = g_date_time_format(now, "%Y%m%dT%H:%M:%S");
    g_autofree char *id =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, c->session.ref, -1);
    g_autofree char *track = g_strdup_printf("trackid=%.32s", id);
    bool denied = f->code && !strcmp(f->code, "RBAC_PERMISSION_DENIED");
    GString *s = g_string_new(NULL);
    g_string_printf(s, "[%s.%03dZ|audit|xapi-lite] (", when,
                    g_date_time_get_microsecond(now) / 1000);
    add_word(s, track);
    add_word(s, c->session.user ? c->session.user : "");
    add_word(s, c->client ? c->client : "");
    add_word(s, denied ? "DENIED" : "ALLOWED");
    g_autofree char *how =
        f->code ? g_strconcat("ERROR:", f->code, NULL) : g_strdup("OK");
    add_word(s, how);
    add_word(s, "API");
    add_word(s, c->message->full_name);
    g_string_append(s, " (");
    add_objects(s, c);
    g_string_append(s, "))\n");
    return g_string_free(s, FALSE);
}

static void turn_over(const struct xapi *x, const char *path)
{
    struct stat st;
    g_autofree char *older = audit_path(x, true);
    if (stat(path, &st) == 0 && st.st_size > LIMIT)
        rename(path, older);
}

void audit_call(const struct ctx *c, const struct fault *f)
{
    if (!c->message->needs_session || !c->session.ref)
        return;
    if (!strcmp(c->message->role, "read-only") || !*c->message->role)
        return;
    g_autofree char *path = audit_path(c->x, false);
    g_autofree char *line = format(c, f);
    turn_over(c->x, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) < 0)
        g_warning("the audit log %s cannot be written", path);
    if (fd >= 0)
        close(fd);
}
