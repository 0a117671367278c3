/* Why a creation failed: libxl's messages and the config -> one sentence, the
 * next step, the log files (way A, on the way back). */
#include "op/why.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_DIR "/var/log/xen"
#define CHAIN 6 /* libxl messages shown behind the first cause */
#define RECENT_SECONDS 300

struct search {
    const struct xen_log *log;
    const struct why_facts *f;
    struct err *err;
};

static bool missing(const char *path)
{
    return path && *path == '/' && access(path, F_OK) && errno == ENOENT;
}

static bool unreadable(const char *path)
{
    return path && *path == '/' && access(path, R_OK) && errno == EACCES;
}

/* --- What the config names and the host does not have. ------------------ */

static bool file_of(struct search *s, const char *what, const char *path)
{
    if (missing(path)) {
        err_set(s->err, ERR_NOENT, "the %s \"%s\" does not exist", what, path);
        return true;
    }
    if (unreadable(path)) {
        err_set(s->err, ERR_PERM, "the %s \"%s\" may not be read", what, path);
        return true;
    }
    return false;
}

static bool why_boot_files(struct search *s)
{
    const libxl_domain_build_info *b = &s->f->config->b_info;
    const struct {
        const char *what, *path, *next;
    } files[] = {
        { "kernel", b->kernel, "Correct kernel= or ramdisk=." },
        { "ramdisk", b->ramdisk, "Correct kernel= or ramdisk=." },
        { "firmware",
          b->type == LIBXL_DOMAIN_TYPE_HVM ? b->u.hvm.firmware : NULL,
          "Correct firmware_override=, or leave it out." },
        { "device model", b->device_model,
          "Correct device_model_override=, or leave it out: Debian's is in "
          "the package qemu-system-xen." },
        { "boot loader", b->bootloader,
          "Correct bootloader=; \"pygrub\" is the usual one." },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++)
        if (file_of(s, files[i].what, files[i].path)) {
            err_hint(s->err, "%s", files[i].next);
            return true;
        }
    return false;
}

static bool why_disks(struct search *s)
{
    const libxl_domain_config *c = s->f->config;
    for (int i = 0; i < c->num_disks; i++) {
        const libxl_device_disk *d = &c->disks[i];
        if (d->script || d->backend_domname || d->backend_domid ||
            d->format == LIBXL_DISK_FORMAT_EMPTY)
            continue;
        g_autofree char *what = g_strdup_printf("image of disk %s", d->vdev);
        if (file_of(s, what, d->pdev_path)) {
            err_hint(s->err, "Correct its target in disk=, or create it: "
                             "qemu-img create -f raw FILE SIZE, lvcreate.");
            return true;
        }
    }
    return false;
}

/* The script, not libxl, knows the default bridge: only named ones count. */
static bool why_bridges(struct search *s)
{
    const libxl_domain_config *c = s->f->config;
    for (int i = 0; i < c->num_nics; i++) {
        const libxl_device_nic *n = &c->nics[i];
        if (!n->bridge || n->backend_domname || n->backend_domid ||
            (n->script && !strstr(n->script, "vif-bridge")))
            continue;
        g_autofree char *path = g_strdup_printf("/sys/class/net/%s", n->bridge);
        if (!missing(path))
            continue;
        err_set(s->err, ERR_NOENT, "the bridge \"%s\" of vif %d does not exist",
                n->bridge, i);
        err_hint(s->err,
                 "Make it (ip link add %s type bridge), or name "
                 "another in vif=; `ip link show type bridge` lists "
                 "those there are.",
                 n->bridge);
        return true;
    }
    return false;
}

static bool why_memory(struct search *s)
{
    const struct memory_need *m = s->f->memory;
    if (!m || !m->need_kib || m->need_kib <= m->free_kib)
        return false;
    memory_too_little(m, s->err);
    return true;
}

/* --- What libxl says. --------------------------------------------------- */

