/* What the classes ask of the machine: guests, disks, networks. Drivers know
 * libxl, LVM or bridges, never the store; what they need is handed in as plain
 * structs, what they found comes back the same way. */
#ifndef XAPI_DRIVER_H
#define XAPI_DRIVER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

/* ---- guests ---------------------------------------------------------- */

struct disk_spec {
    const char *vdev;   /* xvda */
    const char *path;   /* file or device; NULL: an empty CD drive */
    const char *format; /* raw, qcow2, vhd */
    const char *script; /* block script, or NULL */
    bool cdrom, readonly;
};

struct nic_spec {
    int devid;
    const char *mac; /* aa:bb:.. */
    const char *bridge;
    const char *script; /* NULL: the host's default */
    const char *model;  /* of the emulated card, or NULL */
    int mtu;            /* 0: default */
    uint64_t rate_kib;  /* KiB/s, 0: unlimited */
};

/* Everything a guest is built from. Borrowed. */
struct vm_spec {
    const struct value *vm; /* its VM record, as VM.get_record shows it */
    const struct disk_spec *disks;
    size_t n_disks;
    const struct nic_spec *nics;
    size_t n_nics;
    const char *const *pcis; /* addresses of the host's devices, 0000:04:01.0 */
    size_t n_pcis;
};

enum vm_run_state { VM_RUNNING, VM_PAUSED, VM_SHUTDOWN, VM_DYING };
/* LIBXL_SHUTDOWN_REASON of a guest that has ended. */
enum vm_end {
    VM_END_NONE,
    VM_END_POWEROFF,
    VM_END_REBOOT,
    VM_END_SUSPEND,
    VM_END_CRASH
};

struct vm_info {
    uint32_t domid;
    char uuid[37];
    char name[128];
    enum vm_run_state state;
    enum vm_end end;
    const char *type; /* hvm, pv, pvh */
    uint64_t memory_bytes, max_memory_bytes;
    unsigned vcpus, vcpus_max;
    uint64_t cpu_time_ns;
    bool ours; /* started by this program, not by xl */
};

/* A device of a running guest, for guests that were not started by us. */
struct vm_disk {
    char *vdev, *path, *format;
    bool cdrom, readonly;
};
struct vm_nic {
    int devid;
    char *mac, *bridge;
    int mtu;
};
/* Fields for a VM record (VM.get_record's names) and its devices. */
struct vm_found {
    struct value *vm;
    GArray *disks; /* struct vm_disk */
    GArray *nics;  /* struct vm_nic */
};
void vm_found_dispose(struct vm_found *f);

struct host_info {
    char *hostname, *xen_version, *xen_caps, *xen_scheduler, *xen_cmdline,
        *kernel;
    char *cpu_model, *cpu_vendor, *cpu_flags;
    char *bios_vendor, *bios_version, *system_manufacturer, *system_product;
    unsigned cpu_count, sockets, threads_per_core, cpu_mhz, cpu_family,
        cpu_model_id, cpu_stepping;
    uint64_t memory_total, memory_free; /* bytes */
    bool hvm;
    uint64_t boot_time; /* Unix seconds */
};
void host_info_dispose(struct host_info *h);

/* Told by the driver's own thread. */
enum vm_event {
    VM_EVENT_LIST,  /* some domain appeared or went: look at the list */
    VM_EVENT_ENDED, /* this guest has shut down; vm_info.end says why */
    VM_EVENT_GUEST, /* what the guest writes about itself has changed */
};

/* Words of features that the processor has and that PV and HVM guests may see;
 * "" or NULL when Xen does not tell. */
struct host_features {
    char *host, *pv, *hvm;
};
void driver_host_features(struct host_features *out);
void host_features_dispose(struct host_features *f);

struct driver;
typedef void driver_event_fn(void *user, enum vm_event ev, uint32_t domid);

/* Connects to Xen; fails with ERR_NOXEN when there is none. No event before
 * driver_watch. */
struct driver *driver_open(struct err *err);
void driver_watch(struct driver *d, driver_event_fn *fn, void *user);
/* No fn() runs after this returns. */
void driver_unwatch(struct driver *d);
void driver_close(struct driver *d); /* guests are left alone */

