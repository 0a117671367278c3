/* Reading a config file: everything that is not one is refused with a reason.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfg/cfg.h"
#include "tests/unit/unit.h"

static char *make_dir(void)
{
    return g_dir_make_tmp("cfg-XXXXXX", NULL);
}

/* The text, or "!" and the message without the folder's name. */
static char *read_as(const char *dir, const char *name)
{
    ERR_AUTO err = { 0 };
    GString *text = NULL;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (cfg_read_file(path, &text, &err) == 0)
        return g_string_free(text, FALSE);
    g_auto(GStrv) parts = g_strsplit(err.message, dir, -1);
    g_autofree char *rest = g_strjoinv("", parts);
    return g_strdup_printf("!%s", rest);
}

static void reads_regular_files(void)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "a", NULL);
    g_file_set_contents(path, "a=1\n", -1, NULL);
    g_autofree char *got = read_as(dir, "a");
    UNIT_EQUAL(got, "a=1\n");
    g_autofree char *null = read_as("/dev", "null");
    UNIT_EQUAL(null, "");
    g_unlink(path);
    g_rmdir(dir);
}

static void names_what_is_wrong(void)
{
    g_autofree char *dir = make_dir();
    g_autofree char *missing = read_as(dir, "a");
    UNIT_EQUAL(missing,
               "!cannot read the config file /a: No such file or directory");
    g_autofree char *folder = read_as(dir, ".");
    UNIT_EQUAL(folder, "!/. is a directory, not a config file");
    g_autofree char *endless = read_as("/dev", "zero");
    CU_ASSERT_PTR_NOT_NULL(strstr(endless, "is larger than 16 MiB"));
    g_autofree char *path = g_build_filename(dir, "b", NULL);
    int fd = g_open(path, O_CREAT | O_WRONLY, 0600);
    CU_ASSERT_EQUAL(ftruncate(fd, 100 << 20), 0);
    close(fd);
    g_autofree char *large = read_as(dir, "b");
    UNIT_EQUAL(large,
               "!/b is larger than 16 MiB: that cannot be a config file");
    g_chmod(path, 0);
    g_autofree char *closed = read_as(dir, "b");
    if (geteuid())
        UNIT_EQUAL(closed,
                   "!cannot read the config file /b: Permission denied");
    g_unlink(path);
    g_rmdir(dir);
}

static void reads_pipes(void)
{
    int fds[2];
    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    CU_ASSERT_EQUAL(write(fds[1], "a=1", 3), 3);
    close(fds[1]);
    g_autofree char *name = g_strdup_printf("%d", fds[0]);
    g_autofree char *got = read_as("/dev/fd", name);
    UNIT_EQUAL(got, "a=1");
    close(fds[0]);
}

const struct unit_test unit_tests[] = {
    { "regular files are read", reads_regular_files },
    { "a missing, unreadable, huge or endless file and a folder are named",
      names_what_is_wrong },
    { "pipes are read to their end", reads_pipes },
    { 0 },
};