/* Last line of a log, without what would fill the screen. */
static char *last_line(const char *path)
{
    g_autofree char *text = NULL;
    if (!path || !g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    g_strchomp(text);
    const char *line = strrchr(text, '\n');
    line = line ? line + 1 : text;
    return *line ? g_strndup(line, 300) : NULL;
}

static char *log_path(const struct search *s, const char *format)
{
    if (!strcmp(format, "qemu"))
        return g_strdup_printf(LOG_DIR "/qemu-dm-%s.log",
                               s->f->config->c_info.name);
    const char *at = xen_log_find(s->log, LOG_DIR "/bootloader");
    if (!at)
        return NULL;
    at = strstr(at, LOG_DIR);
    return g_strndup(at, strcspn(at, " \"',"));
}

struct pattern {
    const char *needle; /* in one of libxl's errors */
    const char *said;   /* sentence; NULL: the message itself is one */
    const char *next;
    const char *log; /* whose last line explains more: "qemu" or "boot" */
};

#define GONE "someone else destroyed the domain while it was being built"
#define BACK_END "`xl list` shows the domains there are; start it first."

/* The first that matches counts: causes stand before their consequences. */
static const struct pattern patterns[] = {
    { "Non-existant domain", GONE, NULL, NULL },
    { "unable to find domain info", GONE, NULL, NULL },
    { "xenstore read failed: `/libxl/", GONE, NULL, NULL },
    { "already exists", "a domain of this name runs already",
      "Choose another name=, or end the other: `xl list`, `xl destroy NAME`.",
      NULL },
    { "passthrough not supported",
      "this host has no IOMMU that Xen can use, "
      "so PCI devices cannot be passed through",
      "Switch VT-d or AMD-Vi on in the firmware, and look for it in "
      "`xl dmesg`.",
      NULL },
    { "not assignable",
      "a PCI device of pci= is not ready to be passed "
      "through",
      "Make it so: xl pci-assignable-add BDF.", NULL },
    { "segment kernel too large",
      "the guest's memory is too small for its kernel", "Raise memory=.",
      NULL },
    { "segment ramdisk too large",
      "the guest's memory is too small for its ramdisk", "Raise memory=.",
      NULL },
    { "segment padding too large",
      "the guest's memory is too small for its kernel", "Raise memory=.",
      NULL },
    { "Unable to set nic defaults",
      "a vif cannot be set up: the domain that backend= names does not run",
      BACK_END, NULL },
    { "Unable to set disk defaults",
      "a disk cannot be set up: the domain that backend= names does not run",
      BACK_END, NULL },
    { "is not executable", NULL,
      "Is the package with QEMU for Xen there (qemu-system-xen)? Otherwise "
      "correct device_model_override=.",
      NULL },
    { "pool specified", NULL, "`xl cpupool-list` lists the pools there are.",
      NULL },
    { "virtual disk identifier", NULL,
      "Write a vdev such as xvda, sda or hda in disk=.", NULL },
    { "script: ", NULL,
      "The network or block script said this; it stands in "
      "/etc/xen/scripts.",
      NULL },
    { "bootloader failed",
      "the boot loader found nothing to start on the "
      "guest's disk",
      "Does the first disk hold a boot menu (grub.cfg, menu.lst) and a kernel? "
      "Otherwise set kernel=.",
      "boot" },
    { "failed to open file '(null)'",
      "there is no kernel to start: none is set, and the boot loader named "
      "none",
      "Set kernel=, or a boot loader such as bootloader=\"pygrub\"; one of "
      "your own has to name a kernel as pygrub does.",
      "boot" },
    { "bootloader", NULL,
      "Run the boot loader by hand on the first disk, or set kernel=.",
      "boot" },
    { "device model", "the device model (QEMU) ended instead of starting",
      "Usual causes: an image that it may not open or that another QEMU "
      "writes to, an address or port that is taken, an option it does not "
      "know. Its log says which.",
      "qemu" },
    { "because of timeout",
      "a network or block script took too long and was ended",
      "The scripts are in /etc/xen/scripts; does one wait for a lock or a "
      "server?",
      NULL },
    { "unable to add device with path /local/domain/0/backend/vbd",
      "the back end of a disk did not come up",
      "Is the kernel module xen-blkback loaded (modprobe xen-blkback)?", NULL },
    { "unable to add device with path /local/domain/0/backend/vif",
      "the back end of a vif did not come up",
      "Is the kernel module xen-netback loaded (modprobe xen-netback)?", NULL },
    { "xc_dom_find_loader",
      "the kernel is no kernel that Xen can start for "
      "this type of guest",
      "A PV or PVH guest needs a Linux bzImage or ELF image made for Xen.",
      NULL },
    { "exited with error status", NULL,
      "What a script says goes to " LOG_DIR "/xen-hotplug.log; `sh -x` shows "
      "how far it comes.",
      NULL },
    { "HVM guests are not supported", "this host cannot run HVM guests",
      "Switch VT-x or AMD-V on in the firmware, or use type=\"pv\".", NULL },
};

static bool why_patterns(struct search *s)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(patterns); i++) {
        const struct pattern *p = &patterns[i];
        const char *text = xen_log_find(s->log, p->needle);
        if (!text)
            continue;
        g_autofree char *path = p->log ? log_path(s, p->log) : NULL;
        g_autofree char *last = last_line(path);
        if (last)
            err_set(s->err, ERR_LIBXL, "%s: %s", p->said ? p->said : text,
                    last);
        else
            err_set(s->err, ERR_LIBXL, "%s", p->said ? p->said : text);
        if (p->next)
            err_hint(s->err, "%s", p->next);
        return true;
    }
    return false;
}

