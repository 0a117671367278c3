/* xl check --host: what a config names, looked for on this host (way A without
 * its end). */
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/check.h"
#include "op/memory.h"

struct check {
    struct cfg *cfg;
    const libxl_domain_config *config;
    struct xen *xen;
};

/* Place of a setting, or of element i of its list when i >= 0. */
static struct diag_pos place(const struct check *c, const char *key, int i)
{
    const struct cfg_setting *setting = cfg_find(c->cfg, key);
    if (!setting)
        return (struct diag_pos){ c->cfg->file, 0, 0, 0 };
    const struct cfg_node *node = setting->value;
    if (i >= 0 && node->kind == CFG_LIST && (guint)i < node->items->len)
        node = node->items->pdata[i];
    return node->pos;
}

static void warn(const struct check *c, const char *key, int i, const char *id,
                 char *message, const char *hint)
{
    diag_take(&c->cfg->diags, DIAG_WARNING, id, place(c, key, i), message,
              g_strdup(hint));
}

static const char *const file_keys[] = { "kernel",
                                         "ramdisk",
                                         "device_tree",
                                         "smbios_firmware",
                                         "acpi_firmware",
                                         "firmware_override",
                                         "stubdomain_kernel",
                                         "device_model_override",
                                         NULL };

static void check_path(const struct check *c, const char *key, int i,
                       const char *path)
{
    struct stat st;
    if (!*path)
        return;
    if (stat(path, &st))
        warn(c, key, i, "no-file", g_strdup_printf("%s does not exist", path),
             "create it, or correct the path");
    else if (*path != '/')
        warn(c, key, i, "relative-path",
             g_strdup_printf("%s is looked for in the folder that xl is "
                             "started in, after a reboot of the guest in /",
                             path),
             "write the whole path");
}

/* libxl looks for these in folders of its own when they have no path. */
static bool has_own_folder(const char *key, const char *path)
{
    return *path != '/' && (!strcmp(key, "firmware_override") ||
                            !strcmp(key, "stubdomain_kernel") ||
                            !strcmp(key, "device_model_override"));
}

static void check_files_exist(const struct check *c)
{
    for (const char *const *key = file_keys; *key; key++) {
        const struct cfg_setting *setting = cfg_find(c->cfg, *key);
        if (setting && setting->value->kind != CFG_LIST &&
            !has_own_folder(*key, setting->value->text))
            check_path(c, *key, -1, setting->value->text);
    }
    for (int i = 0; i < c->config->num_disks; i++) {
        const libxl_device_disk *disk = &c->config->disks[i];
        bool local = !disk->script && disk->backend_domid == 0 &&
                     (!disk->backend_domname || !*disk->backend_domname);
        if (disk->pdev_path && local)
            check_path(c, "disk", i, disk->pdev_path);
    }
}

static bool glob_finds(const char *pattern)
{
    glob_t found = { 0 };
    bool yes = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return yes;
}

/* A boot loader without a path: libxl looks in its own directory (of which
 * each release has one), then in PATH. */
static void check_bootloader(const struct check *c)
{
    const char *name = c->config->b_info.bootloader;
    if (!name || !*name || strpbrk(name, "/*?["))
        return;
    g_autofree char *in_path = g_find_program_in_path(name);
    g_autofree char *lib = g_strdup_printf("/usr/lib/xen*/bin/%s", name);
    g_autofree char *libexec =
        g_strdup_printf("/usr/libexec/xen*/bin/%s", name);
    if (!in_path && !glob_finds(lib) && !glob_finds(libexec))
        warn(c, "bootloader", -1, "no-file",
             g_strdup_printf("the boot loader %s is not installed", name),
             "install it, or name its whole path");
}

