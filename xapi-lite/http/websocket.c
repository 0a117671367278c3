/* Way B's side door for browsers: a console in WebSocket frames. */
#include "http/websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wslay/wslay.h>

enum { BLOCK = 16384, MESSAGE_MAX = 1 << 20, QUEUE_MAX = 1 << 20 };

bool websocket_is_asked(const struct http_head *h)
{
    const char *upgrade = http_header(h, "upgrade");
    return upgrade && !g_ascii_strcasecmp(upgrade, "websocket") &&
           http_header(h, "sec-websocket-key");
}

char *websocket_accept_key(const char *key)
{
    g_autofree char *text =
        g_strconcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 digest[20];
    gsize len = sizeof(digest);
    g_checksum_update(sum, (guchar *)text, -1);
    g_checksum_get_digest(sum, digest, &len);
    return g_base64_encode(digest, len);
}

int websocket_accept(struct http_request *r)
{
    g_autofree char *key =
        websocket_accept_key(http_header(&r->head, "sec-websocket-key"));
    const char *offered = http_header(&r->head, "sec-websocket-protocol");
    bool binary = offered && strstr(offered, "binary");
    g_autofree char *head = g_strdup_printf(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n",
        key, binary ? "Sec-WebSocket-Protocol: binary\r\n" : "");
    r->answered = true;
    return http_send(r, head, strlen(head));
}

struct pipe {
    struct http_request *r;
    int fd;
    bool broken;
    GByteArray *to_fd; /* what the console has not taken yet */
};

static ssize_t on_recv(wslay_event_context_ptr ws, uint8_t *buf, size_t len,
                       int flags, void *user)
{
    struct pipe *p = user;
    ssize_t n = recv(p->r->fd, buf, len, MSG_DONTWAIT);
    (void)flags;
    if (n > 0)
        return n;
    bool again = n < 0 && (errno == EAGAIN || errno == EINTR);
    p->broken = p->broken || !again;
    wslay_event_set_error(ws, again ? WSLAY_ERR_WOULDBLOCK
                                    : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t on_send(wslay_event_context_ptr ws, const uint8_t *data,
                       size_t len, int flags, void *user)
{
    struct pipe *p = user;
    ssize_t n = send(p->r->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)flags;
    if (n >= 0)
        return n;
    bool again = errno == EAGAIN || errno == EINTR;
    p->broken = p->broken || !again;
    wslay_event_set_error(ws, again ? WSLAY_ERR_WOULDBLOCK
                                    : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static void on_message(wslay_event_context_ptr ws,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user)
{
    struct pipe *p = user;
    (void)ws;
    if (!wslay_is_ctrl_frame(arg->opcode))
        g_byte_array_append(p->to_fd, arg->msg, (guint)arg->msg_length);
}

/* Console -> browser. */
static void take_console(struct pipe *p, wslay_event_context_ptr ws)
{
    uint8_t buf[BLOCK];
    ssize_t n = read(p->fd, buf, sizeof(buf));
    if (n <= 0) {
        p->broken = !(n < 0 && (errno == EAGAIN || errno == EINTR));
        return;
    }
    struct wslay_event_msg msg = { WSLAY_BINARY_FRAME, buf, (size_t)n };
    wslay_event_queue_msg(ws, &msg);
}

/* Browser -> console. */
static void give_console(struct pipe *p)
{
    ssize_t n = write(p->fd, p->to_fd->data, p->to_fd->len);
    if (n > 0)
        g_byte_array_remove_range(p->to_fd, 0, (guint)n);
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        p->broken = true;
}

static void step(struct pipe *p, wslay_event_context_ptr ws)
{
    bool full = wslay_event_get_queued_msg_length(ws) > QUEUE_MAX;
    struct pollfd f[2] = { { .fd = p->r->fd }, { .fd = p->fd } };
    if (p->to_fd->len < QUEUE_MAX)
        f[0].events |= POLLIN;
    if (wslay_event_want_write(ws))
        f[0].events |= POLLOUT;
    if (!full)
        f[1].events |= POLLIN;
    if (p->to_fd->len)
        f[1].events |= POLLOUT;
    if (poll(f, 2, -1) < 0)
        return;
    if (f[0].revents & (POLLERR | POLLHUP))
        p->broken = true;
    if (f[0].revents & POLLIN && wslay_event_recv(ws))
        p->broken = true;
    if (f[1].revents & (POLLIN | POLLHUP) && !full)
        take_console(p, ws);
    if (f[1].revents & POLLOUT)
        give_console(p);
    if (wslay_event_want_write(ws) && wslay_event_send(ws))
        p->broken = true;
}

void websocket_pump(struct http_request *r, int fd)
{
    struct wslay_event_callbacks calls = { .recv_callback = on_recv,
                                           .send_callback = on_send,
                                           .on_msg_recv_callback = on_message };
    struct pipe p = { .r = r, .fd = fd, .to_fd = g_byte_array_new() };
    wslay_event_context_ptr ws;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    if (wslay_event_context_server_init(&ws, &calls, &p) == 0) {
        wslay_event_config_set_max_recv_msg_length(ws, MESSAGE_MAX);
        while (!p.broken &&
               (wslay_event_want_read(ws) || wslay_event_want_write(ws)))
            step(&p, ws);
        wslay_event_context_free(ws);
    }
    g_byte_array_unref(p.to_fd);
}
