/* VDIs as image files in a folder: what file, ext and nfs have in common.
 * A VDI is UUID.qcow2, UUID.raw or UUID.vhd. What several VDIs share after a
 * snapshot is base-UUID.qcow2. new-UUID... is unfinished and removed by the
 * next scan; sr_links.h tells of UUID.qcow2.gone. Private to driver/. */
#ifndef XAPI_SR_FOLDER_H
#define XAPI_SR_FOLDER_H

#include <sys/types.h>

#include "driver/driver.h"

#define SR_MOUNTS "/run/sr-mount"
#define FOLDER_NEW "new-"
#define FOLDER_BASE "base-"
#define FOLDER_OVER "over-"

/* Where the SR's files are: its location, or its mount point. Caller frees. */
char *folder_path(const struct sr_spec *sr);
int folder_scan(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err);
int folder_vdi_create(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err);
int folder_vdi_destroy(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err);
int folder_vdi_resize(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err);
int folder_vdi_split(const struct sr_spec *sr, const struct vdi_spec *from,
                     const char *new_uuid, struct vdi_found *out,
                     struct err *err);
int folder_vdi_attach(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err);
int folder_vdi_keep(const struct sr_spec *sr, const struct vdi_spec *v, bool on,
                    struct err *err);
int folder_vdi_reset(const struct sr_spec *sr, const struct vdi_spec *v,
                     struct err *err);
/* A new image that stands on a base of its folder; size: bytes, 0: as many as
 * the base. */
int folder_overlay(const char *path, const char *base, uint64_t size,
                   struct err *err);
/* Of a disk that shall get a new base: undoes it. False when the disk stands
 * on the base already. */
bool folder_drop_base(const char *base, const char *path);
/* Ends what an interrupted snapshot of the disk has left, before its chain
 * changes. */
int folder_settle(const char *dir, const struct sr_spec *sr,
                  const struct vdi_spec *v, struct err *err);
/* Ends what was interrupted, merges what only one VDI needs any more, removes
 * what none needs. Disks in use and what they stand on are not merged. */
void folder_tidy(const char *dir, GHashTable *in_use);
/* A running guest's QEMU takes layers that only its disk needs into the disk
 * (UUID.qcow2.merging tells of which it was begun). The first removes what was
 * taken in; the second asks the QEMUs of the disks in use. */
void lifts_finish(const char *dir);
void lifts_begin(const char *dir, GHashTable *in_use);
/* Before the disk gets another layer. Nothing may be under way. */
void lifts_forget(const char *dir, const char *name);
/* Path of a VDI's file: one that cannot leave the folder, whatever a record
 * says. NULL and err. Caller frees. */
char *folder_file(const char *dir, const struct vdi_spec *v, struct err *err);
/* A new name for what a guest's QEMU writes to, see sr_over.c. Caller frees. */
char *overs_path(const char *dir, const char *name);
/* Ends snapshots that were interrupted and removes names that no guest needs
 * any more. False when of the disk `of` (NULL: of none) nobody can tell which
 * file the guest writes to. */
bool overs_tidy(const char *dir, const char *of, GHashTable *in_use);
/* An overlay that QEMU may have been told of, and nobody knows. */
bool overs_is_unfinished(const char *dir, const char *name);
/* How many such names a file has. */
unsigned overs_count(const char *dir, ino_t inode);
/* As rename(2), with everything on the disk before and after. */
int folder_rename(const char *from, const char *to, struct err *err);
/* Gives the finished file its name. */
int folder_finish(const char *dir, const char *scratch, const char *name,
                  struct vdi_found *out, struct err *err);
/* Whether a folder is mounted there. */
bool folder_is_mount(const char *path);
/* umount and rmdir of the SR's mount point; nothing there is fine. */
int folder_unmount(const struct sr_spec *sr, struct err *err);
extern const char *const folder_capabilities[];
extern const char *const folder_probe_capabilities[]; /* with SR_PROBE */

#define FOLDER_VDI_OPERATIONS                                                  \
    .scan = folder_scan, .vdi_create = folder_vdi_create,                      \
    .vdi_destroy = folder_vdi_destroy, .vdi_resize = folder_vdi_resize,        \
    .vdi_snapshot = folder_vdi_split, .vdi_clone = folder_vdi_split,           \
    .vdi_attach = folder_vdi_attach, .vdi_keep = folder_vdi_keep,              \
    .vdi_reset = folder_vdi_reset

#endif
