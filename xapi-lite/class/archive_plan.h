/* What an archive's ova.xml asks for, checked, before anything is made. Private
 * to class/. */
#ifndef XAPI_ARCHIVE_PLAN_H
#define XAPI_ARCHIVE_PLAN_H

#include "class/vm_archive.h"
#include "store/store.h"

struct planned_disk {
    const char *id; /* of the VDI in the archive */
    const struct value *snapshot;
    uint64_t size;
    char *vdi; /* the VDI here, once it is made or found; owned */
    bool seen; /* its data have come */
};

struct archive_plan {
    const struct value *ova; /* borrowed */
    GHashTable *objects;     /* id -> const struct value *object */
    GPtrArray *vms;          /* const struct value *object */
    GArray *disks;           /* struct planned_disk, each once */
};

/* IMPORT_ERROR [why], IMPORT_INCOMPATIBLE_VERSION,
 * IMPORT_ERROR_FAILED_TO_FIND_OBJECT [id], DUPLICATE_VM [VM here, UUID]. The
 * tree must outlive the plan. */
int archive_plan_make(const struct snapshot *s, const struct value *ova,
                      const struct archive_import *opts,
                      struct archive_plan *out, struct fault *f);
void archive_plan_dispose(struct archive_plan *p);

/* Class, id and fields of an object. */
const char *archive_class(const struct value *object);
const char *archive_id(const struct value *object);
/* A field's text, "" without one. */
const char *archive_text(const struct value *object, const char *field);
/* The object that a field of this one names, when it is of that class; or
 * NULL. */
const struct value *archive_follow(const struct archive_plan *p,
                                   const struct value *object,
                                   const char *field, const char *class);
/* The planned disk of a VDI's id, or NULL. */
struct planned_disk *archive_disk(const struct archive_plan *p, const char *id);
/* Whether a VBD object stands for a disk (not a CD). */
bool archive_is_disk(const struct value *vbd);

#endif
