/* What the sched-* commands share: which domains, which cpupools, and how a
 * domain's parameters become a row. */
#ifndef CMD_SCHED_COMMON_H
#define CMD_SCHED_COMMON_H

#include "cmd/cmd.h"

struct sched_kind {
    libxl_scheduler sched;
    const char *title;  /* name as in messages: "credit" */
    const char *header; /* of the table of domains */
    /* The line "Cpupool NAME: ..." and the JSON of a pool's parameters. */
    int (*pool)(struct cmd *c, const libxl_cpupoolinfo *pool, GString *text,
                struct value *json, struct err *err);
    /* A domain's row. */
    void (*domain)(const char *name, uint32_t domid,
                   const libxl_domain_sched_params *p, GString *text,
                   struct value *json);
};

#define SCHED_OPT_JSON OPT_LONG(1)

/* Shows one domain (who), or all of each cpupool with this scheduler, or of
 * one pool (pool, NULL: all). */
int sched_show(struct cmd *c, const struct sched_kind *kind, const char *who,
               const char *pool, bool params_only, struct err *err);

/* Parameters of a domain; err when it runs under another scheduler. */
int sched_domain_get(struct cmd *c, const struct sched_kind *kind,
                     uint32_t domid, libxl_domain_sched_params *p_out,
                     struct err *err);

/* A whole number of an option's value; the original's strtol takes any base. */
int sched_number(const struct cmd *c, char letter, int *out, struct err *err);

#endif
