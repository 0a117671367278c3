/* JSON text to and from the value tree; the lexing is yajl's. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/value.h"

enum { DEPTH_MAX = 200 };

struct reader {
    GPtrArray
        *open; /* containers, innermost last; borrowed but for the first */
    GPtrArray *keys; /* key waiting for its value, one per open container (may
                        be NULL) */
    struct value *root;
    bool too_deep;
};

/* Puts a finished or just opened value where it belongs. */
static void place(struct reader *r, struct value *v)
{
    if (!r->open->len) {
        r->root = v;
        return;
    }
    struct value *top = r->open->pdata[r->open->len - 1];
    if (value_get_type(top) == VALUE_ARRAY) {
        value_push(top, v);
        return;
    }
    char *key = r->keys->pdata[r->keys->len - 1];
    value_set(top, key, v);
    g_free(key);
    r->keys->pdata[r->keys->len - 1] = NULL;
}

static int on_null(void *ctx)
{
    place(ctx, value_null());
    return 1;
}

static int on_bool(void *ctx, int b)
{
    place(ctx, value_bool(b != 0));
    return 1;
}

static int on_number(void *ctx, const char *text, size_t len)
{
    g_autofree char *copy = g_strndup(text, len);
    if (!strpbrk(copy, ".eE")) {
        char *end;
        errno = 0;
        int64_t n = strtoll(copy, &end, 10);
        if (!errno && !*end) {
            place(ctx, value_int(n));
            return 1;
        }
    }
    place(ctx, value_double(g_ascii_strtod(copy, NULL)));
    return 1;
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
    g_autofree char *copy = g_strndup((const char *)text, len);
    place(ctx, value_string(copy));
    return 1;
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
    struct reader *r = ctx;
    g_free(r->keys->pdata[r->keys->len - 1]);
    r->keys->pdata[r->keys->len - 1] = g_strndup((const char *)text, len);
    return 1;
}

static int open_container(struct reader *r, struct value *v)
{
    place(r, v);
    g_ptr_array_add(r->open, v);
    g_ptr_array_add(r->keys, NULL);
    r->too_deep = r->open->len > DEPTH_MAX;
    return !r->too_deep;
}

static int on_start_map(void *ctx)
{
    return open_container(ctx, value_object());
}

static int on_start_array(void *ctx)
{
    return open_container(ctx, value_array());
}

static int on_end(void *ctx)
{
    struct reader *r = ctx;
    g_ptr_array_set_size(r->open, (gint)r->open->len - 1);
    g_ptr_array_set_size(r->keys, (gint)r->keys->len - 1);
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

static int report(struct err *err, const struct reader *r, const char *text,
                  size_t at)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < at; i++) {
        column++;
        if (text[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return err_set(err, ERR_CONFIG, "JSON is %s at line %u, column %u",
                   r->too_deep ? "nested too deeply" : "not valid", line,
                   column);
}

struct value *value_json_parse(const char *text, size_t len, struct err *err)
{
    struct reader r = {
        .open = g_ptr_array_new(),
        .keys = g_ptr_array_new_with_free_func(g_free),
    };
    yajl_handle h = yajl_alloc(&callbacks, NULL, &r);
    yajl_status s = yajl_parse(h, (const unsigned char *)text, len);
    if (s == yajl_status_ok)
        s = yajl_complete_parse(h);
    if (s != yajl_status_ok || !r.root) {
        size_t at = MIN(yajl_get_bytes_consumed(h), len);
        if (s == yajl_status_error && at > 0)
            at--; /* the byte that was refused counts as consumed */
        report(err, &r, text, at);
        value_free(r.root);
        r.root = NULL;
    }
    yajl_free(h);
    g_ptr_array_free(r.open, TRUE);
    g_ptr_array_free(r.keys, TRUE);
    return r.root;
}

static void format_string(GString *out, const char *s)
{
    g_autofree char *valid = NULL;
    if (!g_utf8_validate(s, -1, NULL))
        s = valid = g_utf8_make_valid(s, -1);
    g_string_append_c(out, '"');
    for (const char *p = s; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '\t')
            g_string_append(out, "\\t");
        else if (c < 0x20 || c == 0x7f)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, (char)c);
    }
    g_string_append_c(out, '"');
}

static void format_double(GString *out, double d)
{
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(d)) {
        g_string_append(out, "null"); /* JSON has no NaN and no infinity */
        return;
    }
    g_ascii_formatd(buf, sizeof buf, "%.15g", d);
    if (g_ascii_strtod(buf, NULL) != d)
        g_ascii_dtostr(buf, sizeof buf, d);
    g_string_append(out, buf);
    if (!strpbrk(buf, ".e"))
        g_string_append(out, ".0");
}

static void newline(GString *out, bool pretty, int depth)
{
    if (pretty)
        g_string_append_printf(out, "\n%*s", 2 * depth, "");
}

static void format_at(GString *out, const struct value *v, bool pretty,
                      int depth)
{
    bool object = value_get_type(v) == VALUE_OBJECT;
    switch (value_get_type(v)) {
    case VALUE_NULL:
        g_string_append(out, "null");
        return;
    case VALUE_BOOL:
        g_string_append(out, value_get_bool(v) ? "true" : "false");
        return;
    case VALUE_INT:
        g_string_append_printf(out, "%" PRId64, value_get_int(v));
        return;
    case VALUE_DOUBLE:
        format_double(out, value_get_double(v));
        return;
    case VALUE_STRING:
    case VALUE_DATETIME:
        format_string(out, value_get_string(v));
        return;
    case VALUE_ARRAY:
    case VALUE_OBJECT:
        break;
    }
    g_string_append_c(out, object ? '{' : '[');
    for (size_t i = 0; i < value_count(v); i++) {
        if (i)
            g_string_append_c(out, ',');
        newline(out, pretty, depth + 1);
        if (object) {
            format_string(out, value_key_at(v, i));
            g_string_append(out, pretty ? ": " : ":");
        }
        format_at(out, value_item_at(v, i), pretty, depth + 1);
    }
    if (value_count(v))
        newline(out, pretty, depth);
    g_string_append_c(out, object ? '}' : ']');
}

void value_json_format(GString *out, const struct value *v, bool pretty)
{
    format_at(out, v, pretty, 0);
}
