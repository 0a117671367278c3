/* The command line of xe: connection options are taken out, all else is for
 * the server. Pure but for the password file. */
#include "xe/args.h"

#include <stdlib.h>
#include <string.h>

static int set_text(char **slot, const char *value)
{
    if (!*slot)
        *slot = g_strdup(value);
    return 0;
}

static int set_bool(bool *slot, const char *value, struct err *err)
{
    static const char *const yes[] = { "true", "t", "yes", "y", "1", NULL };
    static const char *const no[] = { "false", "f", "no", "n", "0", NULL };
    g_autofree char *low = g_ascii_strdown(value, -1);
    if (g_strv_contains(yes, low))
        *slot = true;
    else if (!g_strv_contains(no, low))
        return err_set(err, ERR_USAGE, "\"%s\" is neither true nor false",
                       value);
    return 0;
}

static int set_port(struct xe_args *a, const char *value, struct err *err)
{
    char *end;
    long n = strtol(value, &end, 10);
    if (*end || n < 1 || n > 65535)
        return err_set(err, ERR_USAGE,
                       "\"%s\" is not a port: a number from 1 to 65535", value);
    if (!a->port)
        a->port = (int)n;
    return 0;
}

/* Line 1 is the user, line 2 the password. */
static int read_password_file(struct xe_args *a, const char *path,
                              struct err *err)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) e = NULL;
    if (!g_file_get_contents(path, &text, NULL, &e))
        return err_set(err, ERR_IO, "the password file cannot be read: %s",
                       e->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
    if (g_strv_length(lines) < 2)
        return err_set(err, ERR_CONFIG,
                       "the password file \"%s\" needs the user in line 1 and "
                       "the password in line 2",
                       path);
    set_text(&a->username, g_strchomp(lines[0]));
    return set_text(&a->password, g_strchomp(lines[1]));
}

enum option {
    O_SERVER,
    O_PORT,
    O_USER,
    O_PASSWORD,
    O_PASSWORD_FILE,
    O_NOSSL,
    O_DEBUG,
    O_DEBUG_ON_FAIL,
    O_TRACEPARENT,
};

/* Options of the client: as a switch with a value, or as key=value. */
static const struct row {
    const char *name;
    enum option option;
} switches[] = {
    { "-s", O_SERVER },   { "-h", O_SERVER },         { "-p", O_PORT },
    { "-u", O_USER },     { "-pw", O_PASSWORD },      { "-pwf",
                                                        O_PASSWORD_FILE },
    { 0 },
}, keys[] = {
    { "server", O_SERVER },
    { "port", O_PORT },
    { "username", O_USER },
    { "password", O_PASSWORD },
    { "passwordfile", O_PASSWORD_FILE },
    { "nossl", O_NOSSL },
    { "debug", O_DEBUG },
    { "debugonfail", O_DEBUG_ON_FAIL },
    { "traceparent", O_TRACEPARENT },
    { 0 },
};

static const struct row *row_find(const struct row *rows, const char *name,
                                  size_t len)
{
    for (; rows->name; rows++)
        if (strlen(rows->name) == len && !strncmp(rows->name, name, len))
            return rows;
    return NULL;
}

static int apply(struct xe_args *a, enum option o, const char *value,
                 struct err *err)
{
    switch (o) {
    case O_SERVER:
        return set_text(&a->server, value);
    case O_PORT:
        return set_port(a, value, err);
    case O_USER:
        return set_text(&a->username, value);
    case O_PASSWORD:
        return set_text(&a->password, value);
    case O_PASSWORD_FILE:
        return read_password_file(a, value, err);
    case O_NOSSL:
        return set_bool(&a->nossl, value, err);
    case O_DEBUG:
        return set_bool(&a->debug, value, err);
    case O_DEBUG_ON_FAIL:
        return set_bool(&a->debug_on_fail, value, err);
    case O_TRACEPARENT:
        return set_text(&a->traceparent, value);
    }
    return 0;
}

