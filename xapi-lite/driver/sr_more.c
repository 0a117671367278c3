/* Splits of a disk that nobody has written to since the last one (way B). */
#include "driver/sr_more.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_folder.h"
#include "driver/sr_header.h"
#include "driver/sr_links.h"

char *more_base(const char *path)
{
    struct image_header head;
    if (header_read(path, "qcow2", &head, NULL) < 0 || !header_is_empty(path) ||
        !links_is_base(head.backing))
        return NULL;
    return g_strdup(head.backing);
}

int more_make(const char *dir, const char *path, const char *base,
              const char *made, struct err *err)
{
    struct image_header head;
    g_autofree char *mark = g_strconcat(made, LINKS_MORE, NULL);
    if (header_read(path, "qcow2", &head, err) < 0)
        return -1;
    if (links_keep_head(path, mark) < 0)
        return err_set(err, ERR_IO, "cannot write %s", mark);
    int r = folder_overlay(made, base, head.virtual_size, err);
    if (r < 0)
        links_discard(dir, strrchr(made, '/') + 1);
    if (r < 0)
        more_tidy(dir, strrchr(mark, '/') + 1);
    return r;
}

static bool is_there(const char *dir, const char *image)
{
    g_autofree char *path = g_build_filename(dir, image, NULL);
    g_autofree char *gone = g_strconcat(path, LINKS_GONE, NULL);
    return access(path, F_OK) == 0 || access(gone, F_OK) == 0;
}

/* new-NAME.more */
static void name_mark(const char *dir, const char *made)
{
    const char *image = made + strlen(FOLDER_NEW);
    g_autofree char *from = g_strconcat(dir, "/", made, LINKS_MORE, NULL);
    g_autofree char *to = g_strconcat(dir, "/", image, LINKS_MORE, NULL);
    if (is_there(dir, image))
        rename(from, to);
    else if (!is_there(dir, made))
        unlink(from);
}

/* NAME.gone beside NAME.more: it came and went. The first rename does it, the
 * rest is cleaning up. */
static void forget(const char *dir, const char *image)
{
    g_autofree char *gone = g_strconcat(dir, "/", image, LINKS_GONE, NULL);
    g_autofree char *more = g_strconcat(dir, "/", image, LINKS_MORE, NULL);
    g_autofree char *done = g_strconcat(dir, "/", image, LINKS_DONE, NULL);
    if (access(more, F_OK) == 0)
        rename(gone, done);
    if (access(done, F_OK) < 0)
        return;
    unlink(more);
    unlink(done);
}

void more_tidy(const char *dir, const char *name)
{
    static const char *const ends[] = { LINKS_MORE, LINKS_GONE, LINKS_DONE };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (!g_str_has_suffix(name, ends[i]))
            continue;
        g_autofree char *image =
            g_strndup(name, strlen(name) - strlen(ends[i]));
        if (i == 0 && g_str_has_prefix(name, FOLDER_NEW))
            name_mark(dir, image);
        else if (i > 0)
            forget(dir, image);
    }
}
