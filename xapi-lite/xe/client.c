/* The thin client: sends the command line, prints, asks and moves files as the
 * server says. It knows no command. */
#include "xe/client.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/thincli.h"
#include "xe/transfer.h"

struct client {
    const struct xe_args *args;
    struct conn *conn;
    struct transfer transfer;
    GPtrArray *fetched; /* files that were made by this command */
    int exit_code;      /* -1 until the server has said it */
};

static int respond(struct client *c, enum thin_tag tag, int32_t number,
                   struct err *err)
{
    struct thin_message m = { .tag = tag, .number = number };
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    thin_encode(bytes, &m);
    return conn_write(c->conn, bytes->data, bytes->len, err);
}

static int send_blob(struct client *c, const char *data, size_t len,
                     struct err *err)
{
    if (respond(c, THIN_CHUNK, (int32_t)len, err) ||
        conn_write(c->conn, data, len, err))
        return -1;
    return respond(c, THIN_END, 0, err);
}

static int blocked(struct client *c, const char *what, const char *file,
                   struct err *err)
{
    fprintf(stderr,
            "Blocked %s of a file that the command line does not name: "
            "%s\n",
            what, file);
    return respond(c, THIN_FAILED, 0, err);
}

/* A file of at most 2 GiB - 1, whole: certificates, configurations. */
static int do_load(struct client *c, const struct thin_message *m,
                   struct err *err)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) e = NULL;
    gsize len = 0;
    if (!xe_args_names_file(c->args, m->text))
        return blocked(c, "upload", m->text, err);
    if (!g_file_get_contents(m->text, &text, &len, &e) || len > G_MAXINT32) {
        fprintf(stderr, "xe: cannot read \"%s\": %s\n", m->text,
                e ? e->message : "it is too large");
        return respond(c, THIN_FAILED, 0, err);
    }
    if (respond(c, THIN_OK, 0, err))
        return -1;
    return send_blob(c, text, len, err);
}

static int do_print(struct client *c, const struct thin_message *m,
                    struct err *err)
{
    (void)c, (void)err;
    fputs(m->text, stdout);
    fputc('\n', stdout);
    fflush(stdout);
    return 0;
}

static int do_print_stderr(struct client *c, const struct thin_message *m,
                           struct err *err)
{
    (void)c, (void)err;
    fflush(stdout);
    fputs(m->text, stderr);
    return 0;
}

static int do_debug(struct client *c, const struct thin_message *m,
                    struct err *err)
{
    (void)err;
    if (c->args->debug)
        fprintf(stderr, "%s\n", m->text);
    return 0;
}

static int do_error(struct client *c, const struct thin_message *m,
                    struct err *err)
{
    (void)c, (void)err;
    fprintf(stderr, "Error code: %s\nError parameters: ", m->text);
    for (guint i = 0; i < m->list->len; i++)
        fprintf(stderr, "%s%s", i ? ", " : "", (char *)m->list->pdata[i]);
    fputc('\n', stderr);
    return 0;
}

static int do_exit(struct client *c, const struct thin_message *m,
                   struct err *err)
{
    (void)err;
    c->exit_code = m->number & 0xff;
    return 0;
}

static int do_prompt(struct client *c, const struct thin_message *m,
                     struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    (void)m;
    ssize_t n = getline(&line, &size, stdin);
    if (n > 0 && line[n - 1] == '\n')
        n--;
    int r = send_blob(c, n > 0 ? line : "", n > 0 ? (size_t)n : 0, err);
    free(line);
    return r;
}

/* Says how a transfer ended here and to the server. */
static int ended(struct client *c, int result, struct err *cause,
                 struct err *err)
{
    if (result)
        err_print(stderr, "xe", cause);
    return respond(c, result ? THIN_FAILED : THIN_OK, 0, err);
}

static int do_get(struct client *c, const struct thin_message *m,
                  struct err *err)
{
    ERR_AUTO cause = { 0 };
    if (*m->text && !xe_args_names_file(c->args, m->text))
        return blocked(c, "download", m->text, err);
    int r = transfer_get(&c->transfer, m->text, m->url, &cause);
    if (r == 0 && *m->text)
        g_ptr_array_add(c->fetched, g_strdup(m->text));
    return ended(c, r, &cause, err);
}

static int do_put(struct client *c, const struct thin_message *m,
                  struct err *err)
{
    ERR_AUTO cause = { 0 };
    if (*m->text && !xe_args_names_file(c->args, m->text))
        return blocked(c, "upload", m->text, err);
    return ended(c, transfer_put(&c->transfer, m->text, m->url, &cause), &cause,
                 err);
}

