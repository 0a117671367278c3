/* The parameters of rrd_updates (way B, an HTTP handler's part). Pure. */
#include <stdlib.h>
#include <string.h>

#include "rrd/rrd.h"

#define SECONDS_MAX (G_GINT64_CONSTANT(1) << 40)

static const char *param(const struct value *params, const char *name)
{
    return value_get_string(value_find(params, name));
}

/* A whole number of seconds that a date can have; absent: fallback. */
static int parse_seconds(const struct value *params, const char *name,
                         int64_t fallback, int64_t *out, struct err *err)
{
    const char *text = param(params, name);
    char *end;
    *out = fallback;
    if (!text)
        return 0;
    gint64 n = g_ascii_strtoll(text, &end, 10);
    if (*text && !g_ascii_isspace(*text) && !*end && n > -SECONDS_MAX &&
        n < SECONDS_MAX) {
        *out = n;
        return 0;
    }
    return err_set(err, ERR_CONFIG, "%s=%s is no whole number of seconds", name,
                   text);
}

static int parse_function(const struct value *params, int *out, struct err *err)
{
    const char *text = param(params, "cf");
    *out = -1;
    if (!text || !*text)
        return 0;
    for (int i = 0; i < RRD_FUNCTIONS; i++)
        if (!g_ascii_strcasecmp(text, rrd_cf_names[i])) {
            *out = i;
            return 0;
        }
    return err_set(err, ERR_CONFIG, "cf=%s is none of AVERAGE, MIN, MAX", text);
}

static int parse_bool(const struct value *params, const char *name, bool *out,
                      struct err *err)
{
    const char *text = param(params, name);
    *out = text && (!g_ascii_strcasecmp(text, "true") || !strcmp(text, "1"));
    if (!text || *out || !*text || !g_ascii_strcasecmp(text, "false") ||
        !g_ascii_strcasecmp(text, "none") || !strcmp(text, "0"))
        return 0;
    return err_set(err, ERR_CONFIG, "%s=%s is neither true nor false", name,
                   text);
}

static int parse_which(const struct value *params, const char *name,
                       const char *fallback, char out[40], struct err *err)
{
    const char *text = param(params, name);
    text = text ? text : fallback;
    g_strlcpy(out, text, 40);
    if (!strcmp(text, "all") || !strcmp(text, "none") ||
        g_uuid_string_is_valid(text))
        return 0;
    return err_set(err, ERR_CONFIG,
                   "%s=%s is neither a uuid nor \"all\" nor \"none\"", name,
                   text);
}

bool rrd_ask_json(const struct value *params, const char *accept)
{
    const char *text = param(params, "json");
    if (text)
        return g_ascii_strcasecmp(text, "false") && strcmp(text, "0");
    return accept && strstr(accept, "application/json") &&
           !strstr(accept, "/xml");
}

int rrd_ask_parse(const struct value *params, const char *accept,
                  struct rrd_ask *out, struct err *err)
{
    struct rrd_query *q = &out->query;
    *out = (struct rrd_ask){ 0 };
    if (!param(params, "start"))
        return err_set(err, ERR_CONFIG,
                       "start= is missing: the first second that is wanted, "
                       "since 1970, or negative: before now");
    q->json = rrd_ask_json(params, accept);
    if (parse_seconds(params, "start", 0, &q->start, err) ||
        parse_seconds(params, "interval", 0, &q->interval, err) ||
        parse_function(params, &q->cf, err) ||
        parse_bool(params, "host", &out->host, err) ||
        parse_which(params, "vm_uuid", "all", out->vm, err))
        return -1;
    return parse_which(params, "sr_uuid", "none", out->sr, err);
}
