/* Runs ovs-vsctl, nft and DHCP clients for the network back ends (way B). */
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "net/internal.h"

int net_run(const char *const *argv, char **out, struct err *err)
{
    return sr_run(argv, NET_QUICK_S, out, err);
}

int net_run_text(const char *const *argv, const char *text, struct err *err)
{
    g_autofree char *path = NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    int fd = g_file_open_tmp("xapi-lite-XXXXXX", &path, NULL);
    if (fd < 0)
        return err_set(err, ERR_IO, "cannot make a temporary file");
    size_t n = strlen(text);
    bool written = write(fd, text, n) == (ssize_t)n;
    if (close(fd) < 0 || !written) {
        unlink(path);
        return err_set(err, ERR_IO, "cannot write %s", path);
    }
    for (int i = 0; argv[i]; i++)
        g_ptr_array_add(all, (char *)argv[i]);
    g_ptr_array_add(all, path);
    g_ptr_array_add(all, NULL);
    int r = net_run((const char *const *)all->pdata, NULL, err);
    unlink(path);
    return r;
}

bool net_has_line(const char *text, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    return g_strv_contains((const char *const *)lines, name);
}
