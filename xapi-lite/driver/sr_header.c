/* What the heads of disk images say: a scan reads a block of each file instead
 * of starting a program for it (way B). */
#include "driver/sr_header.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"

static uint64_t number(const uint8_t *p, int bytes)
{
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | p[i];
    return n;
}

int header_parse_qcow2(const uint8_t *head, size_t n, struct image_header *out,
                       struct err *err)
{
    enum { EXTERNAL_DATA = 4, VERSION_3_SIZE = 104 };
    *out = (struct image_header){ 0 };
    if (n < 72 || memcmp(head, "QFI\xfb", 4))
        return sr_fail(err, SR_FAIL_VDI, "it is not a qcow2 image");
    uint64_t version = number(head + 4, 4), at = number(head + 8, 8),
             len = number(head + 16, 4);
    if (version < 2 || version > 3)
        return sr_fail(err, SR_FAIL_VDI,
                       "it is a qcow2 image of version %" G_GUINT64_FORMAT
                       ", which is not known",
                       version);
    if (version == 3 &&
        (n < VERSION_3_SIZE || number(head + 72, 8) & EXTERNAL_DATA))
        return sr_fail(err, SR_FAIL_VDI, "its data are in another file");
    out->virtual_size = number(head + 24, 8);
    if (!at || !len)
        return 0;
    if (len >= sizeof out->backing || at > n || len > n - at)
        return sr_fail(err, SR_FAIL_VDI,
                       "the name of its backing file is not where it must be");
    memcpy(out->backing, head + at, len);
    return 0;
}

/* Every entry of its table of tables is 0. */
static bool is_unmapped(int fd, uint64_t at, uint64_t entries)
{
    enum { ENTRIES_MAX = 1 << 20, ENTRY = 8 };
    uint8_t buf[HEADER_SIZE];
    uint64_t left = entries * ENTRY;
    if (entries > ENTRIES_MAX)
        return false;
    while (left) {
        ssize_t n = pread(fd, buf, MIN(left, sizeof buf), (off_t)at);
        if (n <= 0)
            return false;
        for (ssize_t i = 0; i < n; i++)
            if (buf[i])
                return false;
        at += (uint64_t)n;
        left -= (uint64_t)n;
    }
    return true;
}

bool header_is_empty(const char *path)
{
    enum { L1_SIZE = 36, L1_AT = 40, SNAPSHOTS = 60, INCOMPATIBLE = 72 };
    enum { AUTOCLEAR = 88, HEAD = 96 };
    uint8_t head[HEAD];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool empty =
        fd >= 0 && pread(fd, head, sizeof head, 0) == HEAD &&
        !memcmp(head, "QFI\xfb\0\0\0\3", 8) && !number(head + SNAPSHOTS, 4) &&
        !number(head + INCOMPATIBLE, 8) && !number(head + AUTOCLEAR, 8) &&
        is_unmapped(fd, number(head + L1_AT, 8), number(head + L1_SIZE, 4));
    if (fd >= 0)
        close(fd);
    return empty;
}

/* Virtual PC and old QEMUs count in cylinders; all others mean the size. */
static bool counts_in_cylinders(const uint8_t *foot, uint64_t cylinders)
{
    return cylinders &&
           (!memcmp(foot + 28, "vpc ", 4) || !memcmp(foot + 28, "qemu", 4)) &&
           cylinders < 65535U * 16 * 255;
}

int header_parse_vhd(const uint8_t *foot, size_t n, struct image_header *out,
                     struct err *err)
{
    enum { FIXED = 2, DYNAMIC = 3 };
    *out = (struct image_header){ 0 };
    if (n != FOOTER_SIZE || memcmp(foot, "conectix", 8))
        return sr_fail(err, SR_FAIL_VDI, "it is not a vhd image");
    uint64_t type = number(foot + 60, 4);
    if (type != FIXED && type != DYNAMIC)
        return sr_fail(err, SR_FAIL_VDI, "it stands on another vhd image");
    uint64_t sectors = number(foot + 56, 2) * foot[58] * foot[59];
    out->virtual_size = counts_in_cylinders(foot, sectors)
                            ? sectors * 512
                            : number(foot + 48, 8);
    return 0;
}

static int read_from(int fd, const char *format, struct image_header *out,
                     struct err *err)
{
    uint8_t buf[HEADER_SIZE];
    off_t size = lseek(fd, 0, SEEK_END);
    *out = (struct image_header){ .virtual_size = (uint64_t)MAX(size, 0) };
    if (!strcmp(format, "raw"))
        return 0;
    bool vhd = !strcmp(format, "vhd");
    size_t want = vhd ? FOOTER_SIZE : sizeof buf;
    ssize_t n = pread(fd, buf, want, vhd ? MAX(size - FOOTER_SIZE, 0) : 0);
    if (n < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s", g_strerror(errno));
    return vhd ? header_parse_vhd(buf, (size_t)n, out, err)
               : header_parse_qcow2(buf, (size_t)n, out, err);
}

int header_read(const char *path, const char *format, struct image_header *out,
                struct err *err)
{
    ERR_AUTO why = { 0 };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return sr_fail(err, SR_FAIL_VDI, "%s: %s", path, g_strerror(errno));
    int r = read_from(fd, format, out, &why);
    close(fd);
    return r < 0 ? sr_fail(err, SR_FAIL_VDI, "%s: %s", path, why.message) : 0;
}
