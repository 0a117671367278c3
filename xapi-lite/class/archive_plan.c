/* ova.xml before anything is made of it (way B). */
#include "class/archive_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EXPORT_VERSION = 2, OBJECTS_MAX = 100000 };

/* ---- looking at objects ------------------------------------------------- */

static const char *member(const struct value *o, const char *name)
{
    const char *s = value_get_string(value_find(o, name));
    return s ? s : "";
}

const char *archive_class(const struct value *object)
{
    return member(object, "class");
}

const char *archive_id(const struct value *object)
{
    return member(object, "id");
}

const char *archive_text(const struct value *object, const char *field)
{
    return member(value_find(object, "snapshot"), field);
}

const struct value *archive_follow(const struct archive_plan *p,
                                   const struct value *object,
                                   const char *field, const char *class)
{
    const struct value *o =
        g_hash_table_lookup(p->objects, archive_text(object, field));
    return o && !strcmp(archive_class(o), class) ? o : NULL;
}

struct planned_disk *archive_disk(const struct archive_plan *p, const char *id)
{
    for (guint i = 0; i < p->disks->len; i++) {
        struct planned_disk *d =
            &g_array_index(p->disks, struct planned_disk, i);
        if (!strcmp(d->id, id))
            return d;
    }
    return NULL;
}

bool archive_is_disk(const struct value *vbd)
{
    return !strcmp(archive_text(vbd, "type"), "Disk");
}

/* ---- checks ---------------------------------------------------------------
 */

static int wrong(struct fault *f, const char *why)
{
    return fault_set(f, "IMPORT_ERROR", why, NULL);
}

static int check_version(const struct value *ova, struct fault *f)
{
    const struct value *v = value_find(ova, "version");
    const char *text = member(v, "export_vsn");
    if (!v)
        return wrong(f, "ova.xml does not say its version");
    return strtol(text, NULL, 10) > EXPORT_VERSION
               ? fault_set(f, "IMPORT_INCOMPATIBLE_VERSION", NULL)
               : 0;
}

static int read_objects(struct archive_plan *p, struct fault *f)
{
    const struct value *all = value_find(p->ova, "objects");
    if (!all || value_get_type(all) != VALUE_ARRAY ||
        value_count(all) > OBJECTS_MAX)
        return wrong(f, "ova.xml has no list of objects, or one too long");
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *o = value_at(all, i);
        const struct value *fields = value_find(o, "snapshot");
        if (!*archive_class(o) || !*archive_id(o) || !fields ||
            value_get_type(fields) != VALUE_OBJECT)
            return wrong(f, "an object of ova.xml lacks class, id or fields");
        if (!g_hash_table_insert(p->objects, (char *)archive_id(o), (void *)o))
            return wrong(f, "two objects of ova.xml have the same id");
        if (!strcmp(archive_class(o), "VM") &&
            !value_get_bool(value_find(fields, "is_control_domain")))
            g_ptr_array_add(p->vms, (void *)o);
    }
    return p->vms->len ? 0 : wrong(f, "there is no VM in the archive");
}

static int check_vm(const struct snapshot *s, const struct value *vm,
                    struct fault *f)
{
    const char *uuid = archive_text(vm, "uuid");
    if (!g_uuid_string_is_valid(uuid))
        return fault_set(f, "UUID_INVALID", "VM", uuid, NULL);
    const struct record *here = snapshot_find_uuid(s, CLASS_VM, uuid);
    return here ? fault_set(f, "DUPLICATE_VM", record_ref(here), uuid, NULL)
                : 0;
}

static int add_disk(struct archive_plan *p, const char *id,
                    const struct value *vdi, struct fault *f)
{
    char *end;
    const char *text = archive_text(vdi, "virtual_size");
    errno = 0;
    gint64 size = g_ascii_strtoll(text, &end, 10);
    if (errno || *end || end == text || size <= 0)
        return fault_set(f, "INVALID_VALUE", "VDI.virtual_size", text, NULL);
    struct planned_disk d = { .id = id,
                              .snapshot = value_find(vdi, "snapshot"),
                              .size = (uint64_t)size };
    g_array_append_val(p->disks, d);
    return 0;
}

/* The disks that the VMs of the archive use; VDIs that nobody uses are left. */
static int find_disks(struct archive_plan *p, struct fault *f)
{
    const struct value *all = value_find(p->ova, "objects");
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *o = value_at(all, i);
        const char *id = archive_text(o, "VDI");
        if (strcmp(archive_class(o), "VBD") || !archive_is_disk(o) || !*id ||
            !strcmp(id, REF_NULL) || archive_disk(p, id))
            continue;
        const struct value *vdi = archive_follow(p, o, "VDI", "VDI");
        if (!vdi || !archive_follow(p, o, "VM", "VM"))
            return fault_set(f, "IMPORT_ERROR_FAILED_TO_FIND_OBJECT",
                             vdi ? archive_text(o, "VM") : id, NULL);
        if (add_disk(p, id, vdi, f) < 0)
            return -1;
    }
    return 0;
}

static void disk_clear(void *p)
{
    g_free(((struct planned_disk *)p)->vdi);
}

int archive_plan_make(const struct snapshot *s, const struct value *ova,
                      const struct archive_import *opts,
                      struct archive_plan *out, struct fault *f)
{
    out->ova = ova;
    out->objects = g_hash_table_new(g_str_hash, g_str_equal);
    out->vms = g_ptr_array_new();
    out->disks = g_array_new(FALSE, FALSE, sizeof(struct planned_disk));
    g_array_set_clear_func(out->disks, disk_clear);
    if (check_version(ova, f) < 0 || read_objects(out, f) < 0 ||
        find_disks(out, f) < 0)
        return -1;
    for (guint i = 0; opts->restore && i < out->vms->len; i++)
        if (check_vm(s, out->vms->pdata[i], f) < 0)
            return -1;
    return 0;
}

void archive_plan_dispose(struct archive_plan *p)
{
    if (!p->objects)
        return;
    g_hash_table_destroy(p->objects);
    g_ptr_array_free(p->vms, TRUE);
    g_array_free(p->disks, TRUE);
    *p = (struct archive_plan){ 0 };
}
