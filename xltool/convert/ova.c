/* The .ovf out of an OVA, a tar file (POSIX ustar), or a file that is one
 * (beside way A). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "convert/convert.h"

enum { BLOCK = 512, NAME_LEN = 100, SIZE_AT = 124, MAGIC_AT = 257 };
#define MOST ((uint64_t)16 << 20) /* of an .ovf */

static ssize_t read_all(int fd, void *buf, size_t len)
{
    size_t got = 0;
    while (got < len) {
        ssize_t n = read(fd, (char *)buf + got, len - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* Octal digits, or (large files) base 256 with the first bit set. */
static uint64_t member_size(const unsigned char *head)
{
    uint64_t n = 0;
    if (head[SIZE_AT] & 0x80) {
        for (int i = 4; i < 12; i++)
            n = n << 8 | head[SIZE_AT + i];
        return n;
    }
    for (int i = 0; i < 12; i++)
        if (head[SIZE_AT + i] >= '0' && head[SIZE_AT + i] <= '7')
            n = n << 3 | (uint64_t)(head[SIZE_AT + i] - '0');
    return n;
}

static int read_member(int fd, const char *path, uint64_t size,
                       GString **text_out, struct err *err)
{
    if (size > MOST)
        return err_set(err, ERR_CONFIG, "the .ovf in %s is too large", path);
    GString *text = g_string_sized_new(size + 1);
    g_string_set_size(text, size);
    if (read_all(fd, text->str, size) != (ssize_t)size) {
        g_string_free(text, TRUE);
        return err_set(err, ERR_IO, "%s ends in the middle of its .ovf", path);
    }
    *text_out = text;
    return 0;
}

static int search(int fd, const char *path, GString **text_out, struct err *err)
{
    unsigned char head[BLOCK];
    if (lseek(fd, 0, SEEK_SET) < 0)
        return err_errno(err, ERR_IO, errno, "cannot read %s", path);
    while (read_all(fd, head, BLOCK) == BLOCK && head[0]) {
        char name[NAME_LEN + 1] = "";
        uint64_t size = member_size(head);
        memcpy(name, head, NAME_LEN);
        if (g_str_has_suffix(name, ".ovf"))
            return read_member(fd, path, size, text_out, err);
        if (size > INT64_MAX / 2 ||
            lseek(fd, (off_t)((size + BLOCK - 1) / BLOCK * BLOCK), SEEK_CUR) <
                0)
            break;
    }
    err_set(err, ERR_CONFIG, "%s holds no .ovf", path);
    return err_hint(err, "An OVA is a tar file with an .ovf in it.");
}

static int read_open(int fd, const char *path, GString **text_out,
                     struct err *err)
{
    unsigned char head[BLOCK] = { 0 };
    ssize_t n = read_all(fd, head, BLOCK);
    if (n < 0)
        return err_errno(err, ERR_IO, errno, "cannot read %s", path);
    if (n == BLOCK && !memcmp(head + MAGIC_AT, "ustar", 5))
        return search(fd, path, text_out, err);
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return err_errno(err, ERR_IO, errno, "cannot read %s", path);
    return read_member(fd, path, (uint64_t)size, text_out, err);
}

int convert_read_ova(const char *path, GString **text_out, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, "cannot open %s", path);
    int r = read_open(fd, path, text_out, err);
    close(fd);
    return r;
}

enum convert_kind convert_guess(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end && (g_ascii_isspace(*text) || (*text & 0x80)))
        text++; /* also a byte order mark */
    if (text == end || *text != '<')
        return CONVERT_CFG;
    return g_strstr_len(text, end - text, "Envelope") ? CONVERT_OVF
                                                      : CONVERT_LIBVIRT;
}
