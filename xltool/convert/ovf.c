/* OVF envelopes -> xl.cfg (beside way A). Numbers of resource types: CIM's
 * CIM_ResourceAllocationSettingData, which DSP0243 refers to. */
#include <inttypes.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "convert/cfgout.h"
#include "convert/convert.h"
#include "convert/libxml.h"
#include "convert/xml.h"

enum {
    PROCESSOR = 3,
    MEMORY = 4,
    NETWORK = 10,
    FLOPPY = 14,
    CD = 15,
    DVD = 16,
    DISK = 17,
    SOUND = 35,
};

/* Parts of every machine that xl gives as well. */
static const int known_parts[] = { 5, 6, 7, 20, 23, 24, 1 };

struct ovf {
    struct xml x;
    xmlNode *root;
    GPtrArray *disks, *vifs;
    unsigned nr_disks, nr_cds;
};

static char *item_text(xmlNode *item, const char *name)
{
    return xml_child_text(item, name);
}

/* Child of the first `section` below the root whose attribute `attr` is. */
static xmlNode *by_id(struct ovf *o, const char *section, const char *name,
                      const char *attr, const char *id)
{
    xmlNode *n = xml_child(xml_child(o->root, section), name);
    while (n && !xml_attr_is(n, attr, id))
        n = xml_next(n);
    return n;
}

static char *file_of(struct ovf *o, const char *id)
{
    return id ? xml_attr(by_id(o, "References", "File", "id", id), "href")
              : NULL;
}

/* The file behind "ovf:/disk/ID", "/disk/ID" or "ovf:/file/ID". */
static char *host_resource(struct ovf *o, xmlNode *item)
{
    g_autofree char *resource = item_text(item, "HostResource");
    const char *id = resource ? strrchr(resource, '/') : NULL;
    if (!id)
        return NULL;
    if (strstr(resource, "/file/"))
        return file_of(o, id + 1);
    g_autofree char *ref =
        xml_attr(by_id(o, "DiskSection", "Disk", "diskId", id + 1), "fileRef");
    return file_of(o, ref);
}

/* Xen reads raw, qcow2 and vhd; another image has to be converted first. */
static void add_disk(struct ovf *o, xmlNode *item)
{
    g_autofree char *file = host_resource(o, item);
    g_autoptr(GString) spec = g_string_new(NULL);
    g_autofree char *stem = g_strdup(file ? file : "");
    char *dot = strrchr(stem, '.');
    const char *type = dot ? dot : "";
    const char *format = !strcmp(type, ".vhd") ? "vhd"
                         : !strcmp(type, ".img") || !strcmp(type, ".raw")
                             ? "raw"
                             : "qcow2";
    if (!file) {
        xml_warn(&o->x, item,
                 "this disk has no file: make one (qemu-img "
                 "create) and name it in disk=");
        return;
    }
    if (o->nr_disks >= 26) {
        xml_warn(&o->x, item, "a disk more than xvda to xvdz is left out");
        return;
    }
    bool vmdk = !strcmp(type, ".vmdk");
    if (vmdk) {
        *dot = '\0';
        xml_warn(&o->x, item,
                 "Xen does not read VMDK: qemu-img convert -O qcow2 %s "
                 "%s.qcow2",
                 file, stem);
    }
    g_autofree char *target =
        vmdk ? g_strdup_printf("%s.qcow2", stem) : g_strdup(file);
    g_string_printf(spec, "format=%s,vdev=xvd%c,access=rw,target=%s", format,
                    'a' + (int)o->nr_disks++, target);
    g_ptr_array_add(o->disks, g_strdup(spec->str));
}

static void add_cd(struct ovf *o, xmlNode *item)
{
    g_autofree char *file = host_resource(o, item);
    g_autofree char *target = file ? g_strdup_printf(",target=%s", file) : NULL;
    if (o->nr_cds >= 2) {
        xml_warn(&o->x, item, "a drive more than hdc and hdd is left out");
        return;
    }
    g_ptr_array_add(o->disks, g_strdup_printf("format=raw,vdev=hd%c,access=ro,"
                                              "devtype=cdrom%s",
                                              'c' + (int)o->nr_cds++,
                                              target ? target : ""));
}

static void add_vif(struct ovf *o, xmlNode *item)
{
    static const char *const models[] = { "e1000",   "e1000e", "rtl8139",
                                          "vmxnet3", "pcnet",  NULL };
    g_autoptr(GString) spec = g_string_new(NULL);
    g_autofree char *mac = item_text(item, "Address");
    g_autofree char *network = item_text(item, "Connection");
    g_autofree char *sub = item_text(item, "ResourceSubType");
    g_autofree char *model = sub ? g_ascii_strdown(sub, -1) : NULL;
    cfgout_option(spec, "mac", mac && strchr(mac, ':') ? mac : NULL);
    cfgout_option(spec, "model",
                  model && g_strv_contains(models, model) ? model : NULL);
    if (network)
        xml_warn(&o->x, item,
                 "the network \"%s\" is not known here: the vif goes to the "
                 "default bridge, else name one with bridge=",
                 network);
    g_ptr_array_add(o->vifs, g_strdup(spec->str));
}