int driver_host_info(struct driver *d, struct host_info *out, struct err *err);
/* Array of struct vm_info; caller frees with g_array_unref. */
GArray *driver_list(struct driver *d, struct err *err);
/* 0 and *out, or -1 with ERR_NOENT. */
int driver_info(struct driver *d, uint32_t domid, struct vm_info *out,
                struct err *err);
int driver_describe(struct driver *d, uint32_t domid, struct vm_found *out,
                    struct err *err);

/* Builds and starts; nothing is left when it fails. */
int driver_vm_start(struct driver *d, const struct vm_spec *spec, bool paused,
                    uint32_t *domid_out, struct err *err);
/* Saves to a file and destroys the domain; on failure it runs on. */
int driver_vm_suspend(struct driver *d, uint32_t domid, const char *path,
                      struct err *err);
int driver_vm_resume(struct driver *d, const struct vm_spec *spec,
                     const char *path, bool paused, uint32_t *domid_out,
                     struct err *err);
int driver_vm_destroy(struct driver *d, uint32_t domid, struct err *err);
/* Ask the guest; ERR_UNSUPPORTED when it does not listen. */
int driver_vm_shutdown(struct driver *d, uint32_t domid, struct err *err);
int driver_vm_reboot(struct driver *d, uint32_t domid, struct err *err);
int driver_vm_pause(struct driver *d, uint32_t domid, struct err *err);
int driver_vm_unpause(struct driver *d, uint32_t domid, struct err *err);
/* A guest that stands still after an interrupted suspend runs on. */
int driver_vm_wake(struct driver *d, uint32_t domid, struct err *err);
/* The domain's memory as an ELF core file, which is made; at most ten minutes,
 * and not on when stopped(arg). */
int driver_core_dump(uint32_t domid, const char *path,
                     bool (*stopped)(void *arg), void *arg, struct err *err);
int driver_vm_memory(struct driver *d, uint32_t domid, uint64_t target_bytes,
                     struct err *err);
int driver_vm_vcpus(struct driver *d, uint32_t domid, unsigned n,
                    struct err *err);
int driver_vm_rename(struct driver *d, uint32_t domid, const char *name,
                     struct err *err);
int driver_vm_weight(struct driver *d, uint32_t domid, int weight, int cap,
                     struct err *err); /* -1: leave */
int driver_vm_sysrq(struct driver *d, uint32_t domid, char key,
                    struct err *err);
int driver_vm_trigger(struct driver *d, uint32_t domid, const char *trigger,
                      struct err *err);
/* Free memory for a guest of this record, bytes needed in all (overhead
 * included). */
uint64_t driver_vm_need(struct driver *d, const struct vm_spec *spec);

int driver_disk_plug(struct driver *d, uint32_t domid,
                     const struct disk_spec *disk, struct err *err);
int driver_disk_unplug(struct driver *d, uint32_t domid, const char *vdev,
                       bool force, struct err *err);
/* A back end's share of the host's disks. */
struct disk_qos {
    int io_class, io_level; /* as ionice(1): 0 none, 1 rt, 2 be, 3 idle; 0-7 */
    uint64_t kib_s, iops;   /* limits; 0: none */
};
/* VBD.qos_algorithm_type ("": nothing) and its parameters. ionice: sched=rt,
 * best-effort or idle, class=highest .. lowest or 0-7, as XenServer names them;
 * throttle: kbps= (KiB/s), iops=. */
int driver_disk_qos_parse(const char *type, const struct value *params,
                          struct disk_qos *out, struct err *err);
/* The algorithms that such a disk's back end knows; NULL-terminated. */
const char *const *driver_disk_qos_supported(const struct disk_spec *disk);
/* Takes effect when the guest has connected to the disk, if that is within two
 * minutes; a thread of its own waits for it. */
void driver_disk_qos(uint32_t domid, const struct disk_spec *disk,
                     const struct disk_qos *qos);
/* disk->path NULL ejects. */
int driver_cd_change(struct driver *d, uint32_t domid,
                     const struct disk_spec *disk, struct err *err);
int driver_nic_plug(struct driver *d, uint32_t domid,
                    const struct nic_spec *nic, struct err *err);
