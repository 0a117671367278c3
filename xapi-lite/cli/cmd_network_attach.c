/* xe network-attach: the interfaces of a host that lead into a network. */
#include <string.h>

#include "cli/internal.h"

int cmd_network_attach(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *net = cli_record(c, s, CLASS_network, "uuid");
    const struct record *host =
        net ? cli_record(c, s, CLASS_host, "host-uuid") : NULL;
    if (!host)
        return -1;
    for (size_t i = 0; i < record_count(net, F_network_PIFs); i++) {
        const char *pif = record_item(net, F_network_PIFs, i);
        const struct record *r = snapshot_find(s, CLASS_PIF, pif);
        if (r && !strcmp(record_str(r, F_PIF_host), record_ref(host)) &&
            cli_do_long(c, NULL, "PIF.plug", value_string(pif), NULL))
            return -1;
    }
    return 0;
}
