/* Bytes to the archive's end: as they are, by gzip or by zstd (way B). */
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "xva/parts.h"

/* Fast ones: disks are large, and most are sent over a network once. */
enum { OUT = 128 * 1024, GZIP_LEVEL = 1, ZSTD_LEVEL = 1, GZIP_BITS = 15 + 16 };

struct xva_packer {
    enum xva_pack pack;
    xva_write_fn *fn;
    void *user;
    z_stream z;
    ZSTD_CCtx *zstd;
    uint8_t *out;
};

int xva_pack_parse(const char *word)
{
    static const struct {
        const char *word;
        enum xva_pack pack;
    } words[] = { { "", XVA_PLAIN },     { "false", XVA_PLAIN },
                  { "none", XVA_PLAIN }, { "true", XVA_GZIP },
                  { "gzip", XVA_GZIP },  { "zstd", XVA_ZSTD } };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (!strcmp(word ? word : "", words[i].word))
            return words[i].pack;
    return -1;
}

struct xva_packer *xva_packer_open(enum xva_pack pack, xva_write_fn *fn,
                                   void *user)
{
    struct xva_packer *p = g_new0(struct xva_packer, 1);
    p->pack = pack;
    p->fn = fn;
    p->user = user;
    p->out = g_malloc(OUT);
    if (pack == XVA_GZIP)
        deflateInit2(&p->z, GZIP_LEVEL, Z_DEFLATED, GZIP_BITS, 8,
                     Z_DEFAULT_STRATEGY);
    if (pack == XVA_ZSTD) {
        p->zstd = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
        ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
    }
    return p;
}

void xva_packer_close(struct xva_packer *p)
{
    if (!p)
        return;
    if (p->pack == XVA_GZIP)
        deflateEnd(&p->z);
    ZSTD_freeCCtx(p->zstd);
    g_free(p->out);
    g_free(p);
}

static int by_gzip(struct xva_packer *p, const void *buf, size_t len, bool end,
                   struct fault *f)
{
    int r = Z_OK;
    p->z.next_in = (Bytef *)buf;
    p->z.avail_in = (uInt)len;
    do {
        p->z.next_out = p->out;
        p->z.avail_out = OUT;
        r = deflate(&p->z, end ? Z_FINISH : Z_NO_FLUSH);
        size_t n = OUT - p->z.avail_out;
        if (r == Z_STREAM_ERROR)
            return fault_set(f, "INTERNAL_ERROR", "gzip failed", NULL);
        if (n && p->fn(p->user, p->out, n, f) < 0)
            return -1;
    } while (p->z.avail_out == 0 || (end && r != Z_STREAM_END));
    return 0;
}

static int by_zstd(struct xva_packer *p, const void *buf, size_t len, bool end,
                   struct fault *f)
{
    ZSTD_inBuffer in = { buf, len, 0 };
    size_t left;
    do {
        ZSTD_outBuffer out = { p->out, OUT, 0 };
        left = ZSTD_compressStream2(p->zstd, &out, &in,
                                    end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return fault_set(f, "INTERNAL_ERROR", ZSTD_getErrorName(left),
                             NULL);
        if (out.pos && p->fn(p->user, p->out, out.pos, f) < 0)
            return -1;
    } while (in.pos < in.size || (end && left));
    return 0;
}

static int pack(struct xva_packer *p, const void *buf, size_t len, bool end,
                struct fault *f)
{
    if (p->pack == XVA_GZIP)
        return by_gzip(p, buf, len, end, f);
    if (p->pack == XVA_ZSTD)
        return by_zstd(p, buf, len, end, f);
    return len ? p->fn(p->user, buf, len, f) : 0;
}

int xva_packer_write(struct xva_packer *p, const void *buf, size_t len,
                     struct fault *f)
{
    return pack(p, buf, len, false, f);
}

int xva_packer_end(struct xva_packer *p, struct fault *f)
{
    return pack(p, NULL, 0, true, f);
}
