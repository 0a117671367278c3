/* xl.cfg settings -> libxl_domain_config. Pure: uses libxl's types, their
 * _init/_dispose and setters that need no context, never a libxl_ctx.
 * Each key is a row of keys.def: name, shape, setter. */
#ifndef DOM_DOM_H
#define DOM_DOM_H

#include <libxl.h>
#include <stdbool.h>
#include <stdint.h>

#include "cfg/cfg.h"

/* What the original asks the host for while it reads a config. {0} stands for
 * "host unknown": then nothing is bounded by it and a map over all cpus or
 * nodes is as long as the config needs. */
struct dom_host {
    bool known;
    unsigned nr_cpus;                         /* libxl_get_max_cpus */
    unsigned nr_nodes;                        /* libxl_get_max_nodes */
    bool have_hvm_directio, have_pv_directio; /* libxl_physinfo */
    /* libxl_cputopology is read through these when known (node:N lists) */
    const unsigned *cpu_node; /* nr_cpus entries, or NULL */
    /* xl.conf */
    bool claim_mode;
    const char *vif_script, *vif_bridge, *vif_gatewaydev, *vif_backend;
    const char *remus_script, *colo_script; /* NULL: libxl's default */
    bool quiet;                             /* no deprecation notes */
};

/* Fills config_out (already libxl_domain_config_init'ed by the callee; dispose
 * with libxl_domain_config_dispose, also after failure) from cfg. Findings go
 * to cfg->diags: errors (the original refuses the file: return -1) and
 * warnings (it ignores the setting; unknown keys). All are found in one run. */
int dom_config_from_cfg(struct cfg *cfg, const struct dom_host *host,
                        libxl_domain_config *config_out);

/* Every key name known to this build (NULL-terminated), for "did you mean",
 * `xl check` and completion. */
const char *const *dom_key_names(void);

#endif
