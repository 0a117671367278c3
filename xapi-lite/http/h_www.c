/* GET of files: a web client that the administrator put into www-dir, or a page
 * that says what answers here. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/handler.h"

static const char *type_of(const char *path)
{
    static const struct {
        const char *suffix, *type;
    } types[] = {
        { ".html", "text/html; charset=utf-8" },
        { ".js", "text/javascript" },
        { ".mjs", "text/javascript" },
        { ".css", "text/css" },
        { ".json", "application/json" },
        { ".svg", "image/svg+xml" },
        { ".png", "image/png" },
        { ".ico", "image/x-icon" },
        { ".wasm", "application/wasm" },
        { ".woff2", "font/woff2" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i].suffix))
            return types[i].type;
    return "application/octet-stream";
}

static void send_file(struct http_request *r, int fd, const char *path)
{
    struct stat st;
    char buf[65536];
    ssize_t n;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        http_refuse(r, 404, "%s is not there", r->head.path);
        return;
    }
    if (http_head_send(r, 200, type_of(path), st.st_size, "") ||
        !strcmp(r->head.method, "HEAD"))
        return;
    while ((n = read(fd, buf, sizeof(buf))) > 0)
        if (http_send(r, buf, (size_t)n))
            return;
}

static const char front_page[] =
    "<!DOCTYPE html>\n<html><head><title>xapi-lite</title></head><body>\n"
    "<h1>xapi-lite</h1>\n<p>A XenAPI service answers here: XML-RPC at <code>/"
    "</code>, JSON-RPC at <code>/jsonrpc</code>.</p>\n</body></html>\n";

void handle_www(struct http_request *r)
{
    const char *path = r->head.path;
    bool front = !strcmp(path, "/");
    if (front && !r->www_dir) {
        http_reply(r, "text/html; charset=utf-8", front_page,
                   sizeof(front_page) - 1);
        return;
    }
    /* a name that climbs out of the folder is no name */
    if (!r->www_dir || strstr(path, "..") || strchr(path, '\\')) {
        http_refuse(r, 404, "%s is not there", path);
        return;
    }
    g_autofree char *file =
        g_build_filename(r->www_dir, front ? "index.html" : path, NULL);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        http_refuse(r, 404, "%s is not there", path);
        return;
    }
    send_file(r, fd, file);
    close(fd);
}
