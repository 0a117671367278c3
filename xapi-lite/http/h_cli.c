/* POST /cli: the thin client's command line. */
#include "cli/cli.h"

#include "http/handler.h"

enum { WORDS_MAX = 200 * 1024 }; /* bytes, as in XenAPI */

void handle_cli(struct http_request *r)
{
    ERR_AUTO err = { 0 };
    if (r->head.length < 0 || r->head.length > WORDS_MAX) {
        http_refuse(r, 413,
                    "a command line has at most 200 KiB and says its "
                    "length");
        return;
    }
    size_t len = (size_t)r->head.length, done = 0;
    g_autofree char *words = g_malloc(len + 1);
    while (done < len) {
        ssize_t n = http_body_read(r, words + done, len - done, &err);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
    r->answered = true; /* the thin client expects no HTTP answer */
    cli_serve(r->x, r->fd, words, len, r->root, r->client);
}
