/* Frees what drivers hand out. */
#include "driver/driver.h"

void host_info_dispose(struct host_info *h)
{
    g_free(h->hostname);
    g_free(h->xen_version);
    g_free(h->xen_caps);
    g_free(h->xen_cmdline);
    g_free(h->xen_scheduler);
    g_free(h->kernel);
    g_free(h->cpu_model);
    g_free(h->cpu_vendor);
    g_free(h->cpu_flags);
    g_free(h->bios_vendor);
    g_free(h->bios_version);
    g_free(h->system_manufacturer);
    g_free(h->system_product);
    *h = (struct host_info){ 0 };
}

void vm_found_dispose(struct vm_found *f)
{
    value_free(f->vm);
    g_clear_pointer(&f->disks, g_array_unref);
    g_clear_pointer(&f->nics, g_array_unref);
    f->vm = NULL;
}

void vdi_found_dispose(struct vdi_found *v)
{
    g_free(v->uuid);
    g_free(v->location);
    g_free(v->name);
    g_free(v->format);
    g_free(v->parent_uuid);
    g_free(v->snapshot_of_uuid);
    *v = (struct vdi_found){ 0 };
}
