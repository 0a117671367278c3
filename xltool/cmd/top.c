/* xl top: runs xentop in place of xl, so that its exit code is ours (way A). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

const struct opt_row cmd_top_opts[] = { { 0 } };

/* The xentop beside this xl first: both come from one installation. */
static char *beside(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = self ? g_path_get_dirname(self) : NULL;
    return dir ? g_build_filename(dir, "xentop", NULL) : NULL;
}

int cmd_top_run(struct cmd *c, struct err *err)
{
    g_autofree char *path = beside();
    char *args[] = { "xentop", NULL };
    (void)c;
    if (path)
        execv(path, args);
    execvp("xentop", args);
    err_errno(err, ERR_NOENT, errno, "cannot run xentop");
    return err_hint(err, "xentop is installed beside xl; is it in the PATH?");
}
