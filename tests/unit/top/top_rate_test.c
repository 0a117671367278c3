/* Rates of two samples. */
#include "top/rate.h"

#include "tests/unit/unit.h"

static struct sample *at(int64_t us)
{
    struct sample *s = sample_new();
    s->host.clock_us = us;
    return s;
}

static struct domain *add(struct sample *s, uint64_t id, const char *uuid,
                          uint64_t cpu_ns)
{
    struct domain *d = sample_add_domain(s, id);
    d->uuid = sample_text(s, uuid);
    d->cpu_ns = cpu_ns;
    d->vcpu.first = s->vcpus->len;
    d->net.first = s->nets->len;
    d->vbd.first = s->vbds->len;
    return d;
}

static void cpu_is_percent_of_one_cpu(void)
{
    SAMPLE_AUTO *a = at(1000000), *b = at(3000000);
    struct rates *r = rate_new();
    add(a, 0, "u0", 1000000000);
    add(b, 0, "u0", 4000000000);
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(r->seconds, 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_domain(r, 0)->cpu, 150, 1e-9);
    rate_free(r);
}

static void nothing_before_means_zero(void)
{
    SAMPLE_AUTO *a = at(1000000), *b = at(2000000);
    struct rates *r = rate_new();
    add(a, 1, "u1", 0);
    add(b, 1, "u1", 5000000000);
    add(b, 2, "u2", 5000000000);
    rate_fill(r, NULL, b);
    CU_ASSERT_EQUAL(rate_domain(r, 0)->cpu, 0);
    CU_ASSERT_EQUAL(r->seconds, 0);
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(rate_domain(r, 0)->cpu, 500, 1e-9);
    CU_ASSERT_EQUAL(rate_domain(r, 1)->cpu, 0);
    rate_fill(r, b, b); /* no time has passed: no division by zero */
    CU_ASSERT_EQUAL(rate_domain(r, 0)->cpu, 0);
    rate_free(r);
}

static void a_domid_used_again_is_another_domain(void)
{
    SAMPLE_AUTO *a = at(1000000), *b = at(2000000);
    struct rates *r = rate_new();
    add(a, 1, "old", 1000);
    add(a, 2, "u2", 0);
    add(b, 1, "new", 900000000);
    add(b, 2, "u2", 100000000);
    rate_fill(r, a, b);
    CU_ASSERT_EQUAL(rate_domain(r, 0)->cpu, 0);
    CU_ASSERT_DOUBLE_EQUAL(rate_domain(r, 1)->cpu, 10, 1e-9);
    rate_free(r);
}

static void net(struct sample *s, struct domain *d, uint64_t id,
                const char *name, uint64_t rx, uint64_t tx)
{
    struct net *n = sample_add_net(s);
    n->id = id;
    n->ifname = sample_text(s, name);
    n->rx_bytes = rx;
    n->tx_bytes = tx;
    d->net.count++;
}

static void devices_are_found_wherever_they_stand(void)
{
    SAMPLE_AUTO *a = at(0), *b = at(2000000);
    a->host.clock_us = 1;
    b->host.clock_us = 2000001;
    struct rates *r = rate_new();
    struct domain *x = add(a, 3, "u", 0);
    net(a, x, 0, "vif3.0", 100, 1000);
    net(a, x, 1, "vif3.1", 5000, 0);
    struct domain *y = add(b, 3, "u", 0);
    net(b, y, 1, "vif3.1", 4000, 0); /* counted from 0 again */
    net(b, y, 0, "vif3.0", 300, 5000);
    net(b, y, 2, "vif3.2", 700, 700); /* new */
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(rate_net(r, 0)->rx_bytes, 0, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_net(r, 1)->rx_bytes, 100, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_net(r, 1)->tx_bytes, 2000, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_net(r, 2)->rx_bytes, 0, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_domain(r, 0)->net.tx_bytes, 2000, 1e-9);
    rate_free(r);
}

static void vbd(struct sample *s, struct domain *d, uint64_t id, bool error,
                uint64_t sects)
{
    struct vbd *v = sample_add_vbd(s);
    v->id = id;
    v->counted = true;
    v->error = error;
    v->rd_sects = sects;
    d->vbd.count++;
}

static void disks_count_in_sectors_of_512_bytes(void)
{
    SAMPLE_AUTO *a = at(1), *b = at(1000001);
    struct rates *r = rate_new();
    struct domain *x = add(a, 3, "u", 0), *y = add(b, 3, "u", 0);
    vbd(a, x, 51712, false, 10);
    vbd(a, x, 51728, true, 0);
    vbd(b, y, 51712, false, 14);
    vbd(b, y, 51728, false, 1000); /* could not be read before: no rate */
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(rate_vbd(r, 0)->rd_bytes, 2048, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_vbd(r, 1)->rd_bytes, 0, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(rate_domain(r, 0)->vbd.rd_bytes, 2048, 1e-9);
    rate_free(r);
}

static void pcpus_and_steal(void)
{
    SAMPLE_AUTO *a = at(1), *b = at(1000001);
    struct rates *r = rate_new();
    for (unsigned i = 0; i < 2; i++) {
        sample_add_pcpu(a)->id = i;
        struct pcpu *p = sample_add_pcpu(b);
        p->id = i;
        p->idle_ns = i ? 1000000000 : 250000000;
    }
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(rate_pcpu(r, 0), 75, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(rate_pcpu(r, 1), 0, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(r->host_cpu, 37.5, 1e-6);
    CU_ASSERT_TRUE(r->dom0_steal < 0);
    a->host.dom0_steal_ns = 0;
    b->host.dom0_steal_ns = 100000000;
    rate_fill(r, a, b);
    CU_ASSERT_DOUBLE_EQUAL(r->dom0_steal, 10, 1e-6);
    rate_free(r);
}

const struct unit_test unit_tests[] = {
    { "CPU(%) is percent of one physical CPU", cpu_is_percent_of_one_cpu },
    { "what was not there before has rate 0", nothing_before_means_zero },
    { "a domid used again is another domain",
      a_domid_used_again_is_another_domain },
    { "interfaces keep their rates when their order changes",
      devices_are_found_wherever_they_stand },
    { "disks are counted in sectors of 512 bytes",
      disks_count_in_sectors_of_512_bytes },
    { "use of physical CPUs, and steal where it is told", pcpus_and_steal },
    { 0 },
};
