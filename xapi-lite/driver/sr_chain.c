/* Chains of qcow2 files: bases that nobody needs go, those that one image needs
 * are merged with it (way B). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_header.h"

struct link {
    char *name, *backing; /* backing NULL: none */
};

static void link_clear(void *p)
{
    struct link *l = p;
    g_free(l->name);
    g_free(l->backing);
}

static bool is_base(const char *name)
{
    return g_str_has_prefix(name, FOLDER_BASE);
}

/* Every image and what it stands on; unfinished files are removed. NULL when an
 * image cannot be read: then nothing may be taken for unused. */
static GArray *read_links(const char *dir)
{
    GArray *links = g_array_new(FALSE, FALSE, sizeof(struct link));
    g_array_set_clear_func(links, link_clear);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        struct image_header head;
        if (g_str_has_prefix(name, FOLDER_NEW)) {
            unlink(path);
            continue;
        }
        if (!g_str_has_suffix(name, ".qcow2"))
            continue;
        if (header_read(path, "qcow2", &head, NULL) < 0) {
            g_array_unref(links);
            return NULL;
        }
        struct link l = { g_strdup(name),
                          *head.backing ? g_path_get_basename(head.backing)
                                        : NULL };
        g_array_append_val(links, l);
    }
    return links;
}

/* How many images stand on it; the last of them in *child. */
static unsigned children(const GArray *links, const char *base,
                         const char **child)
{
    unsigned n = 0;
    for (guint i = 0; i < links->len; i++) {
        const struct link *l = &g_array_index(links, struct link, i);
        if (l->backing && !strcmp(l->backing, base)) {
            *child = l->name;
            n++;
        }
    }
    return n;
}

/* Whether a guest may have it open, or an image that stands on it. QEMU does
 * not lock the images of Xen's disks, so only the records can tell. */
static bool is_busy(const GArray *links, const char *name, GHashTable *in_use,
                    guint depth)
{
    if (depth > links->len || (in_use && g_hash_table_contains(in_use, name)))
        return true;
    for (guint i = 0; i < links->len; i++) {
        const struct link *l = &g_array_index(links, struct link, i);
        if (l->backing && !strcmp(l->backing, name) &&
            is_busy(links, l->name, in_use, depth + 1))
            return true;
    }
    return false;
}

/* The child's blocks go into the base, which then takes the child's name. Until
 * the rename the child reads the same as before. */
static bool merge(const char *dir, const char *base, const char *child)
{
    g_autofree char *from = g_build_filename(dir, base, NULL);
    g_autofree char *to = g_build_filename(dir, child, NULL);
    return SR_RUN(SR_SLOW_S, NULL, NULL, "qemu-img", "commit", "-q", "-d", "-f",
                  "qcow2", to) == 0 &&
           folder_rename(from, to, NULL) == 0;
}

static bool tidy_once(const char *dir, GHashTable *in_use)
{
    g_autoptr(GArray) links = read_links(dir);
    for (guint i = 0; links && i < links->len; i++) {
        const char *name = g_array_index(links, struct link, i).name;
        const char *child = NULL;
        unsigned n = is_base(name) ? children(links, name, &child) : 2;
        g_autofree char *path = g_build_filename(dir, name, NULL);
        if (n == 0 && unlink(path) == 0)
            return true;
        if (n == 1 && !is_busy(links, child, in_use, 0) &&
            merge(dir, name, child))
            return true;
    }
    return false;
}

/* Snapshots that were interrupted where the guest may write to the overlay: it
 * reads as the disk does in any case. */
static void finish_overs(const char *dir)
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        if (!g_str_has_prefix(name, FOLDER_OVER))
            continue;
        g_autofree char *from = g_build_filename(dir, name, NULL);
        g_autofree char *to =
            g_build_filename(dir, name + strlen(FOLDER_OVER), NULL);
        folder_rename(from, to, NULL);
    }
}

void folder_tidy(const char *dir, GHashTable *in_use)
{
    finish_overs(dir);
    while (tidy_once(dir, in_use))
        ;
}
