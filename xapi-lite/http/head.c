/* Way B: bytes -> the head of a request that no library reads for us. */
#include "http/head.h"

#include <string.h>

size_t http_head_length(const char *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (data[i] != '\n')
            continue;
        if (data[i + 1] == '\n')
            return i + 2;
        if (i + 2 < len && data[i + 1] == '\r' && data[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

/* %41 -> A; a wrong escape stays as it is. Zero bytes are dropped. */
static char *decode(const char *text, size_t len)
{
    GString *s = g_string_sized_new(len);
    for (size_t i = 0; i < len; i++) {
        int hi = text[i] == '%' && i + 2 < len
                     ? g_ascii_xdigit_value(text[i + 1])
                     : -1;
        int lo = hi >= 0 ? g_ascii_xdigit_value(text[i + 2]) : -1;
        char c = lo >= 0 ? (char)(hi * 16 + lo) : text[i];
        if (lo >= 0)
            i += 2;
        if (c)
            g_string_append_c(s, c);
    }
    return g_string_free(s, FALSE);
}

/* a=b&c=d */
static void parse_query(struct http_head *h, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "&", -1);
    for (char **p = parts; *p; p++) {
        const char *eq = strchr(*p, '=');
        size_t name_len = eq ? (size_t)(eq - *p) : strlen(*p);
        g_autofree char *name = decode(*p, name_len);
        g_autofree char *value =
            decode(eq ? eq + 1 : "", eq ? strlen(eq + 1) : 0);
        if (*name)
            value_set(h->query, name, value_string(value));
    }
}

/* a=b; c=d */
static void parse_cookies(struct http_head *h, const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, ";&", -1);
    for (char **p = parts; *p; p++) {
        char *eq = strchr(g_strstrip(*p), '=');
        if (!eq)
            continue;
        *eq = 0;
        g_autofree char *value = decode(eq + 1, strlen(eq + 1));
        value_set(h->cookies, *p, value_string(value));
    }
}

static int parse_first_line(struct http_head *h, const char *line,
                            struct err *err)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 4);
    if (g_strv_length(words) != 3 || !g_str_has_prefix(words[2], "HTTP/1."))
        return err_set(err, ERR_CONFIG,
                       "the first line is not that of an HTTP "
                       "request");
    h->method = g_strdup(words[0]);
    h->target = g_strdup(words[1]);
    h->minor = words[2][7] == '0' ? 0 : 1;
    const char *mark = strchr(words[1], '?');
    h->path =
        decode(words[1], mark ? (size_t)(mark - words[1]) : strlen(words[1]));
    if (mark)
        parse_query(h, mark + 1);
    return 0;
}

static int parse_header(struct http_head *h, char *line, struct err *err)
{
    char *colon = strchr(line, ':');
    if (!colon)
        return err_set(err, ERR_CONFIG, "a header line has no colon");
    *colon = 0;
    g_autofree char *name = g_ascii_strdown(g_strstrip(line), -1);
    const char *value = g_strstrip(colon + 1);
    value_set(h->headers, name, value_string(value));
    if (!strcmp(name, "cookie"))
        parse_cookies(h, value);
    if (strcmp(name, "content-length"))
        return 0;
    char *end;
    h->length = g_ascii_strtoll(value, &end, 10);
    if (*end || end == value || h->length < 0)
        return err_set(err, ERR_CONFIG, "Content-Length is not a number");
    return 0;
}

int http_head_parse(const char *data, size_t len, struct http_head *out,
                    struct err *err)
{
    g_autofree char *text = g_strndup(data, len);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    *out = (struct http_head){ .query = value_object(),
                               .headers = value_object(),
                               .cookies = value_object(),
                               .length = -1 };
    int r = parse_first_line(out, lines[0] ? g_strchomp(lines[0]) : "", err);
    for (char **l = lines + 1; !r && lines[0] && *l && *g_strchomp(*l); l++)
        r = parse_header(out, *l, err);
    if (r)
        http_head_dispose(out);
    return r;
}

void http_head_dispose(struct http_head *h)
{
    g_free(h->method);
    g_free(h->target);
    g_free(h->path);
    value_free(h->query);
    value_free(h->headers);
    value_free(h->cookies);
    *h = (struct http_head){ 0 };
}

const char *http_query(const struct http_head *h, const char *name)
{
    return value_get_string(value_find(h->query, name));
}

const char *http_header(const struct http_head *h, const char *name)
{
    return value_get_string(value_find(h->headers, name));
}

const char *http_either(const struct http_head *h, const char *name)
{
    const char *v = http_query(h, name);
    return v ? v : value_get_string(value_find(h->cookies, name));
}