static void why_first_message(struct search *s)
{
    const char *text = xen_log_find(s->log, NULL);
    if (text)
        err_set(s->err, ERR_LIBXL, "%s", text);
    else
        err_libxl(s->err, s->f->rc, "libxenlight could not create the domain");
}

/* --- What follows the cause. -------------------------------------------- */

static void add_chain(const struct search *s, GString *out)
{
    unsigned shown = 0;
    for (guint i = 0; i < s->log->lines->len && shown < CHAIN; i++) {
        const struct xen_log_line *l = s->log->lines->pdata[i];
        if (l->level < XTL_ERROR || strstr(s->err->message, l->text))
            continue;
        g_string_append_printf(out, "%slibxl: %s", out->len ? "\n" : "",
                               l->text);
        shown++;
    }
}

static void add_log(GString *out, const char *path)
{
    struct stat st;
    if (!path || stat(path, &st) || !st.st_size ||
        time(NULL) - st.st_mtime > RECENT_SECONDS)
        return;
    g_string_append_printf(out, "%s %s", out->len ? "" : "Logs:", path);
}

static char *logs(const struct search *s)
{
    GString *out = g_string_new(NULL);
    g_autofree char *qemu = log_path(s, "qemu");
    g_autofree char *boot = log_path(s, "boot");
    add_log(out, boot);
    if (s->f->config->b_info.type == LIBXL_DOMAIN_TYPE_HVM)
        add_log(out, qemu);
    add_log(out, LOG_DIR "/xen-hotplug.log");
    return g_string_free(out, FALSE);
}

int why_creation_failed(const struct xen_log *log, const struct why_facts *f,
                        struct err *err)
{
    ERR_AUTO found = { 0 };
    struct search s = { .log = log, .f = f, .err = &found };
    bool known = xen_log_find(log, "already exists") ? why_patterns(&s) : false;
    known = known || why_boot_files(&s) || why_disks(&s) || why_bridges(&s) ||
            why_memory(&s) || why_patterns(&s);
    if (!known)
        why_first_message(&s);
    GString *next = g_string_new(found.hint);
    g_autofree char *files = logs(&s);
    add_chain(&s, next);
    if (*files)
        g_string_append_printf(next, "%s%s", next->len ? "\n" : "", files);
    if (next->len)
        err_hint(&found, "%s", next->str);
    g_string_free(next, TRUE);
    found.rc = f->rc;
    found.exit_code = f->rc < 0 ? -f->rc : 1;
    err_move(err, &found);
    return -1;
}
