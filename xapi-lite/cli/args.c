/* The words of the command line, inside the daemon. Pure. */
#include <errno.h>
#include <string.h>

#include "cli/internal.h"

/* --flag is flag=true, --name=value is name=value; what is neither is kept as a
 * flag too ("help vm-start"). */
static void take_word(struct cli *c, const char *word)
{
    if (g_str_has_prefix(word, "--"))
        word += 2;
    const char *eq = strchr(word, '=');
    g_autofree char *name =
        eq ? g_strndup(word, (gsize)(eq - word)) : g_strdup(word);
    if (*name && !value_find(c->params, name))
        value_set(c->params, name, value_string(eq ? eq + 1 : "true"));
}

bool cli_parse(struct cli *c, const char *body, size_t len)
{
    g_autofree char *text = g_strndup(body, len);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    c->params = value_object();
    for (char **l = lines; *l; l++) {
        size_t n = strlen(*l);
        if (n && (*l)[n - 1] == '\r')
            (*l)[n - 1] = 0;
        if (!**l)
            continue;
        if (!c->command && !c->session && g_str_has_prefix(*l, "session_id="))
            c->session = g_strdup(*l + 11);
        else if (!c->command)
            c->command = g_strdup(*l);
        else
            take_word(c, *l);
    }
    c->minimal = cli_flag(c, "minimal");
    return c->command != NULL;
}

const char *cli_param(const struct cli *c, const char *name)
{
    return value_get_string(value_find(c->params, name));
}

const char *cli_need(struct cli *c, const char *name)
{
    const char *v = cli_param(c, name);
    if (!v) {
        cli_fail(c, "Required parameter not found: %s", name);
        g_free(c->message);
        c->message = g_strdup_printf("Required parameter not found: %s\n"
                                     "For usage run: 'xe help'\n",
                                     name);
    }
    return v;
}

static int word_bool(const char *text)
{
    static const char *const yes[] = { "true", "t", "yes", "y", "1", NULL };
    static const char *const no[] = { "false", "f", "no", "n", "0", NULL };
    g_autofree char *low = g_ascii_strdown(text, -1);
    return g_strv_contains(yes, low) ? 1 : g_strv_contains(no, low) ? 0 : -1;
}

bool cli_flag(const struct cli *c, const char *name)
{
    const char *v = cli_param(c, name);
    return v && word_bool(v) == 1;
}

int cli_bool(struct cli *c, const char *name, const char *text, bool *out)
{
    int b = word_bool(text);
    if (b < 0)
        return cli_fail(c,
                        "Failed to parse parameter '%s': expecting 'true' or "
                        "'false', got '%s'",
                        name, text);
    *out = b == 1;
    return 0;
}

int cli_int(struct cli *c, const char *name, const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = g_ascii_strtoll(text, &end, 0);
    if (errno || end == text || *end)
        return cli_fail(c,
                        "Failed to parse field '%s': expecting an integer, "
                        "got '%s'",
                        name, text);
    return 0;
}

/* Units by their names in lower case; all binary. */
static const struct {
    const char *name;
    int shift;
} units[] = {
    { "", 0 },     { "b", 0 },    { "bytes", 0 }, { "k", 10 },   { "kb", 10 },
    { "kib", 10 }, { "m", 20 },   { "mb", 20 },   { "mib", 20 }, { "g", 30 },
    { "gb", 30 },  { "gib", 30 }, { "t", 40 },    { "tb", 40 },  { "tib", 40 },
};

int cli_size(struct cli *c, const char *name, const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    int64_t n = g_ascii_strtoll(text, &end, 10);
    g_autofree char *unit = g_ascii_strdown(end, -1);
    g_strstrip(unit);
    for (size_t i = 0; !errno && end != text && i < G_N_ELEMENTS(units); i++) {
        int64_t max = G_MAXINT64 >> units[i].shift;
        if (strcmp(unit, units[i].name) || n > max || n < -max)
            continue;
        *out = n * (INT64_C(1) << units[i].shift);
        return 0;
    }
    return cli_fail(c,
                    "Failed to parse field '%s': expecting an integer "
                    "(possibly with suffix KiB, MiB, GiB, TiB), got '%s'",
                    name, text);
}

struct value *cli_map(const struct cli *c, const char *prefix)
{
    struct value *map = value_object();
    size_t len = strlen(prefix);
    for (size_t i = 0; i < value_count(c->params); i++) {
        const char *name = value_key_at(c->params, i);
        if (!strncmp(name, prefix, len) && name[len] && name[len + 1] &&
            strchr(":-", name[len]))
            value_set(map, name + len + 1,
                      value_copy(value_item_at(c->params, i)));
    }
    return map;
}
