/* XVA archives: what is written is read the same; what is cut, damaged or
 * hostile is refused with the code that says so. */
#include <stdio.h>
#include <string.h>

#include "../unit.h"
#include "xva/parts.h"

struct bytes {
    GByteArray *all;
    size_t at, step; /* step: bytes a read gives at most */
};

static int write_bytes(void *user, const void *buf, size_t len, struct fault *f)
{
    struct bytes *b = user;
    (void)f;
    g_byte_array_append(b->all, buf, (guint)len);
    return 0;
}

static ssize_t read_bytes(void *user, void *buf, size_t len, struct fault *f)
{
    struct bytes *b = user;
    (void)f;
    len = MIN(len, b->all->len - b->at);
    if (b->step)
        len = MIN(len, b->step);
    memcpy(buf, b->all->data + b->at, len);
    b->at += len;
    return (ssize_t)len;
}

static struct value *ova(void)
{
    static const char text[] = "{\"version\":{\"export_vsn\":\"2\"},"
                               "\"objects\":[]}";
    return value_json_parse(text, strlen(text), NULL);
}

/* An archive with two disks: "abc" and 3 MiB with zeros in the middle. */
static GByteArray *sample(enum xva_pack pack)
{
    struct bytes b = { .all = g_byte_array_new() };
    FAULT_AUTO f = { 0 };
    VALUE_AUTO *meta = ova();
    g_autofree uint8_t *mib = g_malloc0(XVA_CHUNK);
    struct xva_writer *w = xva_writer_open(pack, XVA_XXH64, write_bytes, &b);
    CU_ASSERT_EQUAL(xva_write_metadata(w, meta, &f), 0);
    CU_ASSERT_EQUAL(xva_write_chunk(w, "Ref:1", 0, "abc", 3, &f), 0);
    memset(mib, 'x', XVA_CHUNK);
    CU_ASSERT_EQUAL(xva_write_chunk(w, "Ref:2", 0, mib, XVA_CHUNK, &f), 0);
    memset(mib, 0, XVA_CHUNK);
    CU_ASSERT_EQUAL(xva_write_chunk(w, "Ref:2", 2, mib, XVA_CHUNK, &f), 0);
    CU_ASSERT_EQUAL(xva_writer_end(w, &f), 0);
    xva_writer_close(w);
    return b.all;
}

/* What a reader says of the archive, one line each, or the fault. */
static char *read_all(const GByteArray *archive, size_t step, bool trust)
{
    struct bytes b = { .all = (GByteArray *)archive, .step = step };
    FAULT_AUTO f = { 0 };
    struct xva_chunk c;
    GString *said = g_string_new(NULL);
    struct xva_reader *r = xva_reader_open(read_bytes, &b);
    if (trust)
        xva_reader_trust(r);
    VALUE_AUTO *meta = xva_read_metadata(r, &f);
    if (meta)
        value_json_format(said, meta, false);
    while (meta && xva_read_chunk(r, &c, &f) == 1)
        g_string_append_printf(said, "\n%s%s %" G_GUINT64_FORMAT " %zu %02x",
                               c.disk, c.first ? "!" : "", c.offset, c.len,
                               c.len ? c.data[0] : 0);
    xva_reader_close(r);
    if (f.code) {
        g_autofree char *text = fault_format(&f);
        g_string_printf(said, "%s", text);
    }
    return g_string_free(said, FALSE);
}

static const char whole[] =
    "{\"version\":{\"export_vsn\":\"2\"},\"objects\":[]}"
    "\nRef:1! 0 3 61\nRef:2! 0 1048576 78"
    "\nRef:2 2097152 1048576 00";

static void what_is_written_is_read_the_same(void)
{
    for (int pack = XVA_PLAIN; pack <= XVA_ZSTD; pack++)
        for (size_t step = 0; step < 4096; step = step * 9 + 37) {
            g_autoptr(GByteArray) a = sample(pack);
            g_autofree char *said = read_all(a, step, false);
            UNIT_EQUAL(said, whole);
        }
}

