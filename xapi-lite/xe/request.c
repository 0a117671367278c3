/* HTTP/1.0 requests of xe: head out, head in, redirects. */
#include "xe/request.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 16384, REDIRECTS = 5 };

/* "https://host:port/path" -> target and path; a plain path stays with the
 * target it came with. host_out is owned by the caller. */
static const char *split_url(const char *url, struct conn_target *target,
                             char **host_out)
{
    bool tls = g_str_has_prefix(url, "https://");
    if (!tls && !g_str_has_prefix(url, "http://"))
        return url;
    const char *host = strstr(url, "//") + 2;
    const char *path = strchr(host, '/');
    size_t len = path ? (size_t)(path - host) : strlen(host);
    g_free(*host_out);
    *host_out = g_strndup(host, len);
    *target = (struct conn_target){ .host = *host_out, .tls = tls };
    char *colon = strrchr(*host_out, ':');
    if (colon && !strchr(colon, ']')) {
        *colon = 0;
        target->port = atoi(colon + 1);
    }
    return path ? path : "/";
}

int response_parse(const char *head, struct response *out, struct err *err)
{
    int major, minor;
    *out = (struct response){ .length = -1 };
    if (sscanf(head, "HTTP/%d.%d %d", &major, &minor, &out->status) != 3)
        return err_set(err, ERR_IO, "the server did not answer with HTTP");
    g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
    for (char **l = lines + 1; *l; l++) {
        char *colon = strchr(*l, ':');
        if (!colon)
            continue;
        *colon = 0;
        char *value = g_strstrip(colon + 1);
        if (!g_ascii_strcasecmp(*l, "content-length"))
            out->length = g_ascii_strtoll(value, NULL, 10);
        if (!g_ascii_strcasecmp(*l, "location") && !out->location)
            out->location = g_strdup(value);
    }
    return 0;
}

int response_read(struct conn *c, struct response *out, struct err *err)
{
    g_autoptr(GString) head = g_string_new(NULL);
    char byte;
    while (head->len < HEAD_MAX) {
        if (conn_read_full(c, &byte, 1, err))
            return -1;
        if (byte != '\r')
            g_string_append_c(head, byte);
        if (head->len >= 2 &&
            g_str_has_suffix(head->str + head->len - 2, "\n\n"))
            return response_parse(head->str, out, err);
    }
    return err_set(err, ERR_IO, "the server's answer has no end of head");
}

static int send_head(struct conn *c, const struct request *r, const char *path,
                     struct err *err)
{
    g_autoptr(GString) head = g_string_new(NULL);
    g_string_printf(head,
                    "%s %s HTTP/1.0\r\nUser-agent: xe-cli/Unix/0.2\r\n"
                    "Connection: close\r\n",
                    r->method, path);
    if (r->length >= 0)
        g_string_append_printf(head, "Content-length: %" G_GINT64_FORMAT "\r\n",
                               r->length);
    g_string_append(head, "\r\n");
    return conn_write(c, head->str, head->len, err);
}

static int refuse(const struct response *resp, struct err *err)
{
    if (resp->status >= 200 && resp->status < 300)
        return 0;
    return err_set(err, ERR_IO, "the server answered with HTTP status %d",
                   resp->status);
}

/* One round: NULL with *location set is a redirect to follow. */
static struct conn *start_once(const struct conn_target *target,
                               const struct request *r, const char *path,
                               int64_t *length_out, char **location,
                               struct err *err)
{
    struct response resp = { .length = -1 };
    struct conn *c = conn_open(target, err);
    if (!c)
        return NULL;
    bool bad = send_head(c, r, path, err) != 0;
    if (!bad && r->length < 0) {
        bad = response_read(c, &resp, err) != 0;
        if (!bad && resp.status == 302 && resp.location) {
            *location = resp.location;
            conn_close(c);
            return NULL;
        }
        bad = bad || refuse(&resp, err);
        g_free(resp.location);
        *length_out = resp.length;
    }
    if (!bad)
        return c;
    conn_close(c);
    return NULL;
}

struct conn *request_start(const struct conn_target *target,
                           const struct request *r, const char *url,
                           int64_t *length_out, struct err *err)
{
    struct conn_target to = *target;
    g_autofree char *host = NULL, *current = g_strdup(url);
    *length_out = -1;
    for (int i = 0; i <= REDIRECTS; i++) {
        char *location = NULL;
        g_autofree char *path = g_strdup(split_url(current, &to, &host));
        struct conn *c = start_once(&to, r, path, length_out, &location, err);
        if (c || !location)
            return c;
        g_free(current);
        current = location;
    }
    err_set(err, ERR_IO, "the server redirects in a circle");
    return NULL;
}

int request_finish(struct conn *c, struct err *err)
{
    struct response resp;
    if (response_read(c, &resp, err))
        return -1;
    g_free(resp.location);
    return refuse(&resp, err);
}
