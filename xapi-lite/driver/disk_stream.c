/* Contents of disks, byte by byte: raw ones directly, images through qemu-nbd,
 * which ends with the connection, so also when this process is killed
 * (way B). */
#include <errno.h>
#include <fcntl.h>
#include <libnbd.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/early_sync.h"
#include "driver/sr_exec.h"
#include "driver/sr_image.h"

enum { ZERO_MAX = 1 << 30, LOOK_MAX = 1 << 30 };

struct disk {
    int fd; /* of the file; of an image only to write, for early_sync */
    struct nbd_handle *nbd;
    bool writable, block;
    uint64_t size;
    size_t unsynced; /* bytes */
    char *path;
};

/* ---- opening --------------------------------------------------------------
 */

static int raw_open(struct disk *d, struct err *err)
{
    struct stat st;
    d->fd = open(d->path, (d->writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (d->fd < 0 || fstat(d->fd, &st) < 0)
        return err_errno(err, ERR_IO, errno, "cannot open %s", d->path);
    d->block = S_ISBLK(st.st_mode);
    d->size = (uint64_t)st.st_size;
    if (d->block && ioctl(d->fd, BLKGETSIZE64, &d->size) < 0)
        return err_errno(err, ERR_IO, errno, "cannot get the size of %s",
                         d->path);
    return 0;
}

static int nbd_failed(const struct disk *d, const char *what, struct err *err)
{
    return sr_fail(err, SR_FAIL_VDI, "%s of %s failed: %s", what, d->path,
                   nbd_get_error());
}

static int image_open(struct disk *d, const char *format, struct err *err)
{
    char *argv[] = { (char *)"qemu-nbd",
                     (char *)"-f",
                     (char *)image_word(format),
                     (char *)"--discard=unmap",
                     d->path,
                     (char *)(d->writable ? NULL : "--read-only"),
                     NULL };
    d->nbd = nbd_create();
    if (!d->nbd || nbd_add_meta_context(d->nbd, LIBNBD_CONTEXT_BASE_ALLOCATION))
        return nbd_failed(d, "opening", err);
    if (nbd_connect_systemd_socket_activation(d->nbd, argv) < 0)
        return nbd_failed(d, "opening", err);
    int64_t size = nbd_get_size(d->nbd);
    if (size < 0)
        return nbd_failed(d, "opening", err);
    d->size = (uint64_t)size;
    if (d->writable)
        d->fd = open(d->path, O_RDONLY | O_CLOEXEC);
    return 0;
}

struct disk *driver_disk_open(const struct vdi_attached *a, bool writable,
                              struct err *err)
{
    struct disk *d = g_new0(struct disk, 1);
    d->fd = -1;
    d->writable = writable;
    d->path = g_strdup(a->path);
    int r = strcmp(a->format, "raw") ? image_open(d, a->format, err)
                                     : raw_open(d, err);
    if (r == 0)
        return d;
    d->writable = false;
    driver_disk_close(d, NULL);
    return NULL;
}

uint64_t driver_disk_bytes(const struct disk *d)
{
    return d->size;
}

int driver_disk_close(struct disk *d, struct err *err)
{
    int r = 0;
    if (!d)
        return 0;
    if (d->writable && d->nbd && nbd_flush(d->nbd, 0) < 0)
        r = nbd_failed(d, "writing", err);
    if (d->writable && !d->nbd && fsync(d->fd) < 0)
        r = err_errno(err, ERR_IO, errno, "cannot write %s", d->path);
    if (d->nbd && r == 0)
        nbd_shutdown(d->nbd, 0); /* qemu-nbd closes the image in order */
    nbd_close(d->nbd);
    if (d->fd >= 0)
        close(d->fd);
    g_free(d->path);
    g_free(d);
    return r;
}

/* ---- reading --------------------------------------------------------------
 */

static int raw_read(struct disk *d, uint64_t at, uint8_t *buf, size_t len,
                    struct err *err)
{
    while (len) {
        ssize_t n = pread(d->fd, buf, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_errno(err, ERR_IO, n ? errno : EIO, "cannot read %s",
                             d->path);
        buf += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

int driver_disk_read(struct disk *d, uint64_t offset, void *buf, size_t len,
                     struct err *err)
{
    if (!d->nbd)
        return raw_read(d, offset, buf, len, err);
    return nbd_pread(d->nbd, buf, len, offset, 0) < 0
               ? nbd_failed(d, "reading", err)
               : 0;
}

struct look {
    uint64_t at;
    bool data;
};

/* Of what a block status tells: walks over the holes at its start. */
static int on_extent(void *user, const char *context, uint64_t offset,
                     uint32_t *entries, size_t n, int *error)
{
    struct look *l = user;
    (void)context, (void)offset, (void)error;
    for (size_t i = 0; i + 1 < n && !l->data; i += 2)
        if (entries[i + 1] & LIBNBD_STATE_ZERO)
            l->at += entries[i];
        else
            l->data = true;
    return 0;
}

static uint64_t nbd_next(struct disk *d, uint64_t offset)
{
    struct look l = { .at = offset };
    while (l.at < d->size && !l.data) {
        uint64_t before = l.at;
        if (nbd_block_status(
                d->nbd, MIN(d->size - l.at, LOOK_MAX), l.at,
                (nbd_extent_callback){ .callback = on_extent, .user_data = &l },
                0) < 0 ||
            (l.at == before && !l.data))
            return before;
    }
    return MIN(l.at, d->size);
}

uint64_t driver_disk_next(struct disk *d, uint64_t offset)
{
    if (offset >= d->size)
        return d->size;
    if (d->nbd)
        return nbd_can_meta_context(d->nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) > 0
                   ? nbd_next(d, offset)
                   : offset;
    off_t at =
        d->block ? (off_t)offset : lseek(d->fd, (off_t)offset, SEEK_DATA);
    if (at < 0)
        return errno == ENXIO ? d->size : offset;
    return (uint64_t)at;
}

/* ---- writing --------------------------------------------------------------
 */

static int raw_write(struct disk *d, uint64_t at, const uint8_t *buf,
                     size_t len, struct err *err)
{
    while (len) {
        ssize_t n = pwrite(d->fd, buf, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == ENOSPC)
            return sr_fail(err, SR_FAIL_NO_SPACE, "cannot write %s: %s",
                           d->path, strerror(errno));
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot write %s", d->path);
        buf += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

int driver_disk_write(struct disk *d, uint64_t offset, const void *buf,
                      size_t len, struct err *err)
{
    early_sync(d->fd, len, &d->unsynced);
    if (!d->nbd)
        return raw_write(d, offset, buf, len, err);
    if (nbd_pwrite(d->nbd, buf, len, offset, 0) == 0)
        return 0;
    return nbd_get_errno() == ENOSPC
               ? sr_fail(err, SR_FAIL_NO_SPACE, "cannot write %s: %s", d->path,
                         strerror(ENOSPC))
               : nbd_failed(d, "writing", err);
}

/* Devices and file systems that cannot punch holes are written to. */
static int raw_zero(struct disk *d, uint64_t offset, uint64_t len,
                    struct err *err)
{
    static const uint8_t zeros[65536];
    uint64_t range[2] = { offset, len };
    if (d->block && ioctl(d->fd, BLKZEROOUT, range) == 0)
        return 0;
    if (!d->block &&
        fallocate(d->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  (off_t)offset, (off_t)len) == 0)
        return 0;
    for (size_t n; len; offset += n, len -= n) {
        n = MIN(len, sizeof(zeros));
        if (raw_write(d, offset, zeros, n, err) < 0)
            return -1;
    }
    return 0;
}

int driver_disk_zero(struct disk *d, uint64_t offset, uint64_t len,
                     struct err *err)
{
    for (uint64_t n; len; offset += n, len -= n) {
        n = MIN(len, ZERO_MAX);
        int r = d->nbd ? nbd_zero(d->nbd, n, offset, 0)
                       : raw_zero(d, offset, n, err);
        if (r < 0)
            return d->nbd ? nbd_failed(d, "writing", err) : -1;
    }
    return 0;
}
