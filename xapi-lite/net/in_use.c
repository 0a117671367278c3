/* Who would be cut off if a link lost its addresses (way B). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "net/pure.h"

/* ---- connections
 * ------------------------------------------------------------------- */

/* An address of /proc/net/tcp or tcp6: words of 32 bits as this machine has
 * them, in hexadecimal digits. A mapped IPv4 address becomes that. */
static bool read_address(const char *digits, char out[INET6_ADDRSTRLEN])
{
    union {
        uint32_t word[4];
        struct in6_addr v6;
    } a;
    size_t words = strlen(digits) / 8;
    if (strlen(digits) % 8 || (words != 1 && words != 4))
        return false;
    for (size_t i = 0; i < words; i++) {
        char eight[9];
        g_strlcpy(eight, digits + 8 * i, sizeof eight);
        a.word[i] = (uint32_t)strtoul(eight, NULL, 16);
    }
    if (words == 1 || IN6_IS_ADDR_V4MAPPED(&a.v6))
        return inet_ntop(AF_INET, &a.word[words - 1], out, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, &a.v6, out, INET6_ADDRSTRLEN);
}

char *net_connection_of(const char *proc_net_tcp, const GPtrArray *ips)
{
    enum { ESTABLISHED = 1 };
    g_auto(GStrv) lines = g_strsplit(proc_net_tcp, "\n", -1);
    for (int i = 1; lines[0] && lines[i]; i++) {
        unsigned port, state;
        char local[33], far[33], text[INET6_ADDRSTRLEN];
        if (sscanf(lines[i], " %*u: %32[0-9A-F]:%4x %32[0-9A-F]:%*4x %x", local,
                   &port, far, &state) != 4 ||
            state != ESTABLISHED || !strcmp(local, far) ||
            !read_address(local, text))
            continue;
        for (guint k = 0; k < ips->len; k++)
            if (!strcmp(ips->pdata[k], text))
                return g_strdup_printf(strchr(text, ':') ? "[%s]:%u" : "%s:%u",
                                       text, port);
    }
    return NULL;
}

static GPtrArray *addresses_of(const char *device)
{
    GPtrArray *ips = g_ptr_array_new_with_free_func(g_free);
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) < 0)
        return ips;
    for (struct ifaddrs *a = all; a; a = a->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        int family = a->ifa_addr ? a->ifa_addr->sa_family : AF_UNSPEC;
        const struct sockaddr_in *v4 = (const void *)a->ifa_addr;
        const struct sockaddr_in6 *v6 = (const void *)a->ifa_addr;
        if (strcmp(a->ifa_name, device) ||
            (family != AF_INET && family != AF_INET6))
            continue;
        inet_ntop(family,
                  family == AF_INET ? (const void *)&v4->sin_addr
                                    : (const void *)&v6->sin6_addr,
                  text, sizeof text);
        g_ptr_array_add(ips, g_strdup(text));
    }
    freeifaddrs(all);
    return ips;
}

/* ---- default routes
 * ------------------------------------------------------------------- */

/* Flags of a route (linux/route.h): it is up, it goes through a gateway. */
enum { ROUTE_UP = 1, ROUTE_GATEWAY = 2 };

char *net_gateway4_of(const char *proc_net_route, const char *device)
{
    g_auto(GStrv) lines = g_strsplit(proc_net_route, "\n", -1);
    for (int i = 1; lines[0] && lines[i]; i++) {
        char name[32], text[INET_ADDRSTRLEN];
        unsigned to, via;
        if (sscanf(lines[i], "%31s %x %x", name, &to, &via) != 3 || to ||
            strcmp(name, device))
            continue;
        struct in_addr a = { via };
        inet_ntop(AF_INET, &a, text, sizeof text);
        return g_strdup(text);
    }
    return NULL;
}

char *net_gateway6_of(const char *proc_net_ipv6_route, const char *device)
{
    g_auto(GStrv) lines = g_strsplit(proc_net_ipv6_route, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        char to[33], via[33], name[32], text[INET6_ADDRSTRLEN];
        unsigned length, flags;
        struct in6_addr a;
        if (sscanf(lines[i], "%32s %x %*s %*x %32s %*x %*x %*x %x %31s", to,
                   &length, via, &flags, name) != 5 ||
            length || !(flags & ROUTE_UP) || !(flags & ROUTE_GATEWAY) ||
            strcmp(name, device) || strlen(via) != 32)
            continue;
        for (int k = 0; k < 16; k++) {
            char pair[3] = { via[2 * k], via[2 * k + 1], '\0' };
            a.s6_addr[k] = (uint8_t)strtoul(pair, NULL, 16);
        }
        inet_ntop(AF_INET6, &a, text, sizeof text);
        return g_strdup(text);
    }
    return NULL;
}

/* What fn finds in the first of two files. */
static char *look(const char *path, const char *device,
                  char *(*fn)(const char *text, const char *device))
{
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? fn(text, device)
                                                        : NULL;
}

char *net_in_use(const char *device)
{
    static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
    g_autofree char *via4 = look("/proc/net/route", device, net_gateway4_of);
    g_autofree char *via6 =
        look("/proc/net/ipv6_route", device, net_gateway6_of);
    g_autofree char *connection = NULL;
    g_autoptr(GPtrArray) ips = addresses_of(device);
    if (via4 || via6)
        return g_strdup_printf("the default route through %s",
                               via4 ? via4 : via6);
    for (size_t i = 0; i < G_N_ELEMENTS(tables) && !connection; i++) {
        g_autofree char *text = NULL;
        if (g_file_get_contents(tables[i], &text, NULL, NULL))
            connection = net_connection_of(text, ips);
    }
    return connection ? g_strdup_printf("a connection to %s", connection)
                      : NULL;
}
