/* The table of `xl vcpu-list`. Pure. */
#ifndef VIEW_VCPUS_H
#define VIEW_VCPUS_H

#include <glib.h>
#include <libxl.h>

#include "base/value.h"

struct view_vcpu {
    const char *name; /* of its domain, or NULL */
    uint32_t domid;
    const libxl_vcpuinfo *info;
};

void view_vcpu_header(GString *out);
/* nr_cpus: cpus of the host, for "all". */
void view_vcpu_row(GString *out, const struct view_vcpu *v, int nr_cpus);
struct value *view_vcpu_value(const struct view_vcpu *v, int nr_cpus);

#endif
