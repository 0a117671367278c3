/* Splits of a disk that nobody has written to since the last one (way B). */
#include "driver/sr_more.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_folder.h"
#include "driver/sr_links.h"

bool more_fits(const char *path, struct image_header *head_out)
{
    return header_read(path, "qcow2", head_out, NULL) == 0 &&
           links_is_base(head_out->backing) && header_is_empty(path);
}

int more_make(const char *path, const struct image_header *head,
              const char *made, struct err *err)
{
    g_autofree char *mark = g_strconcat(made, LINKS_MORE, NULL);
    if (links_keep_head(path, mark) < 0)
        return err_set(err, ERR_IO, "cannot write %s", mark);
    return folder_overlay(made, head->backing, head->virtual_size, err);
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

/* NAME of NAME.ending; NULL: it has another one. Caller frees. */
static char *without(const char *name, const char *ending)
{
    return g_str_has_suffix(name, ending)
               ? g_strndup(name, strlen(name) - strlen(ending))
               : NULL;
}

void more_tidy(const char *dir, const char *name)
{
    g_autofree char *more = without(name, LINKS_MORE);
    g_autofree char *gone = without(name, LINKS_GONE);
    g_autofree char *done = without(name, LINKS_DONE);
    if (more && g_str_has_prefix(more, FOLDER_NEW))
        name_mark(dir, more);
    else if (gone || done)
        forget(dir, gone ? gone : done);
}
