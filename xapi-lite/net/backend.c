/* Which back end a bridge belongs to (way B). */
#include <string.h>

#include "net/net.h"

static const struct net_backend *const backends[] = { &net_bridge, &net_ovs };

const struct net_backend *net_backend_find(const char *name)
{
    for (size_t i = 0; name && i < G_N_ELEMENTS(backends); i++)
        if (!strcmp(backends[i]->name, name))
            return backends[i];
    return NULL;
}

const struct net_backend *net_backend_of(const char *bridge, const char *host)
{
    for (size_t i = 0; i < G_N_ELEMENTS(backends); i++)
        if (backends[i]->has(bridge))
            return backends[i];
    const struct net_backend *b = net_backend_find(host);
    return b ? b : &net_bridge;
}
