/* Disks in files that go back to one state whenever their guest starts
 * (way B).
 *
 * The state is a base that the disk alone stands on. It has no mark (see
 * sr_links.h), so no scan merges it; going back is an empty overlay in the
 * disk's place. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_header.h"
#include "driver/sr_image.h"
#include "driver/sr_links.h"

/* An empty overlay of the disk's size on the base takes the disk's name. */
static int put_top(const char *dir, const char *path, const char *base,
                   struct err *err)
{
    struct image_header head;
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *top =
        g_strdup_printf("%s/" FOLDER_NEW "top-%s.qcow2", dir, id);
    if (header_read(path, "qcow2", &head, err) < 0)
        return -1;
    if (folder_overlay(top, base, head.virtual_size, err) == 0 &&
        folder_rename(top, path, err) == 0)
        return 0;
    unlink(top);
    return -1;
}

static int keep(const char *dir, const char *path, struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *name = g_strdup_printf(FOLDER_BASE "%s.qcow2", id);
    g_autofree char *base = g_build_filename(dir, name, NULL);
    if (link(path, base) < 0)
        return err_errno(err, ERR_IO, errno, "cannot keep %s", path);
    if (put_top(dir, path, name, err) == 0)
        return 0;
    folder_drop_base(base, path);
    return -1;
}

/* The mark of a second image: from now on the base has one too few. */
static int let_go(const char *dir, const char *base, struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *name = g_strdup_printf(FOLDER_NEW "%s.qcow2", id);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (folder_overlay(path, base, 0, err) < 0)
        return -1;
    return links_discard(dir, name) < 0
               ? err_errno(err, ERR_IO, errno, "cannot remove %s", path)
               : 0;
}

/* The disk's path, which the caller frees, and what it stands on. */
static char *look(const char *dir, const struct sr_spec *sr,
                  const struct vdi_spec *v, struct image_header *head,
                  struct err *err)
{
    g_autofree char *path = folder_file(dir, v, err);
    if (!path)
        return NULL;
    if (!g_str_has_suffix(path, ".qcow2")) {
        sr_fail(err, SR_FAIL_VDI,
                "only a qcow2 disk can go back to an earlier state");
        return NULL;
    }
    if (folder_settle(dir, sr, v, err) < 0 ||
        header_read(path, "qcow2", head, err) < 0)
        return NULL;
    return g_steal_pointer(&path);
}

int folder_vdi_keep(const struct sr_spec *sr, const struct vdi_spec *v, bool on,
                    struct err *err)
{
    struct image_header head;
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = look(dir, sr, v, &head, err);
    if (!path)
        return -1;
    if (on)
        return keep(dir, path, err);
    if (links_is_base(head.backing) && let_go(dir, head.backing, err) < 0)
        return -1;
    folder_tidy(dir, sr->in_use);
    return 0;
}

int folder_vdi_reset(const struct sr_spec *sr, const struct vdi_spec *v,
                     struct err *err)
{
    struct image_header head;
    g_autofree char *dir = folder_path(sr);
    g_autofree char *path = look(dir, sr, v, &head, err);
    if (!path)
        return -1;
    g_autofree char *base = g_build_filename(dir, head.backing, NULL);
    if (!links_is_base(head.backing) || access(base, R_OK) < 0)
        return sr_fail(err, SR_FAIL_VDI,
                       "the state that %s shall go back to is not there; set "
                       "on-boot=persist, and then reset for its state of now",
                       path);
    return put_top(dir, path, head.backing, err);
}
