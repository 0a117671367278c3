/* Disks that are being made: what a service that ended in the middle has left
 * is known by its UUID and removed by the next scan (way B). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "class/storage.h"

/* One operation changes an SR at a time, so one name is enough. */
static char *path_of(struct xapi *x, const struct sr_parts *p)
{
    g_autofree char *name = g_strconcat(p->spec.uuid, ".making", NULL);
    return g_build_filename(x->config.state_dir, "sr-locks", name, NULL);
}

/* The folder's lock file is there already: sr_parts_lock made it. */
static int write_down(const char *path, const char *uuid)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    ssize_t n = write(fd, uuid, strlen(uuid));
    int r = n == (ssize_t)strlen(uuid) ? fsync(fd) : -1;
    close(fd);
    return r;
}

int sr_intent_begin(struct xapi *x, const struct sr_parts *p, const char *uuid,
                    struct fault *f)
{
    ERR_AUTO err = { 0 };
    g_autofree char *path = path_of(x, p);
    if (write_down(path, uuid) == 0)
        return 0;
    err_errno(&err, ERR_IO, errno, "cannot write %s", path);
    return fault_from_err(f, &err);
}

void sr_intent_end(struct xapi *x, const struct sr_parts *p)
{
    g_autofree char *path = path_of(x, p);
    unlink(path);
}

bool sr_intent_is_left(struct xapi *x, const struct sr_parts *p)
{
    g_autofree char *path = path_of(x, p);
    return access(path, F_OK) == 0;
}

static void remove_disk(const struct sr_parts *p, GArray *found, guint i)
{
    ERR_AUTO err = { 0 };
    const struct vdi_found *v = &g_array_index(found, struct vdi_found, i);
    const struct vdi_spec spec = {
        .uuid = v->uuid, .location = v->location, .name = "", .user = -1
    };
    if (p->driver->vdi_destroy(&p->spec, &spec, &err) < 0)
        g_warning("unfinished disk %s stays: %s", v->location, err.message);
    else
        g_array_remove_index(found, i);
}

void sr_intent_settle(struct xapi *x, const struct sr_parts *p,
                      const struct snapshot *s, GArray *found)
{
    g_autofree char *path = path_of(x, p);
    g_autofree char *uuid = NULL;
    if (!g_file_get_contents(path, &uuid, NULL, NULL))
        return;
    for (guint i = 0; p->driver->vdi_destroy && i < found->len; i++) {
        const struct vdi_found *v = &g_array_index(found, struct vdi_found, i);
        if (!v->uuid || strcmp(v->uuid, uuid) ||
            snapshot_find_uuid(s, CLASS_VDI, uuid))
            continue;
        remove_disk(p, found, i);
        break;
    }
    unlink(path);
}
