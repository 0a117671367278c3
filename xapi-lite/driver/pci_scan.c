/* PCI devices of this machine, named as the list of PCI ids names them. Reads
 * sysfs only (way B). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/driver.h"

/* ---- names
 * --------------------------------------------------------------------- */

/* The list: "vvvv  Vendor", below it "\tdddd  Device", below that
 * "\t\tssss dddd  Subsystem"; classes at its end as "C cc  Class", "\tss  Sub".
 */
struct names {
    char **lines; /* NULL: no list */
};

/* Line after `from` that begins with key at this depth, or NULL. Stops where
 * the depth above begins anew. */
static char **find_line(char **from, const char *key, unsigned depth)
{
    static const char tabs[] = "\t\t";
    size_t n = strlen(key);
    for (; from && *from; from++) {
        const char *line = *from;
        if (*line == '#' || !*line)
            continue;
        if (strspn(line, "\t") < depth)
            return NULL;
        if (!strncmp(line, tabs + 2 - depth, depth) &&
            !strncmp(line + depth, key, n))
            return from;
    }
    return NULL;
}

/* The name behind the key, or the number itself. Caller frees. */
static char *name_of(char **line, const char *key)
{
    const char *name = line ? strstr(*line, "  ") : NULL;
    return g_strdup(name ? name + 2 : key);
}

static char **below(char **line)
{
    return line ? line + 1 : NULL;
}

/* ---- one device
 * ---------------------------------------------------------------- */

static unsigned read_hex(const char *dir, const char *file)
{
    g_autofree char *path = g_build_filename(dir, file, NULL);
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL)
               ? (unsigned)strtoul(text, NULL, 16)
               : 0;
}

static char *read_driver(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "driver", NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    return target ? g_path_get_basename(target) : g_strdup("");
}

static void set_class(struct pci_found *p, const struct names *n)
{
    char key[16];
    g_snprintf(key, sizeof key, "C %02x", p->class_id >> 8 & 0xff);
    char **class = find_line(n->lines, key, 0);
    g_snprintf(key, sizeof key, "%02x", p->class_id & 0xff);
    char **sub = find_line(below(class), key, 1);
    g_snprintf(key, sizeof key, "%04x", p->class_id);
    p->class_name = name_of(sub ? sub : class, key);
}

static void set_names(struct pci_found *p, const struct names *n,
                      const char *dir)
{
    char vendor[8], device[8], subvendor[8], pair[16];
    unsigned sv = read_hex(dir, "subsystem_vendor");
    unsigned sd = read_hex(dir, "subsystem_device");
    g_snprintf(vendor, sizeof vendor, "%04x", read_hex(dir, "vendor") & 0xffff);
    g_snprintf(device, sizeof device, "%04x", read_hex(dir, "device") & 0xffff);
    g_snprintf(subvendor, sizeof subvendor, "%04x", sv & 0xffff);
    g_snprintf(pair, sizeof pair, "%04x %04x", sv & 0xffff, sd & 0xffff);
    char **v = find_line(n->lines, vendor, 0);
    char **d = find_line(below(v), device, 1);
    p->vendor_name = name_of(v, vendor);
    p->device_name = name_of(d, device);
    p->subvendor_name =
        sv ? name_of(find_line(n->lines, subvendor, 0), subvendor)
           : g_strdup("");
    p->subdevice_name =
        sv ? name_of(find_line(below(d), pair, 2), pair + 5) : g_strdup("");
}

static void clear_found(void *data)
{
    struct pci_found *p = data;
    g_free(p->address);
    g_free(p->class_name);
    g_free(p->vendor_name);
    g_free(p->device_name);
    g_free(p->subvendor_name);
    g_free(p->subdevice_name);
    g_free(p->driver);
}

static gint by_address(gconstpointer a, gconstpointer b)
{
    const struct pci_found *x = a, *y = b;
    return strcmp(x->address, y->address);
}

GArray *pci_scan(const char *folder, const char *ids)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct pci_found));
    g_autofree char *text = NULL;
    g_file_get_contents(ids, &text, NULL, NULL);
    g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
    struct names names = { lines };
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    g_array_set_clear_func(list, clear_found);
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct pci_found p = { .address = g_strdup(name),
                               .driver = read_driver(path),
                               .class_id = read_hex(path, "class") >> 8,
                               .boot_vga = read_hex(path, "boot_vga") == 1 };
        set_class(&p, &names);
        set_names(&p, &names, path);
        g_array_append_val(list, p);
    }
    g_array_sort(list, by_address);
    return list;
}
