/* Two samples make rates. Pure. */
#ifndef TOP_RATE_H
#define TOP_RATE_H

#include "top/sample.h"

struct rate_net {
    double rx_bytes, tx_bytes, rx_packets, tx_packets; /* per second */
};

struct rate_vbd {
    double rd_bytes, wr_bytes, rd_reqs, wr_reqs; /* per second */
};

/* cpu is percent of one physical CPU: 200 is two of them, fully used. */
struct rate_domain {
    double cpu;
    struct rate_net net; /* all its interfaces */
    struct rate_vbd vbd; /* all its disks */
};

/* Each array stands beside the sample's of the same name, index for index. */
struct rates {
    double seconds;  /* between the two samples; 0: there was no earlier one */
    double host_cpu; /* percent of all physical CPUs that were used */
    double dom0_steal; /* percent of one CPU; negative: not known */
    GArray *domains;   /* struct rate_domain */
    GArray *vcpus;     /* double, percent */
    GArray *nets;      /* struct rate_net */
    GArray *vbds;      /* struct rate_vbd */
    GArray *pcpus;     /* double, percent used */
};

struct rates *rate_new(void);
void rate_free(struct rates *r); /* NULL is fine */
/* Fills r from before (may be NULL: all rates are 0) and now. A domain, vcpu or
 * device that was not there before, and a counter that went back, has rate 0.
 */
void rate_fill(struct rates *r, const struct sample *before,
               const struct sample *now);

static inline struct rate_domain *rate_domain(const struct rates *r, guint i)
{
    return &g_array_index(r->domains, struct rate_domain, i);
}
static inline double rate_vcpu(const struct rates *r, guint i)
{
    return g_array_index(r->vcpus, double, i);
}
static inline double rate_pcpu(const struct rates *r, guint i)
{
    return g_array_index(r->pcpus, double, i);
}
static inline struct rate_net *rate_net(const struct rates *r, guint i)
{
    return &g_array_index(r->nets, struct rate_net, i);
}
static inline struct rate_vbd *rate_vbd(const struct rates *r, guint i)
{
    return &g_array_index(r->vbds, struct rate_vbd, i);
}

#endif
