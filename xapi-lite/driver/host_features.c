/* What Xen lets guests see of the processor, as strings of words (way B). */
#include <stdlib.h>
#include <xenctrl.h>
/* after xenctrl.h, whose types it uses */
#include <xenguest.h>

#include "driver/driver.h"

/* "1fcbfbff-80982203-...": the words in the order of Xen's public
 * cpufeatureset.h; "" when Xen does not tell. Caller frees. */
static char *read_set(xc_interface *xch, uint32_t index)
{
    uint32_t n = xc_get_cpu_featureset_size();
    g_autofree uint32_t *words = g_new0(uint32_t, n);
    GString *s = g_string_new(NULL);
    if (xc_get_cpu_featureset(xch, index, &n, words) == 0)
        for (uint32_t i = 0; i < n; i++)
            g_string_append_printf(s, "%s%08x", i ? "-" : "", words[i]);
    return g_string_free(s, FALSE);
}

void driver_host_features(struct host_features *out)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    *out = (struct host_features){ 0 };
    if (!xch)
        return;
    out->host = read_set(xch, XEN_SYSCTL_cpu_featureset_host);
    out->pv = read_set(xch, XEN_SYSCTL_cpu_featureset_pv);
    out->hvm = read_set(xch, XEN_SYSCTL_cpu_featureset_hvm);
    xc_interface_close(xch);
}

void host_features_dispose(struct host_features *f)
{
    g_free(f->host);
    g_free(f->pv);
    g_free(f->hvm);
    *f = (struct host_features){ 0 };
}
