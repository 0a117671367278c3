/* From what a user calls a domain to its number (ways A, B, C). */
#include "xen/find.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/* First number that is no domain: DOMID_FIRST_RESERVED of
 * xen/include/public/xen.h */
#define DOMID_MAX 0x7fefu

static bool by_uuid(struct xen *x, const char *who, uint32_t *domid_out)
{
    libxl_uuid uuid;
    if (strlen(who) != 36 || libxl_uuid_from_string(&uuid, who))
        return false;
    bool found = false;
    int nr = 0;
    libxl_dominfo *all = libxl_list_domain(x->ctx, &nr);
    for (int i = 0; i < nr && !found; i++)
        if (!libxl_uuid_compare(&all[i].uuid, &uuid)) {
            *domid_out = all[i].domid;
            found = true;
        }
    libxl_dominfo_list_free(all, nr);
    return found;
}

static bool number_exists(struct xen *x, uint32_t domid)
{
    return libxl_domain_info(x->ctx, NULL, domid) == 0;
}

/* A domain whose name differs from `who` by case only, or begins with it. */
static char *similar(struct xen *x, const char *who)
{
    int nr = 0;
    char *found = NULL;
    libxl_dominfo *all = libxl_list_domain(x->ctx, &nr);
    for (int i = 0; i < nr && !found; i++) {
        char *name = libxl_domid_to_name(x->ctx, all[i].domid);
        if (name && *who && !g_ascii_strncasecmp(name, who, strlen(who)))
            found = g_strdup(name);
        free(name);
    }
    libxl_dominfo_list_free(all, nr);
    return found;
}

int find_domain(struct xen *x, const char *who, uint32_t *domid_out,
                struct err *err)
{
    uint64_t number;
    if (num_parse_uint(who, DOMID_MAX, &number)) {
        if (number_exists(x, (uint32_t)number)) {
            *domid_out = (uint32_t)number;
            xen_log_clear(x->log);
            return 0;
        }
        xen_log_clear(x->log);
        err_set(err, ERR_NOENT, "there is no domain number %s", who);
        return err_hint(err, "`xl list` shows those that run.");
    }
    if (libxl_name_to_domid(x->ctx, who, domid_out) == 0 ||
        by_uuid(x, who, domid_out)) {
        xen_log_clear(x->log);
        return 0;
    }
    g_autofree char *like = similar(x, who);
    xen_log_clear(x->log);
    err_set(err, ERR_NOENT, "there is no domain named \"%s\"", who);
    if (like)
        return err_hint(err, "Did you mean \"%s\"?", like);
    return err_hint(err, "`xl list` shows those that run.");
}

int find_cpupool(struct xen *x, const char *who, uint32_t *poolid_out,
                 struct err *err)
{
    int rc =
        libxl_cpupool_qualifier_to_cpupoolid(x->ctx, who, poolid_out, NULL);
    if (rc == 0 && libxl_cpupoolid_is_valid(x->ctx, *poolid_out))
        return 0;
    xen_log_clear(x->log);
    err_set(err, ERR_NOENT, "there is no cpupool \"%s\"", who);
    return err_hint(err, "`xl cpupool-list` shows them.");
}

char *find_name(struct xen *x, uint32_t domid)
{
    return libxl_domid_to_name(x->ctx, domid);
}
