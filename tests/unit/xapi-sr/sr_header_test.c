/* What the storage drivers read of disk images and of LVM's reports. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_header.h"
#include "driver/sr_vg.h"
#include "tests/unit/unit.h"

static void put(uint8_t *at, uint64_t n, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, n >>= 8)
        at[i] = (uint8_t)n;
}

/* A version 3 head with a backing file's name behind it. */
static void make_qcow2(uint8_t head[512], uint64_t size, const char *backing)
{
    memset(head, 0, 512);
    memcpy(head, "QFI\xfb", 4);
    put(head + 4, 3, 4);
    put(head + 24, size, 8);
    put(head + 100, 104, 4);
    if (!backing)
        return;
    put(head + 8, 200, 8);
    put(head + 16, strlen(backing), 4);
    memcpy(head + 200, backing, strlen(backing));
}

static void qcow2_head(void)
{
    uint8_t head[512];
    struct image_header h;
    make_qcow2(head, 10ULL << 30, NULL);
    CU_ASSERT_EQUAL(header_parse_qcow2(head, 512, &h, NULL), 0);
    CU_ASSERT_EQUAL(h.virtual_size, 10ULL << 30);
    UNIT_EQUAL(h.backing, "");
    make_qcow2(head, 512, "base-1.qcow2");
    CU_ASSERT_EQUAL(header_parse_qcow2(head, 512, &h, NULL), 0);
    UNIT_EQUAL(h.backing, "base-1.qcow2");
}

static void refused(const uint8_t *head, size_t n, const char *why)
{
    ERR_AUTO err = { 0 };
    struct image_header h;
    CU_ASSERT_EQUAL(header_parse_qcow2(head, n, &h, &err), -1);
    if (!err.message || !strstr(err.message, why))
        UNIT_EQUAL(err.message, why);
}

static void qcow2_damaged(void)
{
    uint8_t head[512];
    make_qcow2(head, 512, NULL);
    refused(head, 71, "not a qcow2");
    put(head + 4, 9, 4);
    refused(head, 512, "version 9");
    make_qcow2(head, 512, NULL);
    head[0] = 'X';
    refused(head, 512, "not a qcow2");
    make_qcow2(head, 512, NULL);
    put(head + 72, 4, 8);
    refused(head, 512, "in another file");
    make_qcow2(head, 512, "b");
    put(head + 8, 511, 8);
    put(head + 16, 2, 4);
    refused(head, 512, "backing file");
    put(head + 8, UINT64_MAX, 8);
    refused(head, 512, "backing file");
    put(head + 8, 200, 8);
    put(head + 16, 1024, 4);
    refused(head, 512, "backing file");
}

static void make_vhd(uint8_t foot[512], const char *creator, unsigned type)
{
    memset(foot, 0, 512);
    memcpy(foot, "conectix", 8);
    memcpy(foot + 28, creator, 4);
    put(foot + 48, 8 << 20, 8);
    put(foot + 56, 100, 2); /* cylinders */
    foot[58] = 4;
    foot[59] = 17;
    put(foot + 60, type, 4);
}

static void vhd_foot(void)
{
    uint8_t foot[512];
    struct image_header h;
    make_vhd(foot, "qem2", 3);
    CU_ASSERT_EQUAL(header_parse_vhd(foot, 512, &h, NULL), 0);
    CU_ASSERT_EQUAL(h.virtual_size, 8 << 20);
    make_vhd(foot, "vpc ", 3);
    CU_ASSERT_EQUAL(header_parse_vhd(foot, 512, &h, NULL), 0);
    CU_ASSERT_EQUAL(h.virtual_size, 100 * 4 * 17 * 512);
    make_vhd(foot, "tap", 2);
    CU_ASSERT_EQUAL(header_parse_vhd(foot, 512, &h, NULL), 0);
    CU_ASSERT_EQUAL(h.virtual_size, 8 << 20);
    make_vhd(foot, "tap", 4);
    CU_ASSERT_EQUAL(header_parse_vhd(foot, 512, &h, NULL), -1);
    CU_ASSERT_EQUAL(header_parse_vhd(foot, 100, &h, NULL), -1);
}

static void files(void)
{
    struct image_header h;
    ERR_AUTO err = { 0 };
    char path[] = "/tmp/sr-header-XXXXXX";
    int fd = mkstemp(path);
    CU_ASSERT(fd >= 0 && ftruncate(fd, 12345) == 0);
    close(fd);
    CU_ASSERT_EQUAL(header_read(path, "raw", &h, NULL), 0);
    CU_ASSERT_EQUAL(h.virtual_size, 12345);
    CU_ASSERT_EQUAL(header_read(path, "qcow2", &h, &err), -1);
    CU_ASSERT(strstr(err.message, path) != NULL);
    g_unlink(path);
    CU_ASSERT_EQUAL(header_read(path, "raw", &h, NULL), -1);
}

static void lvm_reports(void)
{
    ERR_AUTO err = { 0 };
    VALUE_AUTO *rows = vg_report(
        "{\"report\":[{\"lv\":[{\"lv_name\":\"pool\",\"lv_size\":\"4194304\","
        "\"data_percent\":\"12.50\"},{\"lv_name\":\"x\",\"lv_size\":\"\","
        "\"data_percent\":\"\"}]}]}",
        "lv", &err);
    CU_ASSERT_EQUAL(value_count(rows), 2);
    const struct value *pool = value_at(rows, 0), *x = value_at(rows, 1);
    UNIT_EQUAL(vg_text(pool, "lv_name"), "pool");
    UNIT_EQUAL(vg_text(pool, "none"), "");
    CU_ASSERT_EQUAL(vg_bytes(pool, "lv_size"), 4194304);
    CU_ASSERT_EQUAL(vg_percent(pool, "data_percent"), 12.5);
    CU_ASSERT_EQUAL(vg_bytes(x, "lv_size"), 0);
    CU_ASSERT_EQUAL(vg_percent(x, "data_percent"), 0);
    CU_ASSERT_PTR_NULL(vg_report("{\"report\":[{}]}", "lv", &err));
    CU_ASSERT_PTR_NULL(vg_report("no report", "lv", NULL));
}

const struct unit_test unit_tests[] = {
    { "a qcow2 head tells size and backing file", qcow2_head },
    { "a damaged qcow2 head is refused with the reason", qcow2_damaged },
    { "a vhd's foot tells its size, in cylinders where its maker counts so",
      vhd_foot },
    { "images are read by their format, and named when they are not of it",
      files },
    { "LVM's reports give texts, bytes and percentages", lvm_reports },
    { NULL, NULL },
};
