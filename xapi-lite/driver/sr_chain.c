/* Chains of qcow2 files: bases that nobody needs go, those that one image needs
 * are merged with it (way B). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_header.h"
#include "driver/sr_links.h"
#include "driver/sr_more.h"

/* Whether a guest may have it open, or an image that stands on it. QEMU does
 * not lock the images of Xen's disks, so only the records can tell. */
static bool is_busy(const GArray *links, const char *name, GHashTable *in_use,
                    guint depth)
{
    if (depth > links->len || (in_use && g_hash_table_contains(in_use, name)))
        return true;
    for (guint i = 0; i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (l->kind == LINK_IMAGE && l->backing && !strcmp(l->backing, name) &&
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

/* A split that was interrupted: the base is a second name of a disk. */
static bool is_second_name(const GArray *links, const struct image_link *base)
{
    for (guint i = 0; i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (l != base && l->kind == LINK_IMAGE && l->inode == base->inode)
            return true;
    }
    return false;
}

static bool tidy_base(const char *dir, const GArray *links,
                      const struct image_link *base, GHashTable *in_use)
{
    const struct image_link *child = NULL;
    unsigned n = links_count(links, base->name, LINK_IMAGE, &child);
    if (links_left(links, base->name, 0) ||
        (n == 0 && is_second_name(links, base)))
        return links_discard(dir, base->name) == 0;
    return links_left(links, base->name, 1) && !child->foreign &&
           !is_busy(links, child->name, in_use, 0) &&
           merge(dir, base->name, child->name);
}

static bool tidy_once(const char *dir, GHashTable *in_use)
{
    g_autoptr(GArray) links = links_read(dir);
    for (guint i = 0; links && i < links->len; i++) {
        const struct image_link *l =
            &g_array_index(links, struct image_link, i);
        if (l->kind == LINK_IMAGE && links_is_base(l->name) &&
            tidy_base(dir, links, l, in_use))
            return true;
    }
    return false;
}

/* Runs fn on each name in the folder. */
static void each_name(const char *dir,
                      void (*fn)(const char *dir, const char *name))
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (d && (name = g_dir_read_name(d)))
        g_ptr_array_add(names, g_strdup(name));
    for (guint i = 0; i < names->len; i++)
        fn(dir, names->pdata[i]);
}

static void drop_new(const char *dir, const char *name)
{
    if (links_is_new(name) && !overs_is_unfinished(dir, name))
        links_discard(dir, name);
}

/* A mark is needed as long as the base is there, and no more than its head. */
static void drop_mark(const char *dir, const char *name)
{
    struct image_header head;
    struct stat st, base;
    if (!g_str_has_suffix(name, ".qcow2" LINKS_GONE) &&
        !g_str_has_suffix(name, ".qcow2" LINKS_MORE) &&
        !g_str_has_suffix(name, ".qcow2" LINKS_LIFT))
        return;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (header_read(path, "qcow2", &head, NULL) < 0 ||
        !links_is_base(head.backing))
        return;
    g_autofree char *stands_on = g_build_filename(dir, head.backing, NULL);
    if (stat(stands_on, &base) < 0) {
        if (errno == ENOENT)
            unlink(path);
    } else if (stat(path, &st) == 0 && st.st_size > HEADER_SIZE &&
               st.st_nlink == 1 && truncate(path, HEADER_SIZE) < 0)
        g_warning("%s keeps its size", path);
}

void folder_tidy(const char *dir, GHashTable *in_use)
{
    overs_tidy(dir, NULL, in_use);
    each_name(dir, drop_new);
    each_name(dir, more_tidy);
    lifts_finish(dir);
    while (tidy_once(dir, in_use))
        ;
    lifts_begin(dir, in_use);
    each_name(dir, drop_mark);
}