/* "--nossl" is "nossl=true". 1: taken, 0: a word for the server. */
static int take_word(struct xe_args *a, const char *word, struct err *err)
{
    const char *eq = strchr(word, '=');
    const struct row *row = NULL;
    if (g_str_has_prefix(word, "--")) {
        size_t len = eq ? (size_t)(eq - word - 2) : strlen(word + 2);
        row = row_find(keys, word + 2, len);
        if (row)
            return apply(a, row->option, eq ? eq + 1 : "true", err) ? -1 : 1;
        return 0;
    }
    if (eq)
        row = row_find(keys, word, (size_t)(eq - word));
    if (!row)
        return 0;
    return apply(a, row->option, eq + 1, err) ? -1 : 1;
}

/* A list of words from anywhere; `first` tells where. */
static int take_words(struct xe_args *a, char *const *words, struct err *err)
{
    for (; *words; words++) {
        const char *w = *words;
        const struct row *sw = row_find(switches, w, strlen(w));
        int taken = 0;
        if (!strcmp(w, "-version") || !strcmp(w, "--version")) {
            a->version = true;
            continue;
        }
        if (sw) {
            if (!words[1])
                return err_set(err, ERR_USAGE, "%s needs a value", w);
            if (apply(a, sw->option, *++words, err))
                return -1;
            continue;
        }
        if (w[0] == '-' && w[1] != '-' && w[1])
            return err_set(err, ERR_USAGE, "Unknown switch: %s", w);
        taken = take_word(a, w, err);
        if (taken < 0)
            return -1;
        if (!taken)
            g_ptr_array_add(a->words, g_strdup(w));
    }
    return 0;
}

/* Words between commas; "\," is a comma, "\\" a backslash. */
static GPtrArray *split_extra(const char *extra)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    GString *w = g_string_new(NULL);
    for (const char *p = extra; *p; p++) {
        if (*p == '\\' && (p[1] == ',' || p[1] == '\\')) {
            g_string_append_c(w, *++p);
        } else if (*p == ',') {
            g_ptr_array_add(words, g_strdup(w->str));
            g_string_truncate(w, 0);
        } else {
            g_string_append_c(w, *p);
        }
    }
    if (w->len)
        g_ptr_array_add(words, g_strdup(w->str));
    g_string_free(w, TRUE);
    g_ptr_array_add(words, NULL);
    return words;
}

static GPtrArray *split_file(const char *file)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    for (char **l = lines; *l; l++) {
        g_strstrip(*l);
        if (**l && **l != '#')
            g_ptr_array_add(words, g_strdup(*l));
    }
    g_ptr_array_add(words, NULL);
    return words;
}

/* Words of the environment follow a command; without one they are nothing. */
static int take_more(struct xe_args *a, GPtrArray *words, const char *from,
                     struct err *err)
{
    int r = take_words(a, (char *const *)words->pdata, err);
    g_ptr_array_unref(words);
    return r ? err_context(err, "reading %s", from) : 0;
}

int xe_args_parse(struct xe_args *a, char *const *argv, const char *extra,
                  const char *file, struct err *err)
{
    *a = (struct xe_args){ .words = g_ptr_array_new_with_free_func(g_free) };
    if (take_words(a, argv, err))
        return -1;
    if (!a->words->len)
        return 0;
    if (extra && take_more(a, split_extra(extra), "XE_EXTRA_ARGS", err))
        return -1;
    if (file && take_more(a, split_file(file), "~/.xe", err))
        return -1;
    return 0;
}

void xe_args_dispose(struct xe_args *a)
{
    g_free(a->server);
    g_free(a->username);
    g_free(a->password);
    g_free(a->traceparent);
    if (a->words)
        g_ptr_array_unref(a->words);
    *a = (struct xe_args){ 0 };
}

char *xe_args_body(const struct xe_args *a)
{
    GString *body = g_string_new(NULL);
    for (guint i = 0; i < a->words->len; i++)
        g_string_append_printf(body, "%s\n", (char *)a->words->pdata[i]);
    if (a->debug)
        g_string_append(body, "debug=true\n");
    if (a->username)
        g_string_append_printf(body, "username=%s\n", a->username);
    if (a->password)
        g_string_append_printf(body, "password=%s\n", a->password);
    if (body->len)
        g_string_truncate(body, body->len - 1);
    return g_string_free(body, FALSE);
}

bool xe_args_names_file(const struct xe_args *a, const char *name)
{
    for (guint i = 1; i < a->words->len; i++) {
        const char *eq = strchr(a->words->pdata[i], '=');
        if (eq && !strcmp(eq + 1, name))
            return true;
    }
    return false;
}
