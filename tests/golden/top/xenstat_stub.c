/* Stands in for libxenstat under Xen's own xentop, so that it shows kept
 * samples on a machine without Xen: what it prints is what ours must print.
 * Preloaded by ./remake, which also writes the text that is read here. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

typedef unsigned long long u64;

enum { VCPUS = 128, NETS = 16, VBDS = 64, DOMAINS = 512, SAMPLES = 8 };

struct vcpu {
    unsigned online;
    u64 ns;
};
struct net {
    u64 n[8]; /* bytes packets errs drop, received then sent */
};
struct vbd {
    unsigned type, dev, error;
    u64 n[5]; /* oo rd wr rsect wsect */
};
struct domain {
    unsigned id, vcpus, ssid;
    u64 ns, memory, max;
    char flags[8], name[300];
    struct vcpu vcpu[VCPUS];
    struct net net[NETS];
    struct vbd vbd[VBDS];
    unsigned n_vcpu, n_net, n_vbd;
};
struct node {
    unsigned cpus, n;
    u64 hz, total, free, us;
    char version[64];
    struct domain *domain[DOMAINS];
};

static struct node nodes[SAMPLES];
static unsigned loaded, given;

static void load_line(struct node *s, struct domain *d, const char *l)
{
    int at = 0;
    struct vcpu *v = d ? &d->vcpu[d->n_vcpu] : NULL;
    struct net *n = d ? &d->net[d->n_net] : NULL;
    struct vbd *b = d ? &d->vbd[d->n_vbd] : NULL;
    if (sscanf(l, "node %u %llu %llu %llu %llu %63s", &s->cpus, &s->hz,
               &s->total, &s->free, &s->us, s->version) == 6)
        return;
    if (sscanf(l, "dom %u %llu %u %llu %llu %u %7s %n", &d->id, &d->ns,
               &d->vcpus, &d->memory, &d->max, &d->ssid, d->flags, &at) == 7)
        strncpy(d->name, l + at, sizeof d->name - 1);
    else if (sscanf(l, "vcpu %u %llu", &v->online, &v->ns) == 2)
        d->n_vcpu++;
    else if (sscanf(l, "net %llu %llu %llu %llu %llu %llu %llu %llu", n->n,
                    n->n + 1, n->n + 2, n->n + 3, n->n + 4, n->n + 5, n->n + 6,
                    n->n + 7) == 8)
        d->n_net++;
    else if (sscanf(l, "vbd %u %u %u %llu %llu %llu %llu %llu", &b->type,
                    &b->dev, &b->error, b->n, b->n + 1, b->n + 2, b->n + 3,
                    b->n + 4) == 8)
        d->n_vbd++;
}

void *xenstat_init(void)
{
    char line[1024];
    FILE *f = fopen(getenv("XENSTAT_STUB"), "r");
    struct node *s = nodes;
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (!strncmp(line, "node ", 5))
            s = &nodes[loaded++];
        if (!strncmp(line, "dom ", 4))
            s->domain[s->n++] = calloc(1, sizeof(struct domain));
        load_line(s, s->n ? s->domain[s->n - 1] : NULL, line);
    }
    return f;
}

struct node *xenstat_get_node(void *handle, unsigned flags)
{
    (void)handle, (void)flags;
    return given < loaded ? &nodes[given++] : NULL;
}

/* xentop asks for the time before it takes a sample. */
int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    (void)tz;
    u64 us = nodes[given < loaded ? given : loaded - 1].us;
    *tv =
        (struct timeval){ (time_t)(us / 1000000), (suseconds_t)(us % 1000000) };
    return 0;
}

unsigned sleep(unsigned seconds)
{
    (void)seconds;
    return 0;
}

void xenstat_uninit(void *handle)
{
    (void)handle;
}

void xenstat_free_node(struct node *s)
{
    (void)s;
}

struct domain *xenstat_node_domain(struct node *s, unsigned id)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->domain[i]->id == id)
            return s->domain[i];
    return NULL;
}

struct domain *xenstat_node_domain_by_index(struct node *s, unsigned i)
{
    return i < s->n ? s->domain[i] : NULL;
}

#define GET(type, name, of, value)                                             \
    type xenstat_##name(struct of *x);                                         \
    type xenstat_##name(struct of *x)                                          \
    {                                                                          \
        return value;                                                          \
    }
#define STATE(name, letter)                                                    \
    GET(unsigned, domain_##name, domain, strchr(x->flags, letter) != NULL)
#define PART(of, plural)                                                       \
    struct of *xenstat_domain_##plural(struct domain *d, unsigned i);          \
    struct of *xenstat_domain_##plural(struct domain *d, unsigned i)           \
    {                                                                          \
        return &d->of[i];                                                      \
    }

GET(const char *, node_xen_version, node, x->version)
GET(u64, node_tot_mem, node, x->total)
GET(u64, node_free_mem, node, x->free)
GET(long, node_freeable_mb, node, (long)(x->free >> 20))
GET(unsigned, node_num_domains, node, x->n)
GET(unsigned, node_num_cpus, node, x->cpus)
GET(u64, node_cpu_hz, node, x->hz)
GET(unsigned, domain_id, domain, x->id)
GET(char *, domain_name, domain, x->name)
GET(u64, domain_cpu_ns, domain, x->ns)
GET(unsigned, domain_num_vcpus, domain, x->vcpus)
GET(u64, domain_cur_mem, domain, x->memory)
GET(u64, domain_max_mem, domain, x->max)
GET(unsigned, domain_ssid, domain, x->ssid)
GET(unsigned, domain_num_networks, domain, x->n_net)
GET(unsigned, domain_num_vbds, domain, x->n_vbd)
STATE(dying, 'd')
STATE(crashed, 'c')
STATE(shutdown, 's')
STATE(paused, 'p')
STATE(blocked, 'b')
STATE(running, 'r')
PART(vcpu, vcpu)
PART(net, network)
PART(vbd, vbd)
GET(unsigned, vcpu_online, vcpu, x->online)
GET(u64, vcpu_ns, vcpu, x->ns)
GET(u64, network_rbytes, net, x->n[0])
GET(u64, network_rpackets, net, x->n[1])
GET(u64, network_rerrs, net, x->n[2])
GET(u64, network_rdrop, net, x->n[3])
GET(u64, network_tbytes, net, x->n[4])
GET(u64, network_tpackets, net, x->n[5])
GET(u64, network_terrs, net, x->n[6])
GET(u64, network_tdrop, net, x->n[7])
GET(unsigned, vbd_type, vbd, x->type)
GET(unsigned, vbd_dev, vbd, x->dev)
GET(u64, vbd_oo_reqs, vbd, x->n[0])
GET(u64, vbd_rd_reqs, vbd, x->n[1])
GET(u64, vbd_wr_reqs, vbd, x->n[2])
GET(u64, vbd_rd_sects, vbd, x->n[3])
GET(u64, vbd_wr_sects, vbd, x->n[4])
GET(bool, vbd_error, vbd, x->error != 0)