int driver_nic_unplug(struct driver *d, uint32_t domid, int devid, bool force,
                      struct err *err);

/* The address that the guest's agent shall give a card; "" means none of that
 * family. */
struct nic_address {
    int devid;
    const char *mac;
    const char *ip4, *gateway4, *ip6, *gateway6; /* ip: address/prefix */
};
/* Writes what XenServer's guest agents read:
 * xenserver/device/vif/N/static-ip-setting/{mac,enabled,address,gateway,
 * enabled6,address6,gateway6,error-code,error-msg}. */
int driver_nic_address(uint32_t domid, const struct nic_address *a,
                       struct err *err);
/* Notes the bridge that a plugged card has been moved to, for hotplug scripts
 * and xl. */
int driver_nic_bridge(uint32_t domid, int devid, const char *bridge,
                      struct err *err);

/* Where its consoles are. tty: path of the pseudo terminal ("" none); vnc:
 * TCP port on 127.0.0.1 or 0. tty is freed by the caller. */
int driver_consoles(struct driver *d, uint32_t domid, char **tty_out,
                    int *vnc_port_out, struct err *err);
/* What the guest's agent wrote: os_version, PV_drivers_version, networks,
 * other (objects of strings) and live, feature flags "shutdown", "suspend".
 * NULL when the guest wrote nothing. Caller frees. */
struct value *driver_guest_metrics(struct driver *d, uint32_t domid);
int driver_host_dmesg(struct driver *d, bool clear, char **text_out,
                      struct err *err);
int driver_host_debug_keys(struct driver *d, const char *keys, struct err *err);

/* ---- PCI ------------------------------------------------------------- */

#define PCI_IDS "/usr/share/misc/pci.ids"
enum { PCI_CLASS_DISPLAY = 3 }; /* class_id >> 8 */

struct pci_found {
    char *address; /* 0000:00:02.0 */
    char *class_name, *vendor_name, *device_name;
    char *subvendor_name, *subdevice_name, *driver; /* "" when unknown */
    unsigned class_id; /* class and subclass, 0x0300 */
    bool boot_vga;
};
/* Array of struct pci_found below a sysfs folder, in the order of addresses;
 * names from a list of PCI ids, numbers where it has none (or cannot be read).
 * Never fails. Caller frees. */
GArray *pci_scan(const char *folder, const char *ids);

/* ---- storage ----------------------------------------------------------- */

/* One SR as its driver sees it; borrowed. */
struct sr_spec {
    const char *uuid;
    const struct value *device_config; /* object of strings, from the PBD */
    const struct value *sm_config;
    const char *content_type;
    uint64_t physical_size;
    /* Locations of the disks that guests may have open: what is below them must
     * stay as it is. Their values are the domid of the one guest that writes
     * to the disk, GINT_TO_POINTER; 0: there is no such one. NULL: none. */
    GHashTable *in_use;
};

struct vdi_spec {
    const char *uuid, *location, *name;
    uint64_t virtual_size;
    const struct value *sm_config;
    bool read_only;
    bool live;    /* a running guest writes to it */
    int64_t user; /* domid of that guest; -1: none, or several */
};

struct vdi_found {
    char *uuid, *location, *name, *format;
    uint64_t virtual_size, physical_utilisation;
    bool read_only, is_a_snapshot;
    char *parent_uuid, *snapshot_of_uuid; /* or NULL */
};
void vdi_found_dispose(struct vdi_found *v);

struct sr_figures {
    uint64_t physical_size, physical_utilisation, virtual_allocation;
};

/* How a guest reaches the disk. path is the caller's to free. */
struct vdi_attached {
    char *path;
    const char *format; /* raw, qcow2, vhd */
};

enum copy_target {
    COPY_OVER,    /* it may hold anything */
    COPY_FRESH,   /* it is new: zeros need not be written */
    COPY_SCRATCH, /* new, and removed soon: need not reach the device */
};
/* All of one disk into another that is at least as large. fn (or NULL) is
 * told how far it is, 0 to 1, each second at the least; when it says no the
 * copy ends with ERR_ABORTED. */
int driver_disk_copy(const struct vdi_attached *from,
                     const struct vdi_attached *to, enum copy_target kind,
                     bool (*fn)(void *arg, double share), void *arg,
                     struct err *err);

