/* Names under which a guest's QEMU knows what it writes to (way B).
 *
 * QEMU opens a file again by the name it was told whenever the file becomes
 * read-only, so that name must lead to the same file as long as the guest runs:
 * each overlay of a live snapshot gets one of its own, over-DISK.ID, beside the
 * disk's name, which the next overlay takes. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/qdisk.h"
#include "driver/sr_folder.h"
#include "driver/sr_links.h"

char *overs_path(const char *dir, const char *name)
{
    return g_strdup_printf("%s/" FOLDER_OVER "%s.%08x", dir, name,
                           g_random_int());
}

/* The disk of such a name, which the caller frees; NULL: another file. */
static char *disk_of(const char *name)
{
    enum { ID = 9 }; /* .12345678 */
    const char *dot = strrchr(name, '.');
    if (!g_str_has_prefix(name, FOLDER_OVER) || strlen(dot ? dot : "") != ID ||
        strspn(dot + 1, "0123456789abcdef") != ID - 1)
        return NULL;
    g_autofree char *disk = g_strndup(
        name + strlen(FOLDER_OVER), (gsize)(dot - name) - strlen(FOLDER_OVER));
    return g_str_has_suffix(disk, ".qcow2") ? g_steal_pointer(&disk) : NULL;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino &&
           x.st_dev == y.st_dev;
}

/* Another name of the file among the unfinished ones, or among the disks and
 * bases. Caller frees; NULL: none. */
static char *other_name(const char *dir, const char *over, bool unfinished)
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        if (g_str_has_suffix(name, ".qcow2") &&
            links_is_new(name) == unfinished && is_same_file(path, over))
            return g_steal_pointer(&path);
    }
    return NULL;
}

bool overs_is_unfinished(const char *dir, const char *name)
{
    struct stat st;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    return stat(path, &st) == 0 && st.st_nlink > 1 &&
           overs_count(dir, st.st_ino) > 0;
}

/* The service ended in the middle of a live snapshot: the overlay has its first
 * name still. When the guest writes to it the disk is that; otherwise it was
 * not begun. Of a guest that has ended, it reads right in both cases. */
static bool settle(const char *dir, const char *disk, const char *over,
                   const char *new, uint32_t domid)
{
    g_autofree char *path = g_build_filename(dir, disk, NULL);
    enum qdisk_answer a = domid ? qdisk_opens(domid, over) : QDISK_YES;
    if (a == QDISK_NO)
        return unlink(over) == 0;
    return a == QDISK_YES && folder_rename(new, path, NULL) == 0;
}

static bool tidy(const char *dir, const char *name, const char *disk,
                 GHashTable *in_use)
{
    gpointer value = NULL;
    g_autofree char *over = g_build_filename(dir, name, NULL);
    g_autofree char *new = other_name(dir, over, true);
    bool used =
        in_use && g_hash_table_lookup_extended(in_use, disk, NULL, &value);
    uint32_t domid = (uint32_t)GPOINTER_TO_INT(value);
    if (new && ((used && !domid) || !settle(dir, disk, over, new, domid)))
        return false;
    g_autofree char *placed = other_name(dir, over, false);
    if (!used || !placed)
        unlink(over);
    return true;
}

bool overs_tidy(const char *dir, const char *of, GHashTable *in_use)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    bool settled = true;
    while (d && (name = g_dir_read_name(d)))
        if (g_str_has_prefix(name, FOLDER_OVER))
            g_ptr_array_add(names, g_strdup(name));
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *disk = disk_of(names->pdata[i]);
        if (disk && !tidy(dir, names->pdata[i], disk, in_use) && of &&
            !strcmp(of, disk))
            settled = false;
    }
    return settled;
}

unsigned overs_count(const char *dir, ino_t inode)
{
    unsigned n = 0;
    struct stat st;
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *disk = disk_of(name);
        g_autofree char *path = g_build_filename(dir, name, NULL);
        n += disk && stat(path, &st) == 0 && st.st_ino == inode;
    }
    return n;
}
