/* `xl check`: reads configs and says what is wrong with them. Needs neither Xen
 * nor root. */
#ifndef OP_CHECK_H
#define OP_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "cfg/cfg.h"
#include "dom/dom.h"
#include "xen/ctx.h"

struct check_how {
    bool strict;     /* warnings are failures */
    bool json;       /* one array of diagnostics for all files */
    bool host;       /* look for kernels, disks, bridges, memory, PCI devices */
    struct xen *xen; /* for host; its ctx may be NULL: no Xen here */
};

/* Checks each file ("-": standard input) and prints the findings and one line
 * of summary for each, or the JSON array of diags_to_value. Returns how many of
 * the files failed. */
unsigned check_files(char *const *files, const struct check_how *how,
                     FILE *out);

/* Adds what this host lacks for the domain to cfg->diags. */
void check_host(struct cfg *cfg, const libxl_domain_config *config,
                struct xen *xen);

/* Writes the deprecated settings of the file in their new form and says each
 * change on out. Only changes that leave the guest as it is are made; a file
 * with errors is left alone. The file is replaced in one step. */
int check_fix(const char *file, FILE *out, struct err *err);

#endif
