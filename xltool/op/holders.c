/* Who keeps a domain that has ended from vanishing (way A). */
#include "op/holders.h"

#include <stdbool.h>
#include <string.h>

static void add(GString *out, const char *what)
{
    g_string_append_printf(out, "%s%s", out->len ? ", " : "", what);
}

/* The number behind -xen-domid, by which QEMU is told its domain; or NULL. */
static const char *served(const char *cmdline, size_t len)
{
    for (const char *arg = cmdline; arg < cmdline + len;
         arg += strlen(arg) + 1) {
        const char *next = arg + strlen(arg) + 1;
        if (!strcmp(arg, "-xen-domid") && next < cmdline + len)
            return next;
    }
    return NULL;
}

struct process {
    const char *root, *pid;
    char *cmdline; /* arguments with a NUL behind each */
    gsize len;
};

static void add_process(GString *out, const struct process *p)
{
    g_autofree char *program = g_path_get_basename(p->cmdline);
    g_autofree char *text = g_strdup_printf("%s (process %s)", program, p->pid);
    add(out, text);
}

static bool read_process(struct process *p)
{
    g_autofree char *path =
        g_strdup_printf("%s/proc/%s/cmdline", p->root, p->pid);
    return g_file_get_contents(path, &p->cmdline, &p->len, NULL) && p->len;
}

static void if_serves(GString *out, const struct process *p, const char *domid)
{
    const char *its = served(p->cmdline, p->len);
    if (its && !strcmp(its, domid))
        add_process(out, p);
}

/* Pages of guests are mapped from these devices; the kernel does not say of
 * which guest. A QEMU has those of its own, live one. */
static void if_maps(GString *out, const struct process *p, const char *domid)
{
    (void)domid;
    g_autofree char *path = g_strdup_printf("%s/proc/%s/maps", p->root, p->pid);
    g_autofree char *maps = NULL;
    if (served(p->cmdline, p->len) ||
        !g_file_get_contents(path, &maps, NULL, NULL))
        return;
    if (strstr(maps, "/xen/privcmd\n") || strstr(maps, "/xen/gntdev\n"))
        add_process(out, p);
}

static void each_process(GString *out, const char *root, const char *domid,
                         void (*look)(GString *out, const struct process *p,
                                      const char *domid))
{
    g_autofree char *proc = g_strdup_printf("%s/proc", root);
    const char *name;
    GDir *dir = g_dir_open(proc, 0, NULL);
    while (dir && (name = g_dir_read_name(dir))) {
        struct process p = { .root = root, .pid = name };
        if (g_ascii_isdigit(*name) && read_process(&p))
            look(out, &p, domid);
        g_free(p.cmdline);
    }
    g_clear_pointer(&dir, g_dir_close);
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

static void each_back_end(GString *out, const char *root, const char *domid)
{
    g_autofree char *bus =
        g_strdup_printf("%s/sys/bus/xen-backend/devices", root);
    const char *name;
    GDir *dir = g_dir_open(bus, 0, NULL);
    while (dir && (name = g_dir_read_name(dir)))
        look_at_back_end(out, name, domid);
    g_clear_pointer(&dir, g_dir_close);
}

void holders_find(GString *out, const char *root, uint32_t domid)
{
    g_autofree char *number = g_strdup_printf("%u", domid);
    each_process(out, root, number, if_serves);
    each_back_end(out, root, number);
    if (out->len)
        return;
    each_process(out, root, number, if_maps);
    if (out->len)
        g_string_prepend(out, "a process that has memory of guests mapped: ");
}
