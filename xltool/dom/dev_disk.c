/* Way A, in dom/: disk= specs -> libxl_device_disk, through libxlutil, whose
 * complaints get a place in the string and advice. */
#include <string.h>

#include "dom/spec.h"
#include "dom/xlu.h"

/* The length of the field at text. */
static size_t field_length(const char *text)
{
    return strcspn(text, ",");
}

/* Takes the flags trusted and untrusted out of a spec: not every libxlutil
 * knows them, though the manual does. Fields behind target= are part of it. */
static char *take_trust(const char *spec, libxl_defbool *trusted)
{
    GString *rest = g_string_new(NULL);

    while (*spec) {
        size_t blanks = strspn(spec, " \t"), length = field_length(spec);
        const char *word = spec + blanks;
        size_t size = length > blanks ? length - blanks : 0;
        size_t next = length + (spec[length] == ',');
        if (size >= 7 && !strncmp(word, "target=", 7)) {
            g_string_append(rest, spec);
            break;
        }
        if (size == 7 && !strncmp(word, "trusted", size))
            libxl_defbool_set(trusted, true);
        else if (size == 9 && !strncmp(word, "untrusted", size))
            libxl_defbool_set(trusted, false);
        else
            g_string_append_len(rest, spec, (gssize)next);
        spec += next;
    }
    return g_string_free(rest, FALSE);
}

/* What to write instead, by the beginning of libxlutil's complaint. */
static const struct {
    const char *why, *hint;
} advice[] = {
    { "no vdev", "add the name the guest sees, such as vdev=xvda" },
    { "no target", "add target=/path/of/image at the end, or devtype=cdrom "
                   "for an empty drive" },
    { "unknown value for format", "write raw, qcow, qcow2, vhd or qed" },
    { "unknown value for access", "write rw or ro" },
    { "unknown value for type", "write devtype=disk or devtype=cdrom" },
    { "unknown value for backendtype",
      "write phy, qdisk, tap or standalone, or leave it out" },
    { "unknown value for specification", "write xen or virtio" },
    { "unknown deprecated disk prefix",
      "write format= and target= instead of a prefix" },
    { "too many positional",
      "the four places are target, format, vdev, access; a target with a "
      "comma needs target=" },
    { "target respecified",
      "check the word before it for a typing mistake: a word that is no "
      "option is taken as the target" },
};

static const char *find_advice(const char *why)
{
    for (size_t i = 0; i < G_N_ELEMENTS(advice); i++)
        if (g_str_has_prefix(why, advice[i].why))
            return advice[i].hint;
    return NULL;
}

static void refuse(struct dom_build *b, const struct cfg_node *item,
                   const char *why, const char *near)
{
    const char *at = near && near[0] ? g_strrstr(item->text, near) : NULL;
    size_t offset = at ? (size_t)(at - item->text) : 0;
    size_t length = at ? strlen(near) : item->text_len;

    if (at && length && near[length - 1] == ',')
        length--;
    build_refuse(b, 1, "bad-disk", cfg_node_pos(item, offset, length),
                 find_advice(why), "disk \"%s\": %s%s%.*s%s", item->text, why,
                 at ? ": \"" : "", at ? (int)length : 0, at ? at : "",
                 at ? "\"" : "");
}

/* What libxlutil drops from the front of a target, or takes as a format. */
static bool has_prefix(const char *spec)
{
    static const char *const prefixes[] = {
        "raw:", "qcow:", "qcow2:", "vhd:",     "iscsi:",
        "nbd:", "enbd:", "drbd:",  "phy:",     "file:",
        "aio:", "tap:",  "tap2:",  "tapdisk:", "ioemu:",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(spec, prefixes[i]))
            return true;
    return false;
}

/* A spec with a prefix still works; how it is written today. */
static void note_prefix(struct dom_build *b, const struct cfg_node *item,
                        const libxl_device_disk *d)
{
    if (!has_prefix(item->text) || !d->vdev || !d->pdev_path ||
        strpbrk(d->pdev_path, "\"\\'"))
        return;
    g_autoptr(GString) hint = g_string_new("write ");
    g_string_append_printf(hint, "format=%s, vdev=%s, access=%s",
                           libxl_disk_format_to_string(d->format), d->vdev,
                           d->readwrite ? "rw" : "ro");
    if (d->is_cdrom)
        g_string_append(hint, ", devtype=cdrom");
    if (d->script)
        g_string_append_printf(hint, ", script=%s", d->script);
    g_string_append_printf(hint, ", target=%s", d->pdev_path);
    build_note(b, "deprecated", cfg_node_pos(item, 0, item->text_len),
               hint->str, "prefixes of disk targets are deprecated");
}

static void add(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_disk *disk = BUILD_ADD(config->disks, config->num_disks);
    g_autofree char *near = NULL;

    libxl_device_disk_init(disk);
    g_autofree char *spec = take_trust(item->text, &disk->trusted);
    g_autofree char *why = xlu_disk(spec, disk, &near);
    if (why)
        refuse(b, item, why, near);
    else
        note_prefix(b, item, disk);
}

void dev_disk(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add);
}
