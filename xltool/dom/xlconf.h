/* xl.conf: the host's settings for xl itself. */
#ifndef DOM_XLCONF_H
#define DOM_XLCONF_H

#include <stdbool.h>

#include "base/err.h"

enum xlconf_autoballoon { AUTOBALLOON_AUTO, AUTOBALLOON_OFF, AUTOBALLOON_ON };
enum xlconf_output { XLCONF_JSON, XLCONF_SXP };

/* Texts are NULL where the file does not set them. */
struct xlconf {
    enum xlconf_autoballoon autoballoon;
    bool run_hotplug_scripts; /* default true */
    bool claim_mode;          /* default true */
    bool domid_random;        /* domid_policy="random" */
    bool bootloader_restrict; /* from Xen 4.18 on */
    int max_grant_frames;     /* these three: -1 stands for the hypervisor's */
    int max_maptrack_frames;
    int max_grant_version;
    enum xlconf_output output_format;
    char *lockfile; /* default /var/lock/xl */
    char *blkdev_start;
    char *vif_script, *vif_bridge, *vif_gatewaydev, *vif_backend;
    char *remus_netbufscript, *colo_proxyscript;
    /* cpu lists as written, see dom_cpus_parse */
    char *vm_cpumask, *vm_hvm_cpumask, *vm_pv_cpumask;
};

/* The defaults of a host without the file. */
void xlconf_init(struct xlconf *conf);
void xlconf_dispose(struct xlconf *conf);
struct cfg;
/* Takes the settings from a parsed file. Findings go to cfg->diags. Returns 0,
 * or -1 when the original would not start with this file. */
int xlconf_from_cfg(struct cfg *cfg, struct xlconf *conf);
/* Initialises conf and reads the file at path. An absent file is silent.
 * Prints findings to stderr. Returns 0, or -1 with err set when the file cannot
 * be read or used. */
int xlconf_read(const char *path, struct xlconf *conf, struct err *err);

#endif