/* Bytes the guest would see of an image that came from outside; refused when it
 * names another file as its backing. */
int driver_disk_size(const struct vdi_attached *a, uint64_t *size_out,
                     struct err *err);

/* A new image file of this size; the path must be free. */
int driver_disk_make(const struct vdi_attached *a, uint64_t size,
                     struct err *err);

/* The bytes that the guest would see, whatever the image's format. */
struct disk;
struct disk *driver_disk_open(const struct vdi_attached *a, bool writable,
                              struct err *err);
uint64_t driver_disk_bytes(const struct disk *d);
/* The whole range lies in the disk. */
int driver_disk_read(struct disk *d, uint64_t offset, void *buf, size_t len,
                     struct err *err);
int driver_disk_write(struct disk *d, uint64_t offset, const void *buf,
                      size_t len, struct err *err);
/* Zeros, without taking room where the format can do that. */
int driver_disk_zero(struct disk *d, uint64_t offset, uint64_t len,
                     struct err *err);
/* The first byte from offset on that may be no zero; the disk's size: all are
 * zeros. A guess in favour of data: never wrong, not always sharp. */
uint64_t driver_disk_next(struct disk *d, uint64_t offset);
/* What was written is on the device when 0 is returned. Frees, always. */
int driver_disk_close(struct disk *d, struct err *err);

/* A storage driver: one file, one row of drivers.def. A NULL operation is one
 * the driver does not have: SR_OPERATION_NOT_SUPPORTED before anything is
 * touched. Errors become SR_BACKEND_FAILURE_*: err->message says why, its
 * exit_code is the number (0: none). Sizes given back are the true ones. */
struct sr_driver {
    const char *type, *name, *description;
    const char *const *config_keys;  /* of device-config; "*" before required */
    const char *const *capabilities; /* VDI_CREATE, VDI_RESIZE, ... */
    int (*create)(const struct sr_spec *sr, struct err *err);
    int (*destroy)(const struct sr_spec *sr, struct err *err);
    int (*attach)(const struct sr_spec *sr, struct err *err);
    int (*detach)(const struct sr_spec *sr, struct err *err);
    int (*probe)(const struct value *device_config, char **xml_out,
                 struct err *err);
    /* vdis: array of struct vdi_found */
    int (*scan)(const struct sr_spec *sr, GArray *vdis,
                struct sr_figures *figures, struct err *err);
    int (*vdi_create)(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct vdi_found *out, struct err *err);
    int (*vdi_destroy)(const struct sr_spec *sr, const struct vdi_spec *v,
                       struct err *err);
    int (*vdi_resize)(const struct sr_spec *sr, const struct vdi_spec *v,
                      uint64_t size, struct vdi_found *out, struct err *err);
    int (*vdi_snapshot)(const struct sr_spec *sr, const struct vdi_spec *from,
                        const char *new_uuid, struct vdi_found *out,
                        struct err *err);
    int (*vdi_clone)(const struct sr_spec *sr, const struct vdi_spec *from,
                     const char *new_uuid, struct vdi_found *out,
                     struct err *err);
    int (*vdi_attach)(const struct sr_spec *sr, const struct vdi_spec *v,
                      bool writable, struct vdi_attached *out, struct err *err);
    int (*vdi_detach)(const struct sr_spec *sr, const struct vdi_spec *v,
                      struct err *err);
    /* What the disk holds now is (on) or is no longer (off) what vdi_reset goes
     * back to. For both no guest may have it open. */
    int (*vdi_keep)(const struct sr_spec *sr, const struct vdi_spec *v, bool on,
                    struct err *err);
    int (*vdi_reset)(const struct sr_spec *sr, const struct vdi_spec *v,
                     struct err *err);
};

/* Programs that this thread runs from now on hold this lock file, until it is
 * called again; NULL: none. They outlive a service that is killed, so who can
 * lock the file knows that none of them is at work any more. Returns what was
 * given before. The path is borrowed. */
const char *driver_helper_lock(const char *path);
/* By SR type, or NULL. */
const struct sr_driver *sr_driver_find(const char *type);
/* NULL-terminated. */
const struct sr_driver *const *sr_driver_all(void);

#endif
