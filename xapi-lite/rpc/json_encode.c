/* Way B: what a call answers -> JSON bytes. */
#include <math.h>

#include "rpc/rpc_internal.h"

/* 3: any other control byte, written as \u00HH. */
static const struct rpc_escapes json_escapes = {
    .of = { [0 ... 7] = 3,
            ['\b'] = 4,
            ['\t'] = 5,
            ['\n'] = 6,
            [11] = 3,
            ['\f'] = 7,
            ['\r'] = 8,
            [14 ... 31] = 3,
            ['"'] = 9,
            ['\\'] = 10,
            [128 ... 255] = NON_ASCII },
    .texts = { "", "", "", NULL, "\\b", "\\t", "\\n", "\\f", "\\r", "\\\"",
               "\\\\" },
};

/* A value that is not the first of its container stands behind a comma. A text
 * ends with a quote, so that the last byte tells. */
static GString *next(void *user)
{
    GString *out = user;
    char last = out->len ? out->str[out->len - 1] : ':';
    if (last != '[' && last != '{' && last != ':')
        g_string_append_c(out, ',');
    return out;
}

static void json_null(void *out)
{
    PUT(next(out), "null");
}

static void json_boolean(void *out, bool b)
{
    g_string_append(next(out), b ? "true" : "false");
}

static void json_integer(void *out, int64_t n)
{
    rpc_put_int(next(out), n);
}

static void json_count(void *out, int32_t n)
{
    json_integer(out, n);
}

/* JSON has no word for infinities and NaN: null. A whole number keeps its ".0",
 * so that it stays a float for clients that tell them apart. */
static void json_number(void *out, double d)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(d)) {
        json_null(out);
        return;
    }
    g_ascii_formatd(text, sizeof(text), "%.16g", d);
    g_string_append(next(out), text);
    if (!strpbrk(text, ".e"))
        PUT((GString *)out, ".0");
}

static void put_string(GString *out, const char *text, size_t len)
{
    g_string_append_c(out, '"');
    rpc_put_escaped(out, text, len, &json_escapes);
    g_string_append_c(out, '"');
}

static void json_string(void *out, const char *text, size_t len)
{
    put_string(next(out), text, len);
}

static void json_array_begin(void *out)
{
    g_string_append_c(next(out), '[');
}

static void json_array_end(void *out)
{
    g_string_append_c(out, ']');
}

static void json_object_begin(void *out)
{
    g_string_append_c(next(out), '{');
}

static void json_key(void *out, const char *text, size_t len)
{
    put_string(next(out), text, len);
    g_string_append_c(out, ':');
}

static void json_object_end(void *out)
{
    g_string_append_c(out, '}');
}

const struct emitter rpc_json_emitter = {
    .null = json_null,
    .boolean = json_boolean,
    .integer = json_integer,
    .count = json_count,
    .number = json_number,
    .string = json_string,
    .datetime = json_string,
    .array_begin = json_array_begin,
    .array_end = json_array_end,
    .object_begin = json_object_begin,
    .key = json_key,
    .object_end = json_object_end,
};
