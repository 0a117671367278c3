/* xl.cfg settings -> libxl_domain_config. Pure: uses libxl's types, their
 * _init/_dispose and setters that need no context, never a libxl_ctx.
 * Each key is a row of keys.def: name, guests, shape, summary. */
#ifndef DOM_DOM_H
#define DOM_DOM_H

#include <libxl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cfg/cfg.h"
#include "dom/xlconf.h"

/* What the original asks the host for while it reads a config. {0} stands for
 * "host unknown": then nothing is bounded by it and a map over all cpus or
 * nodes is as long as the config needs. */
struct dom_host {
    unsigned nr_cpus;  /* libxl_get_max_cpus, 0: unknown */
    unsigned nr_nodes; /* libxl_physinfo.nr_nodes, 0: unknown */
    /* NUMA node of each of the nr_cpus cpus (libxl_cputopology.node), for
     * node:N lists; NULL: unknown */
    const uint32_t *cpu_node;
    const struct xlconf *conf; /* xl.conf; NULL: its defaults */
};

/* Fills config_out (libxl_domain_config_init'ed by the callee; dispose with
 * libxl_domain_config_dispose, also after failure) from cfg. Findings go to
 * cfg->diags: errors (the original refuses the file) and warnings (it ignores
 * the setting; unknown keys), all in one run; notes say what has no effect.
 * Returns 0, or the negated exit code of the original for the first refusal:
 * -1, -3 or -6. After errors of the parser it still finds what it can and
 * returns at least -1. */
int dom_config_from_cfg(struct cfg *cfg, const struct dom_host *host,
                        libxl_domain_config *config_out);

/* Every key name known to this build (NULL-terminated), for "did you mean",
 * `xl check` and completion. */
const char *const *dom_key_names(void);

/* The JSON of libxl_domain_config_to_json, the bytes that the original prints
 * for `create -n` (its newline at the end included); needs no libxl_ctx.
 * g_free it. */
char *dom_config_json(const libxl_domain_config *config);

#endif
