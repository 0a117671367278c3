/* Layers of a chain that only the disk of a running guest needs: its QEMU takes
 * them in (way B).
 *
 * The disk reads the same all the time. When QEMU has taken the layers in it
 * writes into the disk's head on what it stands now; until then nothing is
 * removed, so a QEMU that ends in the middle leaves a disk on its chain. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/qdisk.h"
#include "driver/sr_exec.h"
#include "driver/sr_folder.h"
#include "driver/sr_header.h"
#include "driver/sr_links.h"

/* ---- the note
 * ------------------------------------------------------------- */

static char *note_path(const char *dir, const char *name)
{
    return g_strdup_printf("%s/%s" LINKS_LIFT, dir, name);
}

/* The disk's head as it is, which tells where its chain begins. One that is
 * there stays: its layers may have been taken in just now. */
static int write_note(const char *dir, const char *name)
{
    g_autofree char *disk = g_build_filename(dir, name, NULL);
    g_autofree char *note = note_path(dir, name);
    return access(note, F_OK) == 0 ? 0 : links_keep_head(disk, note);
}

void lifts_forget(const char *dir, const char *name)
{
    g_autofree char *note = note_path(dir, name);
    unlink(note);
}

/* ---- the end
 * -------------------------------------------------------------- */

/* From the deepest up, so that what is left can be reached again. */
static void remove_layers(const char *dir, const GPtrArray *layers)
{
    for (guint i = layers->len; i > 0; i--) {
        g_autofree char *path =
            g_build_filename(dir, layers->pdata[i - 1], NULL);
        unlink(path);
    }
}

/* The bases between the first and what the disk stands on now (NULL: nothing),
 * as long as nothing else needs them. */
static GPtrArray *layers_between(const GArray *links, const char *first,
                                 const char *now)
{
    GPtrArray *layers = g_ptr_array_new();
    const struct image_link *l = links_find(links, first);
    while (l && links_is_base(l->name) && (!now || strcmp(l->name, now)) &&
           links_count(links, l->name, LINK_IMAGE, NULL) ==
               MIN(layers->len, 1) &&
           layers->len < links->len) {
        g_ptr_array_add(layers, l->name);
        l = l->backing ? links_find(links, l->backing) : NULL;
    }
    return layers;
}

static void finish_one(const char *dir, const GArray *links, const char *name)
{
    struct image_header was;
    g_autofree char *note = note_path(dir, name);
    const struct image_link *disk = links_find(links, name);
    if (!disk || header_read(note, "qcow2", &was, NULL) < 0)
        return;
    if (disk->backing && !strcmp(disk->backing, was.backing))
        return; /* not yet */
    g_autoptr(GPtrArray) layers =
        layers_between(links, was.backing, disk->backing);
    remove_layers(dir, layers);
    unlink(note);
}

void lifts_finish(const char *dir)
{
    g_autoptr(GArray) links = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d)))
        if (g_str_has_suffix(name, ".qcow2" LINKS_LIFT))
            g_ptr_array_add(names,
                            g_strndup(name, strlen(name) - strlen(LINKS_LIFT)));
    if (names->len)
        links = links_read(dir);
    for (guint i = 0; links && i < names->len; i++)
        finish_one(dir, links, names->pdata[i]);
}

/* ---- the beginning
 * ---------------------------------------------------------- */

/* How many layers below the disk are its own; *below: what is under them. */
static unsigned own_layers(const GArray *links, const struct image_link *disk,
                           const char **below)
{
    unsigned n = 0;
    const struct image_link *l = disk;
    while (l->backing && !l->foreign && links_is_base(l->backing) &&
           links_left(links, l->backing, 1) && n < links->len) {
        const struct image_link *base = links_find(links, l->backing);
        if (!base)
            break;
        l = base;
        n++;
    }
    *below = l->backing;
    return n;
}

static void begin_one(const char *dir, const GArray *links,
                      const struct image_link *disk, uint32_t domid)
{
    ERR_AUTO err = { 0 };
    const char *below;
    unsigned n = own_layers(links, disk, &below);
    g_autofree char *path = g_build_filename(dir, disk->name, NULL);
    if (!n || write_note(dir, disk->name) < 0)
        return;
    if (qdisk_merge(domid, path, n, below, &err) < 0)
        g_message("%s: its chain is merged later: %s", path, err.message);
}

void lifts_begin(const char *dir, GHashTable *in_use)
{
    g_autoptr(GArray) links = NULL;
    GHashTableIter i;
    gpointer name, domid;
    if (!in_use || !g_hash_table_size(in_use) || !(links = links_read(dir)))
        return;
    g_hash_table_iter_init(&i, in_use);
    while (g_hash_table_iter_next(&i, &name, &domid)) {
        const struct image_link *disk = links_find(links, name);
        if (disk && GPOINTER_TO_INT(domid) > 0)
            begin_one(dir, links, disk, (uint32_t)GPOINTER_TO_INT(domid));
    }
    lifts_finish(dir);
}