static void check_bridges(const struct check *c)
{
    for (int i = 0; i < c->config->num_nics; i++) {
        const libxl_device_nic *nic = &c->config->nics[i];
        const char *bridge = nic->bridge ? nic->bridge : "xenbr0";
        bool routed = nic->script && !strstr(nic->script, "bridge") &&
                      !strstr(nic->script, "openvswitch");
        if (routed || nic->backend_domid ||
            (nic->backend_domname && *nic->backend_domname))
            continue;
        /* Open vSwitch: bridge[.vlan][:trunks] */
        g_autofree char *name = g_strndup(bridge, strcspn(bridge, ".:"));
        g_autofree char *path = g_strdup_printf("/sys/class/net/%s", name);
        g_autofree char *whole = g_strdup_printf("/sys/class/net/%s", bridge);
        if (access(path, F_OK) && access(whole, F_OK))
            warn(c, "vif", i, "no-bridge",
                 g_strdup_printf("the bridge %s does not exist", bridge),
                 "create it (ip link add NAME type bridge; /etc/network/"
                 "interfaces), or write bridge=NAME of another");
    }
}

static void check_memory(const struct check *c)
{
    struct memory_need need;
    uint64_t given = c->config->b_info.target_memkb;
    libxl_physinfo info;
    memory_count(c->xen, c->config, &need);
    uint64_t want = need.need_kib, free_kb = need.free_kib;
    if (given == LIBXL_MEMKB_DEFAULT || !want || !free_kb || free_kb >= want)
        return;
    libxl_physinfo_init(&info);
    if (libxl_get_physinfo(c->xen->ctx, &info) == 0) {
        const libxl_version_info *v = libxl_get_version_info(c->xen->ctx);
        uint64_t page_kb = v ? (uint64_t)v->pagesize / 1024 : 4;
        uint64_t all = info.total_pages * page_kb;
        warn(c, "memory", -1, "no-memory",
             g_strdup_printf("%" PRIu64
                             " MiB are needed (memory=, and what Xen "
                             "and the device model take for it); %" PRIu64
                             " MiB of %" PRIu64 " MiB are free",
                             (want + 1023) >> 10, free_kb >> 10, all >> 10),
             want > all ? "this host is too small for the guest"
                        : "xl takes memory from Dom0 where autoballoon is on; "
                          "else shut other guests down");
    }
    libxl_physinfo_dispose(&info);
}

static bool same_function(const libxl_device_pci *a, const libxl_device_pci *b)
{
    return a->domain == b->domain && a->bus == b->bus && a->dev == b->dev &&
           a->func == b->func;
}

static void check_pci(const struct check *c)
{
    int n = 0;
    libxl_device_pci *list =
        c->config->num_pcidevs
            ? libxl_device_pci_assignable_list(c->xen->ctx, &n)
            : NULL;
    for (int i = 0; i < c->config->num_pcidevs; i++) {
        const libxl_device_pci *pci = &c->config->pcidevs[i];
        bool found = pci->seize;
        for (int k = 0; k < n && !found; k++)
            found = same_function(pci, &list[k]);
        if (!found)
            warn(c, "pci", i, "not-assignable",
                 g_strdup_printf("%04x:%02x:%02x.%x is not assignable",
                                 pci->domain, pci->bus, pci->dev, pci->func),
                 "make it so: xl pci-assignable-add BDF, or seize=1");
    }
    for (int i = 0; i < n; i++)
        libxl_device_pci_dispose(&list[i]);
    free(list);
}

void check_host(struct cfg *cfg, const libxl_domain_config *config,
                struct xen *xen)
{
    const struct check c = { cfg, config, xen };
    check_files_exist(&c);
    check_bootloader(&c);
    check_bridges(&c);
    if (!xen || !xen->ctx) {
        struct diag_pos pos = { cfg->file, 0, 0, 0 };
        diag_add(&cfg->diags, DIAG_NOTE, "no-xen", pos,
                 "no Xen here: memory and PCI devices were not checked");
        return;
    }
    check_memory(&c);
    check_pci(&c);
}
