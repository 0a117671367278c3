/* xl check --fix: deprecated settings are written in their new form (way A and
 * back to the text). A change is kept only when the guest stays the same. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/check.h"

/* As length of an edit: up to the end of the line, the line with it when
 * nothing else stands there. */
enum { REST_OF_LINE = 1 << 30 };

/* Replace `length` bytes at line:column by text. */
struct edit {
    unsigned line, column, length;
    char *text;
};

/* altp2mhvm= and altp2m= set two fields; libxl makes the one of the other. */
static void one_altp2m(libxl_domain_build_info *b)
{
    static const libxl_defbool unset;
    if (b->type != LIBXL_DOMAIN_TYPE_HVM ||
        libxl_defbool_is_default(b->u.hvm.altp2m))
        return;
    if (libxl_defbool_val(b->u.hvm.altp2m) &&
        b->altp2m == LIBXL_ALTP2M_MODE_DISABLED)
        b->altp2m = LIBXL_ALTP2M_MODE_MIXED;
    b->u.hvm.altp2m = unset;
}

/* What the guest would be, as JSON; NULL when the text is refused. */
static char *meaning(const char *name, const GString *text)
{
    const struct dom_host unknown = { 0 };
    libxl_domain_config config;
    struct cfg *cfg = cfg_parse(name, text->str, text->len, NULL);
    int r = dom_config_from_cfg(cfg, &unknown, &config);
    char *json = NULL;
    if (!r && !diags_count(&cfg->diags, DIAG_ERROR)) {
        /* these two are drawn anew each time */
        libxl_uuid_clear(&config.c_info.uuid);
        if (config.b_info.type == LIBXL_DOMAIN_TYPE_HVM)
            memset(&config.b_info.u.hvm.ms_vm_genid, 0,
                   sizeof(config.b_info.u.hvm.ms_vm_genid));
        one_altp2m(&config.b_info);
        json = dom_config_json(&config);
    }
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
    return json;
}

static bool same_place(const struct diag_pos *a, const struct diag_pos *b)
{
    return a->file == b->file && a->line == b->line && a->column == b->column;
}

/* The setting that a finding is about, or NULL. */
static const struct cfg_setting *setting_at(const struct cfg *cfg,
                                            const struct diag_pos *pos)
{
    for (guint i = 0; i < cfg->settings->len; i++) {
        const struct cfg_setting *s = cfg->settings->pdata[i];
        if (same_place(&s->pos, pos) || same_place(&s->value->pos, pos))
            return s;
    }
    return NULL;
}

/* A setting that nothing reads any more goes. */
static bool edit_remove(const struct cfg_setting *s, struct edit *edit_out)
{
    if (!s || s->value->pos.line != s->pos.line)
        return false;
    *edit_out =
        (struct edit){ s->pos.line, s->pos.column, REST_OF_LINE, g_strdup("") };
    return true;
}

/* The change that a finding asks for; false when it asks for none. Findings
 * with the id "deprecated" say "write NAME=VALUE" for the whole setting,
 * "write NAME=" for the name of an option in a spec, or else "write SPEC". */
static bool edit_make(const struct cfg *cfg, const struct diag *d,
                      struct edit *edit_out)
{
    if (!strcmp(d->id, "obsolete"))
        return edit_remove(setting_at(cfg, &d->pos), edit_out);
    if (strcmp(d->id, "deprecated") || !d->hint ||
        !g_str_has_prefix(d->hint, "write "))
        return false;
    const char *text = d->hint + strlen("write ");
    const struct cfg_setting *s = setting_at(cfg, &d->pos);
    *edit_out = (struct edit){ d->pos.line, d->pos.column, 0, NULL };
    if (g_str_has_suffix(text, "=") && !s) {
        edit_out->length = (unsigned)strlen("netdev=");
        edit_out->text = g_strdup(text);
        return true;
    }
    if (!s && d->pos.length) {
        edit_out->length = d->pos.length;
        edit_out->text = g_strdup(text);
        return true;
    }
    if (!s || s->last_was_append || s->value->kind == CFG_LIST ||
        s->value->pos.line != s->pos.line)
        return false;
    edit_out->column = s->pos.column;
    edit_out->length =
        s->value->pos.column + s->value->pos.length - s->pos.column;
    edit_out->text = g_strdup(text);
    return true;
}

static GString *edit_apply(const GString *text, const struct edit *e)
{
    const char *line = text->str;
    for (unsigned i = 1; i < e->line && line; i++)
        line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
    size_t at = line ? (size_t)(line - text->str) + e->column - 1 : text->len;
    size_t length = e->length;
    if (length == REST_OF_LINE && at < text->len) {
        length = strcspn(text->str + at, "\n");
        length += e->column == 1 && at + length < text->len;
    }
    if (at + length > text->len)
        return NULL;
    GString *out = g_string_new_len(text->str, (gssize)text->len);
    g_string_erase(out, (gssize)at, (gssize)length);
    g_string_insert(out, (gssize)at, e->text);
    return out;
}

/* One round: the first change that leaves the guest as it is. */
static bool fix_one(const char *name, GString **text, const char *want,
                    FILE *out)
{
    struct cfg *cfg = cfg_parse(name, (*text)->str, (*text)->len, NULL);
    const struct dom_host unknown = { 0 };
    libxl_domain_config config;
    bool done = false;
    dom_config_from_cfg(cfg, &unknown, &config);
    for (guint i = 0; cfg->diags.items && i < cfg->diags.items->len && !done;
         i++) {
        struct edit e;
        if (!edit_make(cfg, cfg->diags.items->pdata[i], &e))
            continue;
        GString *fixed = edit_apply(*text, &e);
        g_autofree char *got = fixed ? meaning(name, fixed) : NULL;
        done = !g_strcmp0(got, want);
        if (done) {
            fprintf(out, "%s:%u: %s\n", name, e.line,
                    *e.text ? e.text : "removed, nothing reads it");
            g_string_free(*text, TRUE);
            *text = g_steal_pointer(&fixed);
        }
        if (fixed)
            g_string_free(fixed, TRUE);
        g_free(e.text);
    }
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
    return done;
}

/* Writes the file anew in one step, with its mode and owner. */
static int replace(const char *file, const GString *text, struct err *err)
{
    g_autoptr(GError) error = NULL;
    struct stat st;
    char *path = realpath(file, NULL); /* a link stays one */
    if (!path || stat(path, &st) < 0) {
        free(path);
        return err_errno(err, ERR_IO, errno, "cannot rewrite %s", file);
    }
    bool good = g_file_set_contents_full(path, text->str, (gssize)text->len,
                                         G_FILE_SET_CONTENTS_CONSISTENT |
                                             G_FILE_SET_CONTENTS_DURABLE,
                                         (int)(st.st_mode & 07777), &error);
    if (good && chown(path, st.st_uid, st.st_gid) < 0 && errno != EPERM)
        err_errno(err, ERR_IO, errno, "cannot keep the owner of %s", file);
    free(path);
    return good ? 0
                : err_set(err, ERR_IO, "cannot rewrite %s: %s", file,
                          error->message);
}

int check_fix(const char *file, FILE *out, struct err *err)
{
    GString *text = NULL;
    unsigned n = 0;
    if (!strcmp(file, "-"))
        return err_set(err, ERR_USAGE, "--fix needs files, not standard input");
    if (cfg_read_file(file, &text, err))
        return -1;
    g_autofree char *want = meaning(file, text);
    while (want && fix_one(file, &text, want, out))
        n++;
    int r = n ? replace(file, text, err) : 0;
    g_string_free(text, TRUE);
    return r;
}
