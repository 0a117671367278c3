/* Thin-CLI messages to and from bytes; pure, used by both ends. */
#include "base/thincli.h"

#include <string.h>

enum body_tag { BODY_COMMAND = 9, BODY_RESPONSE = 10, BODY_BLOB = 11 };

/* What follows the tag of each message. */
static const struct row {
    enum thin_tag tag;
    enum body_tag body;
    unsigned char text, url, number, list;
} rows[] = {
    { THIN_PRINT, BODY_COMMAND, 1, 0, 0, 0 },
    { THIN_DEBUG, BODY_COMMAND, 1, 0, 0, 0 },
    { THIN_LOAD, BODY_COMMAND, 1, 0, 0, 0 },
    { THIN_HTTP_GET, BODY_COMMAND, 1, 1, 0, 0 },
    { THIN_HTTP_PUT, BODY_COMMAND, 1, 1, 0, 0 },
    { THIN_HTTP_CONNECT, BODY_COMMAND, 1, 0, 0, 0 },
    { THIN_PROMPT, BODY_COMMAND, 0, 0, 0, 0 },
    { THIN_EXIT, BODY_COMMAND, 0, 0, 1, 0 },
    { THIN_ERROR, BODY_COMMAND, 1, 0, 0, 1 },
    { THIN_PRINT_STDERR, BODY_COMMAND, 1, 0, 0, 0 },
    { THIN_OK, BODY_RESPONSE, 0, 0, 0, 0 },
    { THIN_WAIT, BODY_RESPONSE, 0, 0, 0, 0 },
    { THIN_FAILED, BODY_RESPONSE, 0, 0, 0, 0 },
    { THIN_CHUNK, BODY_BLOB, 0, 0, 1, 0 },
    { THIN_END, BODY_BLOB, 0, 0, 0, 0 },
};

static const struct row *row_find(uint32_t body, uint32_t tag)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].tag == tag && (!body || rows[i].body == body))
            return &rows[i];
    return NULL;
}

static void put_int(GByteArray *out, uint32_t n)
{
    uint32_t le = GUINT32_TO_LE(n);
    g_byte_array_append(out, (const guint8 *)&le, 4);
}

static void put_text(GByteArray *out, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    put_int(out, (uint32_t)len);
    if (len)
        g_byte_array_append(out, (const guint8 *)text, (guint)len);
}

void thin_encode(GByteArray *out, const struct thin_message *m)
{
    const struct row *row = row_find(0, m->tag);
    guint start = out->len;
    g_assert(row);
    put_int(out, 0); /* the length, known at the end */
    put_int(out, row->body);
    put_int(out, row->tag);
    if (row->text)
        put_text(out, m->text);
    if (row->url)
        put_text(out, m->url);
    if (row->number)
        put_int(out, (uint32_t)m->number);
    if (row->list) {
        guint n = m->list ? m->list->len : 0;
        put_int(out, n);
        for (guint i = 0; i < n; i++)
            put_text(out, m->list->pdata[i]);
    }
    uint32_t len = GUINT32_TO_LE(out->len - start - 4);
    memcpy(out->data + start, &len, 4);
}

/* The rest of a body while it is read. */
struct cursor {
    const uint8_t *at;
    size_t left;
    bool bad;
};

static uint32_t get_int(struct cursor *c)
{
    uint32_t le;
    if (c->left < 4) {
        c->bad = true;
        return 0;
    }
    memcpy(&le, c->at, 4);
    c->at += 4;
    c->left -= 4;
    return GUINT32_FROM_LE(le);
}

static char *get_text(struct cursor *c)
{
    uint32_t len = get_int(c);
    if (c->bad || len > c->left) {
        c->bad = true;
        return NULL;
    }
    char *text = g_strndup((const char *)c->at, len);
    c->at += len;
    c->left -= len;
    return text;
}

static void get_list(struct cursor *c, struct thin_message *m)
{
    uint32_t n = get_int(c);
    m->list = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < n && !c->bad; i++)
        g_ptr_array_add(m->list, get_text(c));
}

int thin_decode(const uint8_t *body, size_t len, struct thin_message *out,
                struct err *err)
{
    struct cursor c = { .at = body, .left = len };
    uint32_t kind = get_int(&c), tag = get_int(&c);
    const struct row *row = c.bad ? NULL : row_find(kind, tag);
    *out = (struct thin_message){ 0 };
    if (!row || !kind)
        return err_set(err, ERR_IO,
                       "the peer sent a message that this version of the "
                       "thin-CLI protocol does not have");
    out->tag = row->tag;
    if (row->text)
        out->text = get_text(&c);
    if (row->url)
        out->url = get_text(&c);
    if (row->number)
        out->number = (int32_t)get_int(&c);
    if (row->list)
        get_list(&c, out);
    if (!c.bad)
        return 0;
    thin_message_dispose(out);
    return err_set(err, ERR_IO, "the peer sent a thin-CLI message cut short");
}

void thin_message_dispose(struct thin_message *m)
{
    g_free(m->text);
    g_free(m->url);
    if (m->list)
        g_ptr_array_unref(m->list);
    *m = (struct thin_message){ 0 };
}

void thin_greet(uint8_t out[THIN_GREETING])
{
    uint32_t major = GUINT32_TO_LE(THIN_MAJOR);
    uint32_t minor = GUINT32_TO_LE(THIN_MINOR);
    memcpy(out, THIN_MAGIC, 27);
    memcpy(out + 27, &major, 4);
    memcpy(out + 31, &minor, 4);
}

int thin_check_greeting(const uint8_t in[THIN_GREETING], int32_t *minor_out,
                        struct err *err)
{
    uint32_t major, minor;
    memcpy(&major, in + 27, 4);
    memcpy(&minor, in + 31, 4);
    major = GUINT32_FROM_LE(major);
    *minor_out = (int32_t)GUINT32_FROM_LE(minor);
    if (memcmp(in, THIN_MAGIC, 27))
        return err_set(err, ERR_IO,
                       "the peer does not speak the thin-CLI "
                       "protocol");
    if (major != THIN_MAJOR)
        return err_set(err, ERR_IO,
                       "the peer speaks version %u of the thin-CLI protocol, "
                       "this program %d",
                       major, THIN_MAJOR);
    return 0;
}

int thin_length(const uint8_t in[4], uint32_t *len_out, struct err *err)
{
    uint32_t le;
    memcpy(&le, in, 4);
    *len_out = GUINT32_FROM_LE(le);
    if (*len_out > THIN_MESSAGE_MAX)
        return err_set(err, ERR_IO,
                       "the peer announced a thin-CLI message of %u bytes, "
                       "more than any has",
                       *len_out);
    return 0;
}
