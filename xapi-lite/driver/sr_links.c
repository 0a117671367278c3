/* Which image of a folder stands on which, and the marks of those that are gone
 * (way B). */
#include "driver/sr_links.h"

#include <errno.h>
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

static bool is_mark(const char *name)
{
    return g_str_has_suffix(name, ".qcow2" LINKS_GONE);
}

bool links_is_base(const char *name)
{
    return is_numbered(name, FOLDER_BASE) && g_str_has_suffix(name, ".qcow2");
}

bool links_is_new(const char *name)
{
    return !is_mark(name) && (is_numbered(name, FOLDER_NEW) ||
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
        .mark = is_mark(name),
        .inode = st.st_ino,
    };
    return 0;
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
        if (!is_mark(name) && !g_str_has_suffix(name, ".qcow2"))
            continue;
        if (read_one(dir, name, &l) == 0)
            g_array_append_val(links, l);
        else if (!is_mark(name))
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

unsigned links_count(const GArray *links, const char *base, bool marks,
                     const struct image_link **one)
{
    unsigned n = 0;
    for (guint i = 0; i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (l->mark != marks || !l->backing || strcmp(l->backing, base))
            continue;
        if (one)
            *one = l;
        n++;
    }
    return n;
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
