/* Collects what the tables of domains show (way A). */
#include "op/listing.h"

#include <stdlib.h>

#include "view/bitmap.h"
#include "xen/find.h"

int listing_read(struct xen *x, const char *who, struct listing *l_out,
                 struct err *err)
{
    *l_out = (struct listing){ 0 };
    if (!who) {
        l_out->infos = libxl_list_domain(x->ctx, &l_out->nr);
        if (!l_out->infos)
            return xen_fail(x, err, ERROR_FAIL, "cannot list the domains");
        return 0;
    }
    uint32_t domid;
    if (find_domain(x, who, &domid, err))
        return -1;
    /* libxl frees what it gave with free(): so must this one be malloc'ed */
    l_out->infos = malloc(sizeof(*l_out->infos));
    if (!l_out->infos)
        return err_set(err, ERR_NOMEM, "out of memory");
    libxl_dominfo_init(l_out->infos);
    l_out->nr = 1;
    int rc = libxl_domain_info(x->ctx, l_out->infos, domid);
    if (rc == 0)
        return 0;
    listing_dispose(l_out);
    return xen_fail(x, err, rc, "cannot read the state of domain \"%s\"", who);
}

static char *node_text(struct xen *x, uint32_t domid, int nr_nodes)
{
    libxl_bitmap map;
    libxl_bitmap_init(&map);
    GString *s = g_string_new(NULL);
    if (libxl_node_bitmap_alloc(x->ctx, &map, 0) == 0 &&
        libxl_domain_get_nodeaffinity(x->ctx, domid, &map) == 0)
        view_bitmap(s, &map, nr_nodes);
    libxl_bitmap_dispose(&map);
    return g_string_free(s, FALSE);
}

/* libxl's strings come from malloc; ours from GLib. Both end with free(). */
int listing_describe(struct xen *x, struct listing *l, unsigned columns,
                     struct err *err)
{
    libxl_physinfo host;
    libxl_physinfo_init(&host);
    int rc = columns & VIEW_LIST_NODES ? libxl_get_physinfo(x->ctx, &host) : 0;
    if (rc) {
        libxl_physinfo_dispose(&host);
        return xen_fail(x, err, rc, "cannot read the host's NUMA nodes");
    }
    l->domains = g_new0(struct view_domain, l->nr + 1);
    for (int i = 0; i < l->nr; i++) {
        struct view_domain *d = &l->domains[i];
        d->info = &l->infos[i];
        d->name = libxl_domid_to_name(x->ctx, d->info->domid);
        if (columns & VIEW_LIST_CPUPOOL)
            d->cpupool = libxl_cpupoolid_to_name(x->ctx, d->info->cpupool);
        if (columns & VIEW_LIST_NODES)
            d->nodes = node_text(x, d->info->domid, (int)host.nr_nodes);
    }
    libxl_physinfo_dispose(&host);
    return 0;
}

void listing_dispose(struct listing *l)
{
    for (int i = 0; l->domains && i < l->nr; i++) {
        free(l->domains[i].name);
        free(l->domains[i].cpupool);
        free(l->domains[i].nodes);
    }
    g_free(l->domains);
    if (l->infos)
        libxl_dominfo_list_free(l->infos, l->nr);
    *l = (struct listing){ 0 };
}
