/* Bytes of an archive that may be packed: its first bytes tell (way B). */
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "xva/parts.h"

enum { IN = 128 * 1024, GZIP_BITS = 15 + 16, WINDOW_LOG_MAX = 27 };

struct xva_unpacker {
    enum xva_pack pack;
    bool known, ended; /* what it is; no more packed bytes come */
    bool done;         /* the packed stream is complete */
    xva_read_fn *fn;
    void *user;
    z_stream z;
    ZSTD_DCtx *zstd;
    uint8_t *in;
    size_t at, have;
};

struct xva_unpacker *xva_unpacker_open(xva_read_fn *fn, void *user)
{
    struct xva_unpacker *u = g_new0(struct xva_unpacker, 1);
    u->fn = fn;
    u->user = user;
    u->in = g_malloc(IN);
    return u;
}

void xva_unpacker_close(struct xva_unpacker *u)
{
    if (!u)
        return;
    if (u->known && u->pack == XVA_GZIP)
        inflateEnd(&u->z);
    ZSTD_freeDCtx(u->zstd);
    g_free(u->in);
    g_free(u);
}

bool xva_unpacker_is_plain(const struct xva_unpacker *u)
{
    return u->pack == XVA_PLAIN;
}

bool xva_unpacker_is_whole(const struct xva_unpacker *u)
{
    return u->done;
}

/* More packed bytes, when all were used. */
static int fill(struct xva_unpacker *u, struct fault *f)
{
    if (u->at < u->have || u->ended)
        return 0;
    ssize_t n = u->fn(u->user, u->in, IN, f);
    if (n < 0)
        return -1;
    u->ended = n == 0;
    u->at = 0;
    u->have = (size_t)n;
    return 0;
}

/* RFC 1952: 1f 8b; RFC 8878: 28 b5 2f fd. */
static int find_out(struct xva_unpacker *u, struct fault *f)
{
    static const uint8_t gzip[] = { 0x1f, 0x8b },
                         zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
    while (u->have < sizeof(zstd) && !u->ended) {
        ssize_t n = u->fn(u->user, u->in + u->have, IN - u->have, f);
        if (n < 0)
            return -1;
        u->ended = n == 0;
        u->have += (size_t)n;
    }
    u->known = true;
    if (u->have >= sizeof(gzip) && !memcmp(u->in, gzip, sizeof(gzip))) {
        u->pack = XVA_GZIP;
        inflateInit2(&u->z, GZIP_BITS);
    } else if (u->have >= sizeof(zstd) && !memcmp(u->in, zstd, sizeof(zstd))) {
        u->pack = XVA_ZSTD;
        u->zstd = ZSTD_createDCtx();
        ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    }
    return 0;
}

static int damaged(struct fault *f, const char *by, const char *why)
{
    g_autofree char *text = g_strdup_printf(
        "the archive is damaged: %s says: %s", by, why ? why : "bad data");
    return fault_set(f, "IMPORT_ERROR", text, NULL);
}

static ssize_t from_gzip(struct xva_unpacker *u, void *buf, size_t len,
                         struct fault *f)
{
    u->z.next_in = u->in + u->at;
    u->z.avail_in = (uInt)(u->have - u->at);
    u->z.next_out = buf;
    u->z.avail_out = (uInt)len;
    int r = inflate(&u->z, Z_NO_FLUSH);
    u->at = u->have - u->z.avail_in;
    if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
        return damaged(f, "gzip", u->z.msg);
    u->done = r == Z_STREAM_END;
    return (ssize_t)(len - u->z.avail_out);
}

static ssize_t from_zstd(struct xva_unpacker *u, void *buf, size_t len,
                         struct fault *f)
{
    ZSTD_inBuffer in = { u->in, u->have, u->at };
    ZSTD_outBuffer out = { buf, len, 0 };
    size_t r = ZSTD_decompressStream(u->zstd, &out, &in);
    u->at = in.pos;
    if (ZSTD_isError(r))
        return damaged(f, "zstd", ZSTD_getErrorName(r));
    u->done = r == 0;
    return (ssize_t)out.pos;
}

static ssize_t from_plain(struct xva_unpacker *u, void *buf, size_t len)
{
    size_t n = MIN(len, u->have - u->at);
    memcpy(buf, u->in + u->at, n);
    u->at += n;
    return (ssize_t)n;
}

ssize_t xva_unpacker_read(struct xva_unpacker *u, void *buf, size_t len,
                          struct fault *f)
{
    size_t got = 0;
    if (!u->known && find_out(u, f) < 0)
        return -1;
    while (got < len && !u->done) {
        uint8_t *to = (uint8_t *)buf + got;
        if (fill(u, f) < 0)
            return -1;
        ssize_t n = u->pack == XVA_GZIP   ? from_gzip(u, to, len - got, f)
                    : u->pack == XVA_ZSTD ? from_zstd(u, to, len - got, f)
                                          : from_plain(u, to, len - got);
        if (n < 0)
            return -1;
        if (n == 0 && u->ended)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}
