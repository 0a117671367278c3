/* One moment of the host and its domains. Pure data: no handle, no Xen header;
 * what --record keeps and what all outputs are made from. */
#ifndef TOP_SAMPLE_H
#define TOP_SAMPLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SAMPLE_U64 uint64_t
#define SAMPLE_I64 int64_t
#define SAMPLE_BOOL bool
#define SAMPLE_TEXT const char *
#define SAMPLE_MEMBER(type, name, meaning) SAMPLE_##type name;

struct host {
#define HOST SAMPLE_MEMBER
#include "top/sample.def"
#undef HOST
};

struct pcpu {
#define PCPU SAMPLE_MEMBER
#include "top/sample.def"
#undef PCPU
};

struct vcpu {
#define VCPU SAMPLE_MEMBER
#include "top/sample.def"
#undef VCPU
};

struct net {
#define NET SAMPLE_MEMBER
#include "top/sample.def"
#undef NET
};

struct vbd {
#define VBD SAMPLE_MEMBER
#include "top/sample.def"
#undef VBD
};

/* The devices of a domain are a stretch of the sample's arrays. */
struct stretch {
    guint first, count;
};

struct domain {
#define DOMAIN SAMPLE_MEMBER
#include "top/sample.def"
#undef DOMAIN
    struct stretch vcpu, net, vbd;
};

/* All texts belong to `text` and live until the sample is reset or freed.
 * Domains ascend by id. An array may be empty because nobody asked for it. */
struct sample {
    struct host host;
    GArray *pcpus;   /* struct pcpu */
    GArray *domains; /* struct domain */
    GArray *vcpus;   /* struct vcpu */
    GArray *nets;    /* struct net */
    GArray *vbds;    /* struct vbd */
    GStringChunk *text;
};

struct sample *sample_new(void);
void sample_free(struct sample *s); /* NULL is fine */
static inline void sample_cleanup(struct sample **s)
{
    sample_free(*s);
}
#define SAMPLE_AUTO __attribute__((cleanup(sample_cleanup))) struct sample

/* Empties it for the next use; keeps its memory, so that a program that samples
 * for a year allocates as much as one that samples twice. */
void sample_reset(struct sample *s);
/* Copies text into the sample; NULL stays NULL. */
const char *sample_text(struct sample *s, const char *text);
/* Appends a zeroed element with "not known" in every I64; borrowed until the
 * next append. */
struct domain *sample_add_domain(struct sample *s, uint64_t id);
struct vcpu *sample_add_vcpu(struct sample *s);
struct net *sample_add_net(struct sample *s);
struct vbd *sample_add_vbd(struct sample *s);
struct pcpu *sample_add_pcpu(struct sample *s);
/* By domid; NULL when there is none. */
struct domain *sample_find(const struct sample *s, uint64_t id);

static inline struct domain *sample_domain(const struct sample *s, guint i)
{
    return &g_array_index(s->domains, struct domain, i);
}
static inline struct vcpu *sample_vcpu(const struct sample *s,
                                       const struct domain *d, guint i)
{
    return &g_array_index(s->vcpus, struct vcpu, d->vcpu.first + i);
}
static inline struct net *sample_net(const struct sample *s,
                                     const struct domain *d, guint i)
{
    return &g_array_index(s->nets, struct net, d->net.first + i);
}
static inline struct vbd *sample_vbd(const struct sample *s,
                                     const struct domain *d, guint i)
{
    return &g_array_index(s->vbds, struct vbd, d->vbd.first + i);
}

#endif
