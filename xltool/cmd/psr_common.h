/* What the commands for the processor's resource control share: sockets, and
 * the table of a domain's cache masks or bandwidth throttle. */
#ifndef CMD_PSR_COMMON_H
#define CMD_PSR_COMMON_H

#include "cmd/cmd.h"

/* The table of psr-cat-show and psr-mba-show; the domain is word 0 of the
 * command, without it all are shown. level: 3 or 2 for caches, 0 for memory
 * bandwidth. */
int psr_show(struct cmd *c, libxl_psr_feat_type feature, unsigned level,
             struct err *err);
/* What psr-cat-set and psr-mba-set do: word 1, a number in C's notation, for
 * domain word 0 on the sockets of -s ("0,2-3"; without it all). */
int psr_set(struct cmd *c, libxl_psr_type type, struct err *err);
/* -l of the commands; 3 without it. err: neither 2 nor 3. */
int psr_level(struct cmd *c, unsigned *level_out, struct err *err);
/* The exit code of the original: the libxl code itself, read as 8 bits. */
int psr_fail(struct cmd *c, int rc, const char *what, struct err *err);

#endif
