/* An XVA archive in: every member is checked before it counts (way B). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rpc/rpc.h"
#include "xva/parts.h"

enum { FOLDERS_MAX = 10000, DRAIN_MAX = 1 << 20 };

struct xva_reader {
    struct xva_unpacker *unpacker;
    bool trust;
    unsigned folders;
    struct xva_tar_head head; /* of the member that is read */
    uint8_t *data;            /* of the chunk */
    size_t room;
    char disk[XVA_DISK_NAME]; /* whose chunks come now */
    GHashTable *seen;         /* disks that have ended */
    uint64_t last;            /* index of the chunk before */
    size_t first_len;         /* of the disk's first chunk */
};

struct xva_reader *xva_reader_open(xva_read_fn *fn, void *user)
{
    struct xva_reader *r = g_new0(struct xva_reader, 1);
    r->unpacker = xva_unpacker_open(fn, user);
    r->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return r;
}

void xva_reader_close(struct xva_reader *r)
{
    if (!r)
        return;
    xva_unpacker_close(r->unpacker);
    g_hash_table_destroy(r->seen);
    g_free(r->data);
    g_free(r);
}

void xva_reader_trust(struct xva_reader *r)
{
    r->trust = true;
}

/* ---- members --------------------------------------------------------- */

static int wrong(struct fault *f, const char *why, const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_autofree char *text = g_strdup_printf("%s: \"%s\"", why, valid);
    return fault_set(f, "IMPORT_ERROR", text, NULL);
}

static int unexpected(struct fault *f, const char *wanted, const char *found)
{
    g_autofree char *valid = g_utf8_make_valid(found, -1);
    return fault_set(f, "IMPORT_ERROR_UNEXPECTED_FILE", wanted, valid, NULL);
}

static int take(struct xva_reader *r, void *buf, size_t len, struct fault *f)
{
    ssize_t n = xva_unpacker_read(r->unpacker, buf, len, f);
    if (n < 0)
        return -1;
    return (size_t)n == len ? 0
                            : fault_set(f, "IMPORT_ERROR_PREMATURE_EOF", NULL);
}

/* The next member's head: 1, or 0 at the end, or -1. */
static int next(struct xva_reader *r, struct fault *f)
{
    uint8_t block[TAR_BLOCK];
    do {
        if (take(r, block, TAR_BLOCK, f) < 0)
            return -1;
        int kind = xva_tar_parse(block, &r->head);
        if (kind < 0)
            return fault_set(f, "IMPORT_ERROR",
                             "this is no XVA archive, or it is damaged: the "
                             "head of a member is wrong",
                             NULL);
        if (kind == 0)
            return 0;
        if (r->head.folder && (r->head.size || ++r->folders > FOLDERS_MAX))
            return wrong(f, "a folder cannot stand here", r->head.name);
    } while (r->head.folder);
    return 1;
}

static int contents(struct xva_reader *r, void *buf, struct fault *f)
{
    uint8_t padding[TAR_BLOCK];
    if (take(r, buf, r->head.size, f) < 0)
        return -1;
    return take(r, padding, xva_tar_padding(r->head.size), f);
}

/* Packed data have a checksum behind the archive: it is read, too. */
static int drain(struct xva_reader *r, struct fault *f)
{
    uint8_t block[TAR_BLOCK];
    ssize_t n = 1;
    if (xva_unpacker_is_plain(r->unpacker))
        return 0;
    for (size_t all = 0; n > 0 && all < DRAIN_MAX; all += (size_t)n)
        n = xva_unpacker_read(r->unpacker, block, TAR_BLOCK, f);
    if (n < 0)
        return -1;
    return xva_unpacker_is_whole(r->unpacker)
               ? 0
               : fault_set(f, "IMPORT_ERROR_PREMATURE_EOF", NULL);
}