static void packed_archives_are_smaller(void)
{
    g_autoptr(GByteArray) plain = sample(XVA_PLAIN);
    g_autoptr(GByteArray) gzip = sample(XVA_GZIP);
    g_autoptr(GByteArray) zstd = sample(XVA_ZSTD);
    CU_ASSERT(gzip->len < plain->len / 50);
    CU_ASSERT(zstd->len < plain->len / 50);
}

/* ---- archives made by hand --------------------------------------------- */

static void add(GByteArray *a, const char *name, const char *text)
{
    static const uint8_t zeros[TAR_BLOCK];
    uint8_t head[TAR_BLOCK];
    size_t len = strlen(text);
    xva_tar_format(head, name, len);
    g_byte_array_append(a, head, TAR_BLOCK);
    g_byte_array_append(a, (const guint8 *)text, (guint)len);
    g_byte_array_append(a, zeros, (guint)xva_tar_padding(len));
}

#define OVA "<value><struct></struct></value>"

/* Members: name, text, name, text, ..., NULL. */
static char *read_members(bool trust, const char *name,
                          ...) G_GNUC_NULL_TERMINATED;
static char *read_members(bool trust, const char *name, ...)
{
    static const uint8_t zeros[2 * TAR_BLOCK];
    g_autoptr(GByteArray) a = g_byte_array_new();
    va_list ap;
    va_start(ap, name);
    for (; name; name = va_arg(ap, const char *))
        add(a, name, va_arg(ap, const char *));
    va_end(ap);
    g_byte_array_append(a, zeros, sizeof(zeros));
    return read_all(a, 0, trust);
}

#define CHECK_MEMBERS(want, ...)                                               \
    do {                                                                       \
        g_autofree char *said_ = read_members(false, __VA_ARGS__, NULL);       \
        UNIT_EQUAL(said_, want);                                               \
    } while (0)

#define SHA_ABC "a9993e364706816aba3e25717850c26c9cd0d89d"
#define XXH_ABC "44BC2CF5AD770999"

static void both_checksums_are_known(void)
{
    CHECK_MEMBERS("{}\nRef:4! 0 3 61", "ova.xml", OVA, "Ref:4/00000000", "abc",
                  "Ref:4/00000000.xxhash", XXH_ABC);
    CHECK_MEMBERS("{}\nRef:4! 0 3 61", "ova.xml", OVA, "Ref:4/00000000", "abc",
                  "Ref:4/00000000.checksum", SHA_ABC);
    CHECK_MEMBERS("{}\nRef:4! 0 3 61", "./ova.xml", OVA, "./Ref:4/00000000",
                  "abc", "./Ref:4/00000000.xxhash", "44bc2cf5ad770999");
}

static void a_wrong_checksum_is_told(void)
{
    CHECK_MEMBERS("IMPORT_ERROR_SOME_CHECKSUMS_FAILED", "ova.xml", OVA,
                  "Ref:4/00000000", "abd", "Ref:4/00000000.xxhash", XXH_ABC);
    CHECK_MEMBERS("IMPORT_ERROR_SOME_CHECKSUMS_FAILED", "ova.xml", OVA,
                  "Ref:4/00000000", "abd", "Ref:4/00000000.checksum", SHA_ABC);
    g_autofree char *said =
        read_members(true, "ova.xml", OVA, "Ref:4/00000000", "abd",
                     "Ref:4/00000000.xxhash", XXH_ABC, NULL);
    UNIT_EQUAL(said, "{}\nRef:4! 0 3 61");
}

static void each_chunk_needs_its_checksum(void)
{
    CHECK_MEMBERS("IMPORT_ERROR_UNEXPECTED_FILE: "
                  "[ Ref:4/00000000.xxhash; Ref:4/00000001 ]",
                  "ova.xml", OVA, "Ref:4/00000000", "abc", "Ref:4/00000001",
                  "abc");
    CHECK_MEMBERS("IMPORT_ERROR_UNEXPECTED_FILE: "
                  "[ Ref:4/00000000.xxhash; Ref:4/00000000.md5 ]",
                  "ova.xml", OVA, "Ref:4/00000000", "abc", "Ref:4/00000000.md5",
                  "abc");
    CHECK_MEMBERS("IMPORT_ERROR_UNEXPECTED_FILE: [ Ref:4/00000000.xxhash;  ]",
                  "ova.xml", OVA, "Ref:4/00000000", "abc");
}