static int do_connect(struct client *c, const struct thin_message *m,
                      struct err *err)
{
    ERR_AUTO cause = { 0 };
    return ended(c, transfer_connect(&c->transfer, m->text, &cause), &cause,
                 err);
}

static const struct row {
    enum thin_tag tag;
    int (*run)(struct client *c, const struct thin_message *m, struct err *err);
} rows[] = {
    { THIN_PRINT, do_print },  { THIN_PRINT_STDERR, do_print_stderr },
    { THIN_DEBUG, do_debug },  { THIN_ERROR, do_error },
    { THIN_EXIT, do_exit },    { THIN_PROMPT, do_prompt },
    { THIN_LOAD, do_load },    { THIN_HTTP_GET, do_get },
    { THIN_HTTP_PUT, do_put }, { THIN_HTTP_CONNECT, do_connect },
};

static int handle(struct client *c, const struct thin_message *m,
                  struct err *err)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].tag == m->tag)
            return rows[i].run(c, m, err);
    return err_set(err, ERR_IO, "the server sent what only a client sends");
}

/* Reads one message; the body's memory lives only here. */
static int next_message(struct client *c, struct thin_message *m,
                        struct err *err)
{
    uint8_t head[4];
    uint32_t len;
    if (conn_read_full(c->conn, head, sizeof(head), err) ||
        thin_length(head, &len, err))
        return -1;
    g_autofree uint8_t *body = g_malloc(len ? len : 1);
    if (conn_read_full(c->conn, body, len, err))
        return -1;
    return thin_decode(body, len, m, err);
}

static int send_request(struct client *c, struct err *err)
{
    g_autofree char *body = xe_args_body(c->args);
    g_autofree char *trace =
        c->args->traceparent
            ? g_strdup_printf("traceparent: %s\r\n", c->args->traceparent)
            : g_strdup("");
    g_autofree char *head =
        g_strdup_printf("POST /cli HTTP/1.0\r\n"
                        "User-agent: xe-cli/Unix/0.2\r\n"
                        "originator: cli\r\n%scontent-length: %zu\r\n\r\n",
                        trace, strlen(body));
    if (conn_write(c->conn, head, strlen(head), err))
        return -1;
    return conn_write(c->conn, body, strlen(body), err);
}

static int greet(struct client *c, struct err *err)
{
    uint8_t mine[THIN_GREETING], peer[THIN_GREETING];
    int32_t minor;
    if (conn_read_full(c->conn, peer, sizeof(peer), err) ||
        thin_check_greeting(peer, &minor, err))
        return -1;
    thin_greet(mine);
    return conn_write(c->conn, mine, sizeof(mine), err);
}

static int serve(struct client *c, struct err *err)
{
    while (c->exit_code < 0) {
        struct thin_message m;
        if (next_message(c, &m, err))
            return -1;
        int r = handle(c, &m, err);
        thin_message_dispose(&m);
        if (r)
            return -1;
    }
    return 0;
}

static bool wants_progress(const struct xe_args *a)
{
    for (guint i = 1; i < a->words->len; i++)
        if (!strcmp(a->words->pdata[i], "--progress") ||
            !strcmp(a->words->pdata[i], "progress=true"))
            return true;
    return false;
}

/* A download without a length may have ended early: the server knows, and its
 * exit code says it. */
static void remove_fetched(const struct client *c)
{
    for (guint i = 0; i < c->fetched->len; i++)
        unlink(c->fetched->pdata[i]);
}

int client_run(const struct xe_args *a, struct err *err)
{
    bool here = !a->server || !strcmp(a->server, "127.0.0.1");
    g_autoptr(GPtrArray) fetched = g_ptr_array_new_with_free_func(g_free);
    struct client c = { .args = a, .fetched = fetched, .exit_code = -1 };
    c.transfer.target =
        (struct conn_target){ .host = here ? NULL : a->server,
                              .port = a->port,
                              .tls = !here && !a->nossl && *a->server != '/' };
    c.transfer.progress = wants_progress(a);
    c.conn = conn_open(&c.transfer.target, err);
    if (!c.conn)
        return -1;
    int r = send_request(&c, err) || greet(&c, err) || serve(&c, err) ? -1 : 0;
    conn_close(c.conn);
    if (r || c.exit_code)
        remove_fetched(&c);
    return r ? -1 : c.exit_code;
}
