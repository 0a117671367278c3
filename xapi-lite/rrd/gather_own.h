/* What this process and Dom0's kernel say, for the readings. */
#ifndef RRD_GATHER_OWN_H
#define RRD_GATHER_OWN_H

#include "store/store.h"
#include "top/proc.h"

/* Resident memory of this process. */
double rrd_own_memory_kib(void);
/* Its open files. */
double rrd_own_files(void);
/* CPU time of it, seconds. */
double rrd_own_cpu(void);
/* Array of struct proc_netdev: Dom0's interfaces. Caller frees. */
GArray *rrd_own_nets(void);
const struct proc_netdev *rrd_own_net_find(const GArray *nets,
                                           const char *name);
/* Appends the metrics of the service: its records and itself. */
void rrd_own_metrics(const struct snapshot *s, GString *out);

#endif
