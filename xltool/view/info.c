/* Host and hypervisor facts -> xl info's lines, or values (way A, pure). */
#include "view/info.h"

#include <string.h>

static void set_uts(struct value *v, const struct utsname *u)
{
    value_set(v, "host", value_string(u->nodename));
    value_set(v, "release", value_string(u->release));
    value_set(v, "version", value_string(u->version));
    value_set(v, "machine", value_string(u->machine));
}

static struct value *virt_caps(const libxl_physinfo *p)
{
    const struct {
        bool has;
        const char *name;
    } rows[] = {
        { p->cap_pv, "pv" },
        { p->cap_hvm, "hvm" },
        { p->cap_hvm && p->cap_hvm_directio, "hvm_directio" },
        { p->cap_pv && p->cap_hvm_directio, "pv_directio" },
        { p->cap_hap, "hap" },
        { p->cap_shadow, "shadow" },
        { p->cap_iommu_hap_pt_share, "iommu_hap_pt_share" },
        { p->cap_vmtrace, "vmtrace" },
        { p->cap_vpmu, "vpmu" },
        { p->cap_gnttab_v1, "gnttab-v1" },
        { p->cap_gnttab_v2, "gnttab-v2" },
    };
    struct value *v = value_array();
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].has)
            value_push(v, value_string(rows[i].name));
    return v;
}

static void set_memory(struct value *v, const libxl_physinfo *p, uint32_t page)
{
    uint64_t pages_per_mib = (1u << 20) / (page ? page : 4096);
    const struct {
        const char *key;
        uint64_t pages;
    } rows[] = {
        { "total_memory", p->total_pages },
        { "free_memory", p->free_pages - p->outstanding_pages },
        { "sharing_freed_memory", p->sharing_freed_pages },
        { "sharing_used_memory", p->sharing_used_frames },
        { "outstanding_claims", p->outstanding_pages },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        value_set(v, rows[i].key,
                  value_int((int64_t)(rows[i].pages / pages_per_mib)));
}

static void set_phys(struct value *v, const struct view_host *h)
{
    const libxl_physinfo *p = h->phys;
    const uint32_t *c = p->hw_cap;
    value_set(v, "nr_cpus", value_int(p->nr_cpus));
    value_set(v, "max_cpu_id", value_int(p->max_cpu_id));
    value_set(v, "nr_nodes", value_int(p->nr_nodes));
    value_set(v, "cores_per_socket", value_int(p->cores_per_socket));
    value_set(v, "threads_per_core", value_int(p->threads_per_core));
    value_set(v, "cpu_mhz",
              value_printf("%u.%03u", p->cpu_khz / 1000, p->cpu_khz % 1000));
    value_set(v, "hw_caps",
              value_printf("%08x:%08x:%08x:%08x:%08x:%08x:%08x:%08x", c[0],
                           c[1], c[2], c[3], c[4], c[5], c[6], c[7]));
    value_set(v, "virt_caps", virt_caps(p));
    if (h->version)
        set_memory(v, p, (uint32_t)h->version->pagesize);
}

struct value *view_info_host(const struct view_host *h)
{
    struct value *v = value_object();
    if (h->uts)
        set_uts(v, h->uts);
    if (h->phys)
        set_phys(v, h);
    if (h->free_cpus >= 0)
        value_set(v, "free_cpus", value_int(h->free_cpus));
    return v;
}

struct value *view_info_xen(const struct view_host *h)
{
    struct value *v = value_object();
    const libxl_version_info *x = h->version;
    if (x) {
        value_set(v, "xen_major", value_int(x->xen_version_major));
        value_set(v, "xen_minor", value_int(x->xen_version_minor));
        value_set(v, "xen_extra", value_string(x->xen_version_extra));
        value_set(v, "xen_version",
                  value_printf("%d.%d%s", x->xen_version_major,
                               x->xen_version_minor, x->xen_version_extra));
        value_set(v, "xen_caps", value_string(x->capabilities));
        value_set(v, "xen_scheduler",
                  value_string((int)h->scheduler >= 0
                                   ? libxl_scheduler_to_string(h->scheduler)
                                   : "unknown"));
        value_set(v, "xen_pagesize", value_int(x->pagesize));
        value_set(v, "platform_params",
                  value_printf("virt_start=0x%" PRIx64, x->virt_start));
        value_set(v, "xen_changeset", value_string(x->changeset));
        value_set(v, "xen_commandline", value_string(x->commandline));
        value_set(v, "cc_compiler", value_string(x->compiler));
        value_set(v, "cc_compile_by", value_string(x->compile_by));
        value_set(v, "cc_compile_domain", value_string(x->compile_domain));
        value_set(v, "cc_compile_date", value_string(x->compile_date));
        value_set(v, "build_id", value_string(x->build_id));
    }
    value_set(v, "xend_config_format", value_int(4));
    return v;
}

/* Text behind the colon, its blank included. */
static void append_value(GString *out, const struct value *v)
{
    switch (value_get_type(v)) {
    case VALUE_ARRAY:
        for (size_t i = 0; i < value_count(v); i++)
            g_string_append_printf(out, " %s",
                                   value_get_string(value_at(v, i)));
        break;
    case VALUE_INT:
        g_string_append_printf(out, " %" PRId64, value_get_int(v));
        break;
    default:
        g_string_append_printf(
            out, " %s", value_get_string(v) ? value_get_string(v) : "(null)");
    }
}

void view_info_text(GString *out, const struct value *facts, const char *key)
{
    for (size_t i = 0; i < value_count(facts); i++) {
        const char *name = value_key_at(facts, i);
        g_autoptr(GString) text = g_string_new(NULL);
        append_value(text, value_item_at(facts, i));
        if (!key)
            g_string_append_printf(out, "%-23s:%s\n", name, text->str);
        else if (g_str_has_prefix(name, key) && text->len)
            g_string_append_printf(out, "%s\n", text->str + 1);
    }
}