struct value *xva_read_metadata(struct xva_reader *r, struct fault *f)
{
    ERR_AUTO err = { 0 };
    int kind = next(r, f);
    if (kind < 0)
        return NULL;
    if (kind == 0 || strcmp(r->head.name, "ova.xml")) {
        unexpected(f, "ova.xml", kind ? r->head.name : "");
        return NULL;
    }
    if (r->head.size > XVA_METADATA_MAX) {
        wrong(f, "the description of the VM is too long", r->head.name);
        return NULL;
    }
    g_autofree char *xml = g_malloc(r->head.size + 1);
    if (contents(r, xml, f) < 0)
        return NULL;
    struct value *v = rpc_xml_parse_value(xml, r->head.size, &err);
    if (!v)
        wrong(f, "ova.xml cannot be read", err.message);
    return v;
}

/* ---- chunks ------------------------------------------------------------ */

/* "Ref:4/00000012": one folder of harmless letters, then 8 to 12 digits. */
static bool chunk_name(const char *name, char disk[XVA_DISK_NAME],
                       uint64_t *index)
{
    size_t n = strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ":_-");
    size_t digits = name[n] == '/' ? strspn(name + n + 1, G_CSET_DIGITS) : 0;
    if (!n || n >= XVA_DISK_NAME || digits < 8 || digits > 12 ||
        name[n + 1 + digits])
        return false;
    memcpy(disk, name, n);
    disk[n] = 0;
    *index = g_ascii_strtoull(name + n + 1, NULL, 10);
    return true;
}

/* The chunk fits behind those before. */
static int order(struct xva_reader *r, const char *disk, uint64_t index,
                 bool *first, struct fault *f)
{
    *first = strcmp(disk, r->disk) != 0;
    if (*first && (index || !g_hash_table_add(r->seen, g_strdup(disk))))
        return wrong(f, "a chunk of a disk is not in its place", r->head.name);
    if (!*first && (index <= r->last || r->head.size > r->first_len))
        return wrong(f, "a chunk of a disk is not in its place", r->head.name);
    if (r->head.size > XVA_CHUNK_MAX)
        return wrong(f, "a chunk is too long", r->head.name);
    if (*first)
        r->first_len = r->head.size;
    g_strlcpy(r->disk, disk, sizeof(r->disk));
    r->last = index;
    return 0;
}

/* The member with the checksum of the chunk just read. */
static int verify(struct xva_reader *r, const char *chunk, size_t len,
                  struct fault *f)
{
    char text[XVA_SUM_MAX] = { 0 };
    g_autofree char *wanted = g_strconcat(chunk, ".xxhash", NULL);
    int kind = next(r, f);
    if (kind < 0)
        return -1;
    size_t n = strlen(chunk);
    if (kind == 0 || strncmp(r->head.name, chunk, n))
        return unexpected(f, wanted, kind ? r->head.name : "");
    if (r->head.size >= sizeof(text))
        return wrong(f, "a checksum is too long", r->head.name);
    if (contents(r, text, f) < 0)
        return -1;
    int good = xva_sum_check(r->head.name + n, text, r->data, len);
    if (good < 0)
        return unexpected(f, wanted, r->head.name);
    return good || r->trust
               ? 0
               : fault_set(f, "IMPORT_ERROR_SOME_CHECKSUMS_FAILED", NULL);
}

static void make_room(struct xva_reader *r, size_t len)
{
    if (len <= r->room)
        return;
    g_free(r->data);
    r->data = g_malloc(len);
    r->room = len;
}

int xva_read_chunk(struct xva_reader *r, struct xva_chunk *out, struct fault *f)
{
    uint64_t index;
    char name[sizeof(r->head.name)];
    *out = (struct xva_chunk){ 0 };
    int kind = next(r, f);
    if (kind <= 0)
        return kind < 0 ? -1 : drain(r, f);
    if (!chunk_name(r->head.name, out->disk, &index))
        return unexpected(f, "Ref:N/00000000", r->head.name);
    if (order(r, out->disk, index, &out->first, f) < 0)
        return -1;
    make_room(r, r->head.size);
    out->offset = index * r->first_len;
    out->len = r->head.size;
    g_strlcpy(name, r->head.name, sizeof(name));
    if (contents(r, r->data, f) < 0 || verify(r, name, out->len, f) < 0)
        return -1;
    out->data = r->data;
    return 1;
}
