/* Who keeps a domain that has ended from vanishing (way A). */
#include "op/holders.h"

#include <stdbool.h>
#include <string.h>

static void add(GString *out, const char *what)
{
    g_string_append_printf(out, "%s%s", out->len ? ", " : "", what);
}

/* QEMU is told its domain by -xen-domid N. */
static bool serves(const char *cmdline, size_t len, const char *domid)
{
    for (const char *arg = cmdline; arg < cmdline + len;
         arg += strlen(arg) + 1) {
        const char *next = arg + strlen(arg) + 1;
        if (!strcmp(arg, "-xen-domid") && next < cmdline + len &&
            !strcmp(next, domid))
            return true;
    }
    return false;
}

static void look_at_process(GString *out, const char *root, const char *pid,
                            const char *domid)
{
    g_autofree char *path = g_strdup_printf("%s/proc/%s/cmdline", root, pid);
    g_autofree char *cmdline = NULL;
    gsize len;
    if (!g_file_get_contents(path, &cmdline, &len, NULL) ||
        !serves(cmdline, len, domid))
        return;
    g_autofree char *program = g_path_get_basename(cmdline);
    g_autofree char *text = g_strdup_printf("%s (process %s)", program, pid);
    add(out, text);
}

/* Names such as vif-5-0 (Linux, drivers/xen/xenbus). */
static void look_at_back_end(GString *out, const char *name, const char *domid)
{
    g_auto(GStrv) parts = g_strsplit(name, "-", 3);
    if (g_strv_length(parts) != 3 || strcmp(parts[1], domid))
        return;
    g_autofree char *text = g_strdup_printf("back end %s", name);
    add(out, text);
}

void holders_find(GString *out, const char *root, uint32_t domid)
{
    g_autofree char *proc = g_strdup_printf("%s/proc", root);
    g_autofree char *bus =
        g_strdup_printf("%s/sys/bus/xen-backend/devices", root);
    g_autofree char *number = g_strdup_printf("%u", domid);
    const char *name;
    GDir *dir = g_dir_open(proc, 0, NULL);
    while (dir && (name = g_dir_read_name(dir)))
        if (g_ascii_isdigit(*name))
            look_at_process(out, root, name, number);
    g_clear_pointer(&dir, g_dir_close);
    dir = g_dir_open(bus, 0, NULL);
    while (dir && (name = g_dir_read_name(dir)))
        look_at_back_end(out, name, number);
    g_clear_pointer(&dir, g_dir_close);
}
