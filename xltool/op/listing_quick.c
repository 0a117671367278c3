/* The plain list of domains without libxl, which asks Xen and xenstored about
 * each domain by itself (way A). */
#include "op/listing.h"

#include <stdlib.h>
#include <unistd.h>
#include <xenctrl.h>

#include "xen/names.h"

enum { CHUNK = 256, DOMIDS = 0x7ff0 /* DOMID_FIRST_RESERVED */ };

/* Bits of xen/domctl.h, as libxl reads them. */
static void from_xen(libxl_dominfo *d, const xc_domaininfo_t *from)
{
    uint64_t page_kib = XC_PAGE_SIZE / 1024;
    libxl_dominfo_init(d);
    d->domid = from->domain;
    d->dying = from->flags & XEN_DOMINF_dying;
    d->shutdown = from->flags & XEN_DOMINF_shutdown;
    d->paused = from->flags & XEN_DOMINF_paused;
    d->blocked = from->flags & XEN_DOMINF_blocked;
    d->running = from->flags & XEN_DOMINF_running;
    d->shutdown_reason =
        d->shutdown ? (libxl_shutdown_reason)((from->flags >>
                                               XEN_DOMINF_shutdownshift) &
                                              XEN_DOMINF_shutdownmask)
                    : LIBXL_SHUTDOWN_REASON_UNKNOWN;
    d->outstanding_memkb = from->outstanding_pages * page_kib;
    d->current_memkb = from->tot_pages * page_kib;
    d->shared_memkb = from->shr_pages * page_kib;
    d->cpu_time = from->cpu_time;
    d->vcpu_online = from->nr_online_vcpus;
}

/* All of them in chunks, each behind the last domain of the one before. */
static GArray *read_all(xc_interface *xc)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(xc_domaininfo_t));
    uint32_t first = 0;
    for (int n = CHUNK; n == CHUNK && first < DOMIDS;) {
        g_autofree xc_domaininfo_t *some = g_new0(xc_domaininfo_t, CHUNK);
        n = xc_domain_getinfolist(xc, first, CHUNK, some);
        if (n < 0) {
            g_array_free(all, TRUE);
            return NULL;
        }
        g_array_append_vals(all, some, (guint)n);
        if (n)
            first = some[n - 1].domain + 1;
    }
    return all;
}

static bool name_all(struct listing *l)
{
    g_autofree uint32_t *domids = g_new0(uint32_t, l->nr + 1);
    g_autofree char **names = g_new0(char *, l->nr + 1);
    for (int i = 0; i < l->nr; i++)
        domids[i] = l->infos[i].domid;
    if (!xen_names_read(domids, l->nr, names))
        return false;
    l->domains = g_new0(struct view_domain, l->nr + 1);
    for (int i = 0; i < l->nr; i++) {
        l->domains[i].info = &l->infos[i];
        l->domains[i].name = names[i];
    }
    return true;
}

bool listing_quick(struct listing *l_out)
{
    *l_out = (struct listing){ 0 };
    /* libxenctrl complains on standard error where there is no Xen */
    xc_interface *xc = access("/dev/xen/privcmd", R_OK | W_OK)
                           ? NULL
                           : xc_interface_open(NULL, NULL, 0);
    if (!xc)
        return false;
    g_autoptr(GArray) all = read_all(xc);
    xc_interface_close(xc);
    if (!all)
        return false;
    l_out->infos = calloc(all->len + 1, sizeof(*l_out->infos));
    if (!l_out->infos)
        return false;
    l_out->nr = (int)all->len;
    for (guint i = 0; i < all->len; i++)
        from_xen(&l_out->infos[i], &g_array_index(all, xc_domaininfo_t, i));
    if (name_all(l_out))
        return true;
    listing_dispose(l_out);
    return false;
}
