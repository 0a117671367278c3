/* Which image of a folder stands on which, and the marks of those that are gone
 * (way B). */
#include "driver/sr_links.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/sr_folder.h"
#include "driver/sr_header.h"
#include "driver/sr_image.h"

static void link_clear(void *p)
{
    struct image_link *l = p;
    g_free(l->name);
    g_free(l->backing);
}

/* Whether the name is PREFIX, a UUID and a dot. */
static bool is_numbered(const char *name, const char *prefix)
{
    enum { UUID_LEN = 36 };
    if (!g_str_has_prefix(name, prefix))
        return false;
    g_autofree char *id = g_strndup(name + strlen(prefix), UUID_LEN);
    return g_uuid_string_is_valid(id) && name[strlen(prefix) + UUID_LEN] == '.';
}

static enum link_kind kind_of(const char *name)
{
    return g_str_has_suffix(name, ".qcow2" LINKS_GONE)   ? LINK_GONE
           : g_str_has_suffix(name, ".qcow2" LINKS_MORE) ? LINK_MORE
                                                         : LINK_IMAGE;
}

bool links_is_base(const char *name)
{
    return is_numbered(name, FOLDER_BASE) && g_str_has_suffix(name, ".qcow2");
}

bool links_is_new(const char *name)
{
    return kind_of(name) == LINK_IMAGE &&
           (is_numbered(name, FOLDER_NEW) ||
            is_numbered(name, FOLDER_NEW "top-"));
}

static int read_one(const char *dir, const char *name, struct image_link *out)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct image_header head;
    struct stat st;
    if (stat(path, &st) < 0 || header_read(path, "qcow2", &head, NULL) < 0)
        return -1;
    *out = (struct image_link){
        .name = g_strdup(name),
        .backing = *head.backing ? g_path_get_basename(head.backing) : NULL,
        .foreign = strchr(head.backing, '/') != NULL,
        .kind = kind_of(name),
        .inode = st.st_ino,
    };
    return 0;
}

static bool is_done(const char *dir, const char *more)
{
    g_autofree char *done =
        g_strdup_printf("%s/%.*s" LINKS_DONE, dir,
                        (int)(strlen(more) - strlen(LINKS_MORE)), more);
    return access(done, F_OK) == 0;
}

GArray *links_read(const char *dir)
{
    g_autoptr(GArray) links =
        g_array_new(FALSE, FALSE, sizeof(struct image_link));
    g_array_set_clear_func(links, link_clear);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        struct image_link l;
        enum link_kind kind = kind_of(name);
        if ((kind == LINK_IMAGE && !g_str_has_suffix(name, ".qcow2")) ||
            (kind == LINK_MORE && is_done(dir, name)))
            continue;
        if (read_one(dir, name, &l) == 0)
            g_array_append_val(links, l);
        else if (kind == LINK_IMAGE)
            return NULL;
    }
    return d ? g_steal_pointer(&links) : NULL;
}

const struct image_link *links_find(const GArray *links, const char *name)
{
    for (guint i = 0; i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (!strcmp(l->name, name))
            return l;
    }
    return NULL;
}

unsigned links_count(const GArray *links, const char *base, enum link_kind kind,
                     const struct image_link **one)
{
    unsigned n = 0;
    for (guint i = 0; i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (l->kind != kind || !l->backing || strcmp(l->backing, base))
            continue;
        if (one)
            *one = l;
        n++;
    }
    return n;
}

bool links_left(const GArray *links, const char *base, unsigned left)
{
    return links_count(links, base, LINK_IMAGE, NULL) == left &&
           links_count(links, base, LINK_GONE, NULL) + left >=
               links_count(links, base, LINK_MORE, NULL) + 2;
}

int links_keep_head(const char *image, const char *path)
{
    uint8_t head[HEADER_SIZE];
    int from = open(image, O_RDONLY | O_CLOEXEC);
    int to = from < 0
                 ? -1
                 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int r = to >= 0 && pread(from, head, sizeof head, 0) == sizeof head &&
                    write(to, head, sizeof head) == sizeof head &&
                    fsync(to) == 0
                ? 0
                : -1;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    if (to >= 0 && r < 0)
        unlink(path);
    return r;
}

/* The name changes first: from then on the image is gone, and its mark tells
 * that this was wanted. Its bytes but the head are given back. */
static int leave_mark(const char *path)
{
    g_autofree char *mark = g_strconcat(path, LINKS_GONE, NULL);
    if (rename(path, mark) < 0)
        return -1;
    return truncate(mark, HEADER_SIZE);
}

int links_discard(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct image_header head;
    struct stat st;
    bool stands = g_str_has_suffix(name, ".qcow2") && stat(path, &st) == 0 &&
                  header_read(path, "qcow2", &head, NULL) == 0 &&
                  links_is_base(head.backing);
    /* a second name of the file is another disk, or somebody's copy */
    if (stands && st.st_nlink == 1 + overs_count(dir, st.st_ino) &&
        st.st_size >= HEADER_SIZE)
        return leave_mark(path);
    return unlink(path) < 0 && errno != ENOENT ? -1 : 0;
}
