/* Settings of the daemon: from rows, the command line, and a file in the
 * language of xl.cfg. */
#include "daemon/settings.h"

#include <errno.h>
#include <glib.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/cfg.h"

static const struct row {
    const char *name, *text, *meaning;
    int number, min, max;
    size_t offset;
} rows[] = {
#define TEXT(name, dflt, meaning)                                              \
    { #name, dflt, meaning, 0, 0, 0, offsetof(struct settings, name) },
#define NUMBER(name, dflt, min, max, meaning)                                  \
    { #name, NULL, meaning, dflt, min, max, offsetof(struct settings, name) },
#include "daemon/settings.def"
#undef TEXT
#undef NUMBER
};

enum { NROWS = G_N_ELEMENTS(rows) };

static char **text_at(struct settings *s, const struct row *r)
{
    return (char **)(void *)((char *)s + r->offset);
}

static int *number_at(struct settings *s, const struct row *r)
{
    return (int *)(void *)((char *)s + r->offset);
}

static int set(struct settings *s, const struct row *r, const char *text,
               struct err *err)
{
    char *end;
    if (r->text) {
        g_free(*text_at(s, r));
        *text_at(s, r) = g_strdup(text);
        return 0;
    }
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno || end == text || *end || n < r->min || n > r->max)
        return err_set(err, ERR_CONFIG,
                       "%s must be a number from %d to %d, not \"%s\"", r->name,
                       r->min, r->max, text);
    *number_at(s, r) = (int)n;
    return 0;
}

/* "tcp-port" and "tcp_port" are the same. */
static const struct row *row_find(const char *name, size_t len)
{
    for (size_t i = 0; i < NROWS; i++) {
        if (strlen(rows[i].name) != len)
            continue;
        size_t j = 0;
        while (j < len && (name[j] == rows[i].name[j] ||
                           (name[j] == '-' && rows[i].name[j] == '_')))
            j++;
        if (j == len)
            return &rows[i];
    }
    return NULL;
}

/* ---- the command line
 * ------------------------------------------------------------ */

static bool take_flag(struct settings *s, const char *word)
{
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {
        { "--no-xen", &s->no_xen },  { "--debug", &s->debug },
        { "--check", &s->check },    { "--version", &s->show_version },
        { "--help", &s->show_help }, { "-h", &s->show_help },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (!strcmp(flags[i].word, word)) {
            *flags[i].flag = true;
            return true;
        }
    return false;
}

/* --name=value and --name value; `seen` notes the rows that were set. */
static int take_option(struct settings *s, char ***at, bool *seen,
                       struct err *err)
{
    const char *word = **at + 2, *eq = strchr(word, '=');
    size_t len = eq ? (size_t)(eq - word) : strlen(word);
    const char *value = eq ? eq + 1 : (*at)[1];
    const struct row *r = row_find(word, len);
    bool file = !strncmp(word, "config", len) && len == 6;
    if (!r && !file)
        return err_set(err, ERR_USAGE, "unknown option --%.*s", (int)len, word);
    if (!value)
        return err_set(err, ERR_USAGE, "--%s needs a value", word);
    if (!eq)
        (*at)++;
    if (file) {
        g_free(s->file);
        s->file = g_strdup(value);
        return 0;
    }
    seen[r - rows] = true;
    return set(s, r, value, err);
}

static int read_words(struct settings *s, char **argv, bool *seen,
                      struct err *err)
{
    for (char **w = argv + 1; *w; w++) {
        if (take_flag(s, *w))
            continue;
        if (strncmp(*w, "--", 2))
            return err_set(err, ERR_USAGE, "unexpected word \"%s\"", *w);
        if (take_option(s, &w, seen, err))
            return -1;
    }
    return 0;
}

/* ---- the file
 * ----------------------------------------------------------------------- */

static const char *nearest(const char *name)
{
    const char *names[NROWS + 1] = { 0 };
    for (size_t i = 0; i < NROWS; i++)
        names[i] = rows[i].name;
    return diag_nearest(name, names);
}

static void unknown_key(struct cfg *cfg, const struct cfg_setting *k)
{
    const char *near = nearest(k->name);
    diag_take(&cfg->diags, DIAG_ERROR, "unknown-key", k->pos,
              g_strdup_printf("there is no setting \"%s\"", k->name),
              near ? g_strdup_printf("did you mean \"%s\"?", near) : NULL);
}

static void take_key(struct settings *s, struct cfg *cfg,
                     const struct cfg_setting *k, const bool *seen)
{
    const struct row *r = row_find(k->name, strlen(k->name));
    ERR_AUTO err = { 0 };
    if (!r) {
        unknown_key(cfg, k);
    } else if (k->value->kind == CFG_LIST) {
        diag_add(&cfg->diags, DIAG_ERROR, "wrong-type", k->value->pos,
                 "%s takes one value, not a list", k->name);
    } else if (!seen[r - rows] && set(s, r, k->value->text, &err)) {
        diag_add(&cfg->diags, DIAG_ERROR, "wrong-value", k->value->pos, "%s",
                 err.message);
    }
}

static int read_file(struct settings *s, const bool *seen, struct err *err)
{
    const char *path = s->file ? s->file : SETTINGS_FILE;
    GString *text = NULL;
    if (!s->file && !g_file_test(path, G_FILE_TEST_EXISTS))
        return 0;
    if (cfg_read_file(path, &text, err))
        return -1;
    struct cfg *cfg = cfg_parse(path, text->str, text->len, NULL);
    for (guint i = 0; i < cfg->settings->len; i++)
        take_key(s, cfg, cfg->settings->pdata[i], seen);
    unsigned bad = diags_count(&cfg->diags, DIAG_ERROR);
    diags_print(stderr, &cfg->diags, DIAG_WARNING);
    cfg_free(cfg);
    g_string_free(text, TRUE);
    if (bad)
        return err_set(err, ERR_CONFIG, "%s has %u mistake(s), shown above",
                       path, bad);
    return 0;
}

int settings_read(struct settings *s, int argc, char **argv, struct err *err)
{
    bool seen[NROWS] = { false };
    (void)argc;
    *s = (struct settings){ 0 };
    for (size_t i = 0; i < NROWS; i++)
        if (rows[i].text)
            *text_at(s, &rows[i]) = g_strdup(rows[i].text);
        else
            *number_at(s, &rows[i]) = rows[i].number;
    if (read_words(s, argv, seen, err))
        return -1;
    return s->show_help || s->show_version ? 0 : read_file(s, seen, err);
}

void settings_dispose(struct settings *s)
{
    for (size_t i = 0; i < NROWS; i++)
        if (rows[i].text)
            g_free(*text_at(s, &rows[i]));
    g_free(s->file);
    *s = (struct settings){ 0 };
}

void settings_usage(void)
{
    puts("usage: xapi-lite [--config FILE] [--no-xen] [--debug] [--check]\n"
         "                 [--SETTING=VALUE...]\n\n"
         "Serves XenAPI on this host. Settings, here or in " SETTINGS_FILE
         ":\n");
    for (size_t i = 0; i < NROWS; i++) {
        if (rows[i].text)
            printf("  %-16s %s (\"%s\")\n", rows[i].name, rows[i].meaning,
                   rows[i].text);
        else
            printf("  %-16s %s (%d)\n", rows[i].name, rows[i].meaning,
                   rows[i].number);
    }
    puts("\n  --no-xen   serve records without a hypervisor: guests cannot be "
         "started\n  --check    read the settings and end\n  --debug    log "
         "more");
}
