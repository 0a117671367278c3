/* xl.conf's vm.cpumask, vm.pv.cpumask and vm.hvm.cpumask -> hard affinity of
 * every vcpu (way A, between the config and libxl). */
#include <stdlib.h>

#include "op/host.h"
#include "op/load.h"

static int parse(struct xen *x, const char *text, libxl_bitmap *map,
                 struct err *err)
{
    if (host_cpus(x, text, map, err))
        return err_context(err, "reading the cpu mask in " LOAD_XLCONF);
    return 0;
}

/* Without cpus= every vcpu may run anywhere: write that down, to narrow it. */
static int need_maps(struct xen *x, libxl_domain_build_info *b)
{
    if (b->num_vcpu_hard_affinity)
        return 0;
    b->vcpu_hard_affinity =
        calloc((size_t)b->max_vcpus, sizeof(*b->vcpu_hard_affinity));
    if (!b->vcpu_hard_affinity)
        return ERROR_NOMEM;
    b->num_vcpu_hard_affinity = b->max_vcpus;
    for (int i = 0; i < b->max_vcpus; i++) {
        libxl_bitmap_init(&b->vcpu_hard_affinity[i]);
        int rc = libxl_cpu_bitmap_alloc(x->ctx, &b->vcpu_hard_affinity[i], 0);
        if (rc)
            return rc;
        libxl_bitmap_set_any(&b->vcpu_hard_affinity[i]);
    }
    return 0;
}

static int narrow(struct xen *x, libxl_domain_build_info *b, const char *text,
                  struct err *err)
{
    libxl_bitmap mask;
    if (!text)
        return 0;
    int r = parse(x, text, &mask, err);
    int rc = r ? 0 : need_maps(x, b);
    if (rc)
        r = xen_fail(x, err, rc, "cannot set the affinity of the vcpus");
    for (int i = 0; r == 0 && i < b->num_vcpu_hard_affinity; i++) {
        libxl_bitmap *map = &b->vcpu_hard_affinity[i];
        for (int cpu = 0; cpu < (int)map->size * 8; cpu++)
            if (!libxl_bitmap_test(&mask, cpu))
                libxl_bitmap_reset(map, cpu);
        if (libxl_bitmap_is_empty(map))
            r = err_set(err, ERR_CONFIG,
                        "the cpus of vcpu %d are all excluded by the mask "
                        "\"%s\" of " LOAD_XLCONF,
                        i, text);
    }
    libxl_bitmap_dispose(&mask);
    return r;
}

int load_apply_masks(struct xen *x, struct load *l, struct err *err)
{
    libxl_domain_build_info *b = &l->config.b_info;
    bool pv = b->type == LIBXL_DOMAIN_TYPE_PV;
    if (narrow(x, b, l->conf.vm_cpumask, err))
        return -1;
    return narrow(x, b, pv ? l->conf.vm_pv_cpumask : l->conf.vm_hvm_cpumask,
                  err);
}
