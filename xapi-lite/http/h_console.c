/* CONNECT and GET /console: a guest's text terminal or screen, as bytes or in
 * WebSocket frames. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "http/handler.h"
#include "http/websocket.h"
#include "store/store.h"

/* What ref= or uuid= names: a console, or a VM, whose first console of the kind
 * that protocol= asks for (rfb without it) is taken. */
struct wish {
    int domid;
    bool text;
};

static const struct record *find_any(const struct snapshot *s,
                                     const struct http_head *h)
{
    const char *ref = http_query(h, "ref"), *uuid = http_query(h, "uuid");
    const struct record *r = NULL;
    if (ref)
        r = snapshot_find_any(s, ref);
    if (!r && (uuid || ref))
        r = snapshot_find_uuid(s, CLASS_console, uuid ? uuid : ref);
    if (!r && (uuid || ref))
        r = snapshot_find_uuid(s, CLASS_VM, uuid ? uuid : ref);
    return r;
}

static bool has_screen(const struct snapshot *s, const struct record *vm)
{
    for (size_t i = 0; i < record_count(vm, F_VM_consoles); i++) {
        const struct record *c =
            snapshot_find(s, CLASS_console, record_item(vm, F_VM_consoles, i));
        if (c && !strcmp(record_str(c, F_console_protocol), "rfb"))
            return true;
    }
    return false;
}

static int find_wish(struct http_request *r, struct wish *out)
{
    SNAPSHOT_AUTO *s = store_read(r->x->store);
    const struct record *found = find_any(s, &r->head), *vm = found;
    const char *protocol = http_query(&r->head, "protocol");
    enum class_id class = found ? record_class(found)->id : CLASS_COUNT;
    if (class == CLASS_console) {
        vm = snapshot_find(s, CLASS_VM, record_str(found, F_console_VM));
        protocol = record_str(found, F_console_protocol);
    } else if (class != CLASS_VM) {
        return -1;
    }
    if (!vm || record_int(vm, F_VM_domid) < 0)
        return -1;
    out->domid = (int)record_int(vm, F_VM_domid);
    out->text = protocol ? !strcmp(protocol, "vt100") : !has_screen(s, vm);
    return 0;
}

static int open_tty(const char *path)
{
    struct termios t;
    int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && tcgetattr(fd, &t) == 0) {
        cfmakeraw(&t);
        tcsetattr(fd, TCSANOW, &t);
    }
    return fd;
}

static int open_vnc(int port)
{
    struct sockaddr_in sin = { .sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Opens the console, or answers 404. */
static int open_console(struct http_request *r)
{
    struct wish w;
    ERR_AUTO err = { 0 };
    g_autofree char *tty = NULL;
    int vnc = 0, fd = -1;
    if (find_wish(r, &w) || !r->x->driver || !r->consoles) {
        http_refuse(r, 404,
                    "there is no such console; only running VMs have "
                    "one");
        return -1;
    }
    if (r->consoles(r->x->driver, (uint32_t)w.domid, &tty, &vnc, &err)) {
        http_refuse(r, 404, "%s", err.message);
        return -1;
    }
    if (w.text && tty && *tty)
        fd = open_tty(tty);
    else if (!w.text && vnc)
        fd = open_vnc(vnc);
    if (fd < 0)
        http_refuse(r, 404, "the console of the VM cannot be opened");
    return fd;
}

void handle_console(struct http_request *r)
{
    int fd = open_console(r);
    if (fd < 0)
        return;
    static const char ok[] = "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n";
    r->answered = true;
    if (!http_send(r, ok, sizeof(ok) - 1))
        http_pump(r, fd);
    close(fd);
}

void handle_console_websocket(struct http_request *r)
{
    if (!websocket_is_asked(&r->head)) {
        http_refuse(r, 400, "consoles are reached by CONNECT or WebSocket");
        return;
    }
    int fd = open_console(r);
    if (fd < 0)
        return;
    if (!websocket_accept(r))
        websocket_pump(r, fd);
    close(fd);
}
