/* An XVA archive out (way B). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rpc/rpc.h"
#include "xva/parts.h"

struct xva_writer {
    enum xva_sum sum;
    struct xva_packer *packer;
};

struct xva_writer *xva_writer_open(enum xva_pack pack, enum xva_sum sum,
                                   xva_write_fn *fn, void *user)
{
    struct xva_writer *w = g_new0(struct xva_writer, 1);
    w->sum = sum;
    w->packer = xva_packer_open(pack, fn, user);
    return w;
}

void xva_writer_close(struct xva_writer *w)
{
    if (!w)
        return;
    xva_packer_close(w->packer);
    g_free(w);
}

static int put(struct xva_writer *w, const void *data, size_t len,
               struct fault *f)
{
    return xva_packer_write(w->packer, data, len, f);
}

static int member(struct xva_writer *w, const char *name, const void *data,
                  size_t len, struct fault *f)
{
    static const uint8_t zeros[TAR_BLOCK];
    uint8_t head[TAR_BLOCK];
    xva_tar_format(head, name, len);
    if (put(w, head, TAR_BLOCK, f) < 0 || put(w, data, len, f) < 0)
        return -1;
    return put(w, zeros, xva_tar_padding(len), f);
}

int xva_write_metadata(struct xva_writer *w, const struct value *ova,
                       struct fault *f)
{
    g_autoptr(GString) xml = g_string_new(NULL);
    rpc_xml_format_value(xml, ova);
    return member(w, "ova.xml", xml->str, xml->len, f);
}

int xva_write_chunk(struct xva_writer *w, const char *disk, uint64_t index,
                    const void *data, size_t len, struct fault *f)
{
    char name[100], sum[XVA_SUM_MAX];
    snprintf(name, sizeof(name), "%.63s/%08" PRIu64, disk, index);
    if (member(w, name, data, len, f) < 0)
        return -1;
    xva_sum_format(w->sum, sum, data, len);
    g_strlcat(name, xva_sum_ending(w->sum), sizeof(name));
    return member(w, name, sum, strlen(sum), f);
}

int xva_writer_end(struct xva_writer *w, struct fault *f)
{
    static const uint8_t zeros[2 * TAR_BLOCK];
    if (put(w, zeros, sizeof(zeros), f) < 0)
        return -1;
    return xva_packer_end(w->packer, f);
}