static void names_outside_of_the_format_are_refused(void)
{
    static const char *const names[] = {
        "../../etc/passwd",
        "/etc/passwd",
        "Ref:4/../../../etc/cron.d/x",
        "Ref:4/0000000",
        "Ref:4/00000000x",
        "Ref:4/0000000000000",
        "Ref:4",
        "/00000000",
        "..//00000000",
        "../00000000",
        "Ref:4/-0000001",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *want = g_strdup_printf("IMPORT_ERROR_UNEXPECTED_FILE: "
                                                "[ Ref:N/00000000; %s ]",
                                                names[i]);
        CHECK_MEMBERS(want, "ova.xml", OVA, names[i], "abc");
    }
    CHECK_MEMBERS("IMPORT_ERROR_UNEXPECTED_FILE: [ ova.xml; ../ova.xml ]",
                  "../ova.xml", OVA);
}

#define MISPLACED(name)                                                        \
    "IMPORT_ERROR: [ a chunk of a disk is not in its place: \"" name "\" ]"

static void chunks_stand_in_order(void)
{
    CHECK_MEMBERS(MISPLACED("Ref:4/00000001"), "ova.xml", OVA, "Ref:4/00000001",
                  "abc", "Ref:4/00000001.xxhash", XXH_ABC);
    CHECK_MEMBERS(MISPLACED("Ref:4/00000000"), "ova.xml", OVA, "Ref:4/00000000",
                  "abc", "Ref:4/00000000.xxhash", XXH_ABC, "Ref:4/00000000",
                  "abc");
    CHECK_MEMBERS(MISPLACED("Ref:4/00000000"), "ova.xml", OVA, "Ref:4/00000000",
                  "abc", "Ref:4/00000000.xxhash", XXH_ABC, "Ref:5/00000000",
                  "abc", "Ref:5/00000000.xxhash", XXH_ABC, "Ref:4/00000000",
                  "abc");
    CHECK_MEMBERS(MISPLACED("Ref:4/00000001"), "ova.xml", OVA, "Ref:4/00000000",
                  "abc", "Ref:4/00000000.xxhash", XXH_ABC, "Ref:4/00000001",
                  "abcd");
    CHECK_MEMBERS("{}\nRef:4! 0 3 61\nRef:4 21 3 61", "ova.xml", OVA,
                  "Ref:4/00000000", "abc", "Ref:4/00000000.xxhash", XXH_ABC,
                  "Ref:4/00000007", "abc", "Ref:4/00000007.xxhash", XXH_ABC);
}

static void hostile_xml_is_refused(void)
{
    static const char bomb[] =
        "<!DOCTYPE v [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        "<value>&b;</value>";
    static const char file[] = "<!DOCTYPE v [<!ENTITY a SYSTEM "
                               "\"file:///etc/passwd\">]><value>&a;</value>";
    const char *const texts[] = { bomb, file, "<value>", "", "<html></html>" };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *said = read_members(false, "ova.xml", texts[i], NULL);
        CU_ASSERT(g_str_has_prefix(said, "IMPORT_ERROR: [ ova.xml cannot be "));
    }
}

static void giant_sizes_are_refused(void)
{
    uint8_t head[TAR_BLOCK];
    g_autoptr(GByteArray) a = g_byte_array_new(), b = g_byte_array_new();
    xva_tar_format(head, "ova.xml", UINT64_C(077777777777));
    g_byte_array_append(a, head, TAR_BLOCK);
    g_autofree char *said = read_all(a, 0, false);
    UNIT_EQUAL(said, "IMPORT_ERROR: [ the description of the VM is too long: "
                     "\"ova.xml\" ]");
    add(b, "ova.xml", OVA);
    xva_tar_format(head, "Ref:1/00000000", XVA_CHUNK_MAX + 1);
    g_byte_array_append(b, head, TAR_BLOCK);
    g_autofree char *more = read_all(b, 0, false);
    UNIT_EQUAL(more, "IMPORT_ERROR: [ a chunk is too long: "
                     "\"Ref:1/00000000\" ]");
}

/* ---- cut and damaged ---------------------------------------------------- */

