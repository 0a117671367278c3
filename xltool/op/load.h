/* From a file name and key=value words to a libxl_domain_config, with what the
 * host and xl.conf add to it. */
#ifndef OP_LOAD_H
#define OP_LOAD_H

#include <libxl.h>
#include <stdbool.h>

#include "dom/dom.h"
#include "xen/ctx.h"

struct load {
    struct xlconf conf;
    libxl_domain_config config;
};

/* Where xl.conf is. */
#define LOAD_XLCONF "/etc/xen/xl.conf"

/* Reads xl.conf, then the config: `file` ("-" standard input, NULL none), then
 * `words` (NULL-terminated or NULL). Prints what is wrong on stderr, warnings
 * too unless quiet. x->ctx may be NULL: then the host is unknown. err: the
 * summary, with the original's exit code. Dispose also after failure. */
int load_file(struct xen *x, const char *file, const char *const *words,
              bool quiet, struct load *l_out, struct err *err);

/* As load_file for a text that is there already, under a name to show. */
int load_text(struct xen *x, const char *name, const char *text, size_t len,
              const char *const *words, bool quiet, struct load *l_out,
              struct err *err);

/* Replaces l->config by the one in text; leaves it alone when that fails. */
int load_replace(struct xen *x, struct load *l, const char *name,
                 const char *text, size_t len, struct err *err);

/* vm.cpumask and its kin of xl.conf narrow each vcpu's hard affinity. */
int load_apply_masks(struct xen *x, struct load *l, struct err *err);

/* Writes the configuration to f as `create -n` does, in the format that
 * output_format= of xl.conf asks for. */
int load_show(const struct load *l, FILE *f, struct err *err);

void load_dispose(struct load *l);

#endif
