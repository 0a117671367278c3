/* Heads of HTTP requests, and the handshake of WebSocket. */
#include <string.h>

#include "../unit.h"
#include "http/head.h"
#include "http/websocket.h"

static struct http_head head(const char *text)
{
    struct http_head h;
    ERR_AUTO err = { 0 };
    CU_ASSERT_FATAL(http_head_parse(text, strlen(text), &h, &err) == 0);
    return h;
}

static void the_query_is_decoded(void)
{
    struct http_head h = head("GET /a%20b?x=1&y=%2Fz&x=2&empty=&%zz HTTP/1.1"
                              "\r\n\r\n");
    UNIT_EQUAL(h.method, "GET");
    UNIT_EQUAL(h.path, "/a b");
    UNIT_EQUAL(http_query(&h, "x"), "2");
    UNIT_EQUAL(http_query(&h, "y"), "/z");
    UNIT_EQUAL(http_query(&h, "empty"), "");
    UNIT_EQUAL(http_query(&h, "none"), NULL);
    CU_ASSERT(h.minor == 1 && h.length == -1);
    http_head_dispose(&h);
}

static void headers_and_cookies_are_found(void)
{
    struct http_head h =
        head("PUT /import HTTP/1.0\r\nContent-Length:  1125899906842624 \r\n"
             "COOKIE: a=b; session_id=OpaqueRef%3Ax\r\n\r\n");
    UNIT_EQUAL(http_either(&h, "session_id"), "OpaqueRef:x");
    UNIT_EQUAL(http_header(&h, "content-length"), "1125899906842624");
    CU_ASSERT(h.length == INT64_C(1125899906842624) && h.minor == 0);
    http_head_dispose(&h);
}

static void lines_may_end_without_carriage_return(void)
{
    struct http_head h = head("POST /cli HTTP/1.0\ncontent-length: 3\n\n");
    CU_ASSERT(h.length == 3);
    http_head_dispose(&h);
}

static void heads_that_are_none_are_refused(void)
{
    static const char *const wrong[] = {
        "",
        "\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / FTP/1.0\r\n\r\n",
        "GET / HTTP/1.1 x\r\n\r\n",
        "GET / HTTP/1.1\r\nnocolon\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 5x\r\n\r\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct http_head h;
        CU_ASSERT(http_head_parse(wrong[i], strlen(wrong[i]), &h, NULL) == -1);
    }
}

static void the_end_of_a_head_is_found(void)
{
    CU_ASSERT(http_head_length("GET / HTTP/1.1\r\n\r\nbody", 22) == 18);
    CU_ASSERT(http_head_length("GET / HTTP/1.1\n\nbody", 20) == 16);
    CU_ASSERT(http_head_length("GET / HTTP/1.1\r\nA: b\r\n", 22) == 0);
    CU_ASSERT(http_head_length("", 0) == 0);
}

/* The example of RFC 6455, section 1.3. */
static void the_websocket_key_is_answered(void)
{
    g_autofree char *key = websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ==");
    UNIT_EQUAL(key, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

const struct unit_test unit_tests[] = {
    { "the query of a request is decoded", the_query_is_decoded },
    { "headers and cookies are found", headers_and_cookies_are_found },
    { "lines may end without carriage return",
      lines_may_end_without_carriage_return },
    { "heads that are none are refused", heads_that_are_none_are_refused },
    { "the end of a head is found", the_end_of_a_head_is_found },
    { "the key of a WebSocket is answered", the_websocket_key_is_answered },
    { 0 },
};