/* "byte * 2^20", "MegaBytes", "MB" and the like: MiB. */
static uint64_t mebibytes(uint64_t n, const char *unit)
{
    const char *power = unit ? strstr(unit, "2^") : NULL;
    unsigned shift = power ? (unsigned)strtoul(power + 2, NULL, 10) : 20;
    if (unit && !power && (*unit == 'G' || *unit == 'g'))
        shift = 30;
    else if (unit && !power && (*unit == 'K' || *unit == 'k'))
        shift = 10;
    else if (unit && !power && !strcmp(unit, "byte"))
        shift = 0;
    if (shift > 40 || n > ((uint64_t)1 << 22))
        return shift >= 20 ? 0 : n >> (20 - shift);
    return shift >= 20 ? n << (shift - 20) : n >> (20 - shift);
}

static void one_item(struct ovf *o, xmlNode *item, unsigned long type)
{
    g_autofree char *quantity = item_text(item, "VirtualQuantity");
    g_autofree char *unit = item_text(item, "AllocationUnits");
    g_autofree char *name = item_text(item, "ElementName");
    uint64_t n = 0;
    bool has = xml_number(quantity, &n);
    if (type == PROCESSOR && has)
        cfgout_number(o->x.out, "vcpus", n);
    else if (type == MEMORY && has)
        cfgout_number(o->x.out, "memory", mebibytes(n, unit));
    else if (type == DISK)
        add_disk(o, item);
    else if (type == CD || type == DVD)
        add_cd(o, item);
    else if (type == NETWORK)
        add_vif(o, item);
    else if (type == SOUND)
        cfgout_text(o->x.out, "soundhw", "es1370");
    else
        xml_warn(&o->x, item,
                 "\"%s\" (resource type %lu) has no counterpart "
                 "in xl.cfg",
                 name ? name : "an item", type);
}

static bool is_known_part(unsigned long type)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known_parts); i++)
        if ((unsigned long)known_parts[i] == type)
            return true;
    return false;
}

static void hardware(struct ovf *o, xmlNode *section)
{
    for (xmlNode *item = section ? section->children : NULL; item;
         item = item->next) {
        if (!xml_is(item, "Item") && !xml_is(item, "StorageItem") &&
            !xml_is(item, "EthernetPortItem"))
            continue;
        g_autofree char *text = item_text(item, "ResourceType");
        unsigned long type = text ? strtoul(text, NULL, 10) : 0;
        if (!is_known_part(type))
            one_item(o, item, type);
    }
    for (xmlNode *c = xml_child(section, "Config"); c; c = xml_next(c))
        if (xml_attr_is(c, "key", "firmware") && xml_attr_is(c, "value", "efi"))
            cfgout_text(o->x.out, "firmware", "ovmf");
}

static void machine(struct ovf *o, xmlNode *system)
{
    g_autofree char *given = xml_child_text(system, "Name");
    g_autofree char *id = xml_attr(system, "id");
    const char *name = given ? given : id ? id : "unnamed";
    g_autofree char *safe = g_strdelimit(g_strdup(name), " \t/", '-');
    cfgout_text(o->x.out, "name", safe);
    cfgout_text(o->x.out, "type", "hvm");
    hardware(o, xml_child(system, "VirtualHardwareSection"));
    cfgout_list(o->x.out, "disk", o->disks);
    cfgout_list(o->x.out, "vif", o->vifs);
    cfgout_number(o->x.out, "vnc", 1);
}

/* The first machine, also inside a collection; the others are named. */
static xmlNode *first_machine(struct ovf *o)
{
    xmlNode *system = xml_child(o->root, "VirtualSystem");
    if (!system)
        system = xml_child(xml_child(o->root, "VirtualSystemCollection"),
                           "VirtualSystem");
    for (xmlNode *n = system ? xml_next(system) : NULL; n; n = xml_next(n)) {
        g_autofree char *id = xml_attr(n, "id");
        xml_warn(&o->x, n, "only the first machine is translated, not \"%s\"",
                 id ? id : "");
    }
    return system;
}

int convert_from_ovf(const char *file, const char *text, size_t len,
                     GString *out, struct diags *diags, struct err *err)
{
    struct ovf o = { .disks = NULL };
    if (xml_open(&o.x, file, text, len, out, diags, err))
        return -1;
    o.root = libxml.xmlDocGetRootElement(o.x.doc);
    o.disks = g_ptr_array_new_with_free_func(g_free);
    o.vifs = g_ptr_array_new_with_free_func(g_free);
    xmlNode *system = xml_is(o.root, "Envelope") ? first_machine(&o) : NULL;
    if (system)
        machine(&o, system);
    else
        err_set(err, ERR_CONFIG, "%s is no OVF envelope with a machine", file);
    g_ptr_array_free(o.disks, TRUE);
    g_ptr_array_free(o.vifs, TRUE);
    xml_close(&o.x);
    return system ? 0 : -1;
}