static GByteArray *small(enum xva_pack pack)
{
    struct bytes b = { .all = g_byte_array_new() };
    FAULT_AUTO f = { 0 };
    VALUE_AUTO *meta = ova();
    struct xva_writer *w = xva_writer_open(pack, XVA_SHA1, write_bytes, &b);
    xva_write_metadata(w, meta, &f);
    xva_write_chunk(w, "Ref:1", 0, "abc", 3, &f);
    xva_writer_end(w, &f);
    xva_writer_close(w);
    return b.all;
}

/* Only the second of the two blocks of zeros may be missing. */
static void a_cut_archive_is_told_wherever_it_was_cut(void)
{
    for (int pack = XVA_PLAIN; pack <= XVA_ZSTD; pack++) {
        g_autoptr(GByteArray) a = small(pack);
        guint len = a->len - (pack == XVA_PLAIN ? TAR_BLOCK : 0);
        for (guint n = 0; n < len; n++) {
            a->len = n;
            g_autofree char *said = read_all(a, 0, false);
            UNIT_EQUAL(said, "IMPORT_ERROR_PREMATURE_EOF");
        }
    }
}

static void a_changed_byte_never_changes_a_disk_unseen(void)
{
    for (int pack = XVA_PLAIN; pack <= XVA_ZSTD; pack++) {
        g_autoptr(GByteArray) a = small(pack);
        g_autofree char *want = read_all(a, 0, false);
        const char *disk = strchr(want, '\n');
        for (guint i = 0; i < a->len * 8; i += 3) {
            a->data[i / 8] ^= (guint8)(1 << i % 8);
            g_autofree char *said = read_all(a, 0, false);
            if (!g_str_has_prefix(said, "IMPORT_ERROR"))
                CU_ASSERT_PTR_NOT_NULL(strstr(said, disk));
            a->data[i / 8] ^= (guint8)(1 << i % 8);
        }
    }
}

static void other_files_are_no_archives(void)
{
    g_autoptr(GByteArray) a = g_byte_array_new();
    for (int i = 0; i < 300; i++)
        g_byte_array_append(a, (const guint8 *)"#!/bin/sh\n", 10);
    g_autofree char *said = read_all(a, 0, false);
    UNIT_EQUAL(said, "IMPORT_ERROR: [ this is no XVA archive, or it is damaged:"
                     " the head of a member is wrong ]");
}

static void the_word_for_packing_is_checked(void)
{
    CU_ASSERT_EQUAL(xva_pack_parse(NULL), XVA_PLAIN);
    CU_ASSERT_EQUAL(xva_pack_parse("false"), XVA_PLAIN);
    CU_ASSERT_EQUAL(xva_pack_parse("true"), XVA_GZIP);
    CU_ASSERT_EQUAL(xva_pack_parse("gzip"), XVA_GZIP);
    CU_ASSERT_EQUAL(xva_pack_parse("zstd"), XVA_ZSTD);
    CU_ASSERT_EQUAL(xva_pack_parse("rar"), -1);
}

const struct unit_test unit_tests[] = {
    { "what is written is read the same, plain, by gzip and by zstd",
      what_is_written_is_read_the_same },
    { "packed archives are smaller", packed_archives_are_smaller },
    { "checksums may be XXH64 or SHA-1", both_checksums_are_known },
    { "a wrong checksum is told, or passed over when asked",
      a_wrong_checksum_is_told },
    { "each chunk needs its checksum", each_chunk_needs_its_checksum },
    { "names outside of the format are refused",
      names_outside_of_the_format_are_refused },
    { "chunks of a disk stand in rising order", chunks_stand_in_order },
    { "entities and XML that is none are refused", hostile_xml_is_refused },
    { "giant sizes are refused before anything is kept",
      giant_sizes_are_refused },
    { "an archive that was cut is told wherever it was cut",
      a_cut_archive_is_told_wherever_it_was_cut },
    { "a changed byte never changes a disk unseen",
      a_changed_byte_never_changes_a_disk_unseen },
    { "other files are no archives", other_files_are_no_archives },
    { "the word for packing is checked", the_word_for_packing_is_checked },
    { 0 },
};
