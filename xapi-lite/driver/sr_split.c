/* Snapshots and clones of disks in files: what both share becomes a base, an
 * empty overlay takes the place of each (way B).
 *
 * A disk is UUID.qcow2 all the time. Whatever moment a split stops at, a scan
 * makes of it the disk as it was: base-ID.qcow2 that nothing stands on is a
 * second name of the disk's file; new-... is removed; what the guest's QEMU
 * writes to gets the disk's name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/qdisk.h"
#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_image.h"
#include "driver/sr_links.h"
#include "driver/sr_more.h"

/* On the disk before a name points to it. */
static int settle(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r = fd < 0 ? -1 : fsync(fd);
    int why = errno;
    if (fd >= 0)
        close(fd);
    return r < 0 ? sr_fail(err, why == ENOSPC ? SR_FAIL_NO_SPACE : 0,
                           "cannot write %s: %s", path, g_strerror(why))
                 : 0;
}

int folder_rename(const char *from, const char *to, struct err *err)
{
    g_autofree char *dir = g_path_get_dirname(to);
    if (settle(from, err) < 0)
        return -1;
    if (rename(from, to) < 0)
        return err_errno(err, ERR_IO, errno, "cannot name %s", to);
    return settle(dir, err);
}

int folder_overlay(const char *path, const char *base, uint64_t size,
                   struct err *err)
{
    char text[24];
    return SR_RUN(SR_QUICK_S, NULL, err, "qemu-img", "create", "-q", "-f",
                  "qcow2", "-F", "qcow2", "-b", base, path,
                  size ? image_number(text, size) : NULL);
}

/* Under a guest: its QEMU goes over to the overlay, which has a name for it
 * besides the one of the disk. *done: it may have done so, even on failure. */
static int swap_live(const char *dir, const struct vdi_spec *from,
                     const char *path, const char *top, bool *done_out,
                     struct err *err)
{
    g_autofree char *over = overs_path(dir, from->location);
    if (from->user < 0)
        return sr_fail(err, SR_FAIL_VDI,
                       "several guests write to the disk; no snapshot of it "
                       "can be made until all but one have unplugged it");
    if (settle(top, err) < 0)
        return -1;
    if (link(top, over) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s", over);
    enum qdisk_answer a = qdisk_snapshot((uint32_t)from->user, path, over, err);
    *done_out = a != QDISK_NO;
    if (a == QDISK_YES)
        return folder_rename(top, path, err);
    if (a == QDISK_NO)
        unlink(over);
    return -1;
}

/* Of a split that failed, unless the disk stands on it already: then the next
 * scan merges them. */
bool folder_drop_base(const char *base, const char *path)
{
    struct stat a, b;
    return stat(base, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev && unlink(base) == 0;
}

static int push_down(const char *dir, const struct vdi_spec *from,
                     const char *path, const char *made, struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *base_name = g_strdup_printf(FOLDER_BASE "%s.qcow2", id);
    g_autofree char *base = g_build_filename(dir, base_name, NULL);
    g_autofree char *top =
        g_strdup_printf("%s/" FOLDER_NEW "top-%s.qcow2", dir, id);
    bool done = false;
    struct image_header head;
    if (!from->live && more_fits(path, &head))
        return more_make(path, &head, made, err);
    if (link(path, base) < 0)
        return err_errno(err, ERR_IO, errno, "cannot keep %s", path);
    int r = folder_overlay(top, base_name, 0, err);
    if (r == 0)
        r = folder_overlay(made, base_name, 0, err);
    if (r == 0)
        r = from->live ? swap_live(dir, from, path, top, &done, err)
                       : folder_rename(top, path, err);
    if (r < 0) {
        if (!done)
            unlink(top);
        if (done || !folder_drop_base(base, path))
            links_discard(dir, strrchr(made, '/') + 1);
    }
    return r;
}

static int copy_whole(const struct vdi_spec *from, const char *path,
                      const char *made, struct err *err)
{
    if (from->live)
        return sr_fail(err, SR_FAIL_VDI,
                       "the disk is written by a running guest and is not in "
                       "qcow2 format; shut the guest down to copy it");
    return SR_RUN(SR_SLOW_S, NULL, err, "cp", "--reflink=auto",
                  "--sparse=always", "--", path, made);
}

int folder_settle(const char *dir, const struct sr_spec *sr,
                  const struct vdi_spec *v, struct err *err)
{
    if (!overs_tidy(dir, v->location, sr->in_use))
        return sr_fail(err, SR_FAIL_VDI,
                       "a snapshot of %s/%s was interrupted and QEMU does not "
                       "answer; shut the guest down",
                       dir, v->location);
    lifts_finish(dir);
    lifts_forget(dir, v->location);
    return 0;
}

int folder_vdi_split(const struct sr_spec *sr, const struct vdi_spec *from,
                     const char *new_uuid, struct vdi_found *out,
                     struct err *err)
{
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = folder_file(dir, from, err);
    const char *format = path ? image_format_of(path) : NULL;
    if (!path)
        return -1;
    g_autofree char *name =
        g_strdup_printf("%s.%s", new_uuid, format ? format : "raw");
    g_autofree char *made = g_strdup_printf("%s/" FOLDER_NEW "%s", dir, name);
    if (from->live && from->user > 0)
        qdisk_quiet((uint32_t)from->user);
    if (folder_settle(dir, sr, from, err) < 0)
        return -1;
    int r = format && !strcmp(format, "qcow2")
                ? push_down(dir, from, path, made, err)
                : copy_whole(from, path, made, err);
    if (r == 0)
        r = folder_finish(dir, made, name, out, err);
    if (r < 0)
        links_discard(dir, strrchr(made, '/') + 1);
    g_autofree char *mark = g_strconcat(FOLDER_NEW, name, LINKS_MORE, NULL);
    more_tidy(dir, mark);
    return r;
}
