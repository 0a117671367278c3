/* Texts of /proc and names of sysfs become numbers (way C, at its input).
 * Pure. */
#include "top/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NETDEV_NUMBERS = 12 }; /* up to the drops of the second group */

bool proc_netdev_parse(const char *line, size_t len, struct proc_netdev *out)
{
    const char *colon = memchr(line, ':', len);
    if (!colon)
        return false;
    while (line < colon && *line == ' ')
        line++, len--;
    size_t name_len = (size_t)(colon - line);
    if (!name_len || name_len >= sizeof out->name)
        return false;
    memcpy(out->name, line, name_len);
    out->name[name_len] = '\0';

    /* bytes packets errs drop fifo frame compressed multicast, twice */
    uint64_t *const into[NETDEV_NUMBERS] = {
        &out->rx_bytes,
        &out->rx_packets,
        &out->rx_errors,
        &out->rx_drops,
        NULL,
        NULL,
        NULL,
        NULL,
        &out->tx_bytes,
        &out->tx_packets,
        &out->tx_errors,
        &out->tx_drops,
    };
    g_autofree char *numbers = g_strndup(colon + 1, len - name_len - 1);
    char *p = numbers;
    for (int i = 0; i < NETDEV_NUMBERS; i++) {
        char *end;
        p += strspn(p, " \t");
        uint64_t n = g_ascii_strtoull(p, &end, 10);
        if (end == p || *p == '-')
            return false;
        if (into[i])
            *into[i] = n;
        p = end;
    }
    return true;
}

bool proc_vif_parse(const char *nodename, const char *ifname, uint32_t *domid,
                    uint32_t *id)
{
    if (nodename && sscanf(nodename, "backend/vif/%u/%u", domid, id) == 2)
        return true;
    return sscanf(ifname, "vif%u.%u", domid, id) == 2;
}

bool proc_vbd_parse(const char *folder, uint32_t *domid, uint32_t *id,
                    uint64_t *kind)
{
    char type[4];
    if (sscanf(folder, "%3[a-z]-%u-%u", type, domid, id) != 3)
        return false;
    *kind = g_str_equal(type, "vbd") ? 1 : g_str_equal(type, "tap") ? 2 : 0;
    return *kind != 0;
}

int64_t proc_steal_parse(const char *text, long hz)
{
    unsigned long long steal;
    /* user nice system idle iowait irq softirq steal */
    if (hz <= 0 ||
        sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &steal) != 1)
        return -1;
    if (steal > INT64_MAX / 1000000000)
        return -1;
    return (int64_t)(steal * 1000000000ULL / (unsigned long long)hz);
}

bool proc_number_parse(const char *text, uint64_t *out)
{
    char *end;
    if (!g_ascii_isdigit(*text))
        return false;
    *out = g_ascii_strtoull(text, &end, 10);
    return !end[strspn(end, " \n\t")];
}
