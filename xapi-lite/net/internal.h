/* Between the files of net/. */
#ifndef XAPI_NET_INTERNAL_H
#define XAPI_NET_INTERNAL_H

#include <netlink/netlink.h>
#include <netlink/route/link.h>

#include "net/net.h"
#include "net/pure.h"

enum { NET_QUICK_S = 30 }; /* for one helper program */

/* ---- netlink --------------------------------------------------------------
 */

/* NULL after err was set. */
struct nl_sock *net_nl_open(struct err *err);
static inline void net_nl_close(struct nl_sock **s)
{
    if (*s)
        nl_socket_free(*s);
}
#define NET_NL_AUTO __attribute__((cleanup(net_nl_close))) struct nl_sock
/* 0, or -1 with the words of libnl behind the sentence. */
int net_nl_result(int r, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Makes a link, which is taken over; one of that name that is there stays. */
int net_nl_add(struct rtnl_link *link, const char *name, struct err *err);
/* Writes a word into /sys/class/net/DEVICE/FILE. */
int net_sysfs_write(const char *device, const char *file, const char *text,
                    struct err *err);

/* ---- programs --------------------------------------------------------------
 */

/* Runs a program without shell; its output in *out (caller frees; NULL: not
 * wanted). Fails with the program's own words, or after 30 s. */
int net_run(const char *const *argv, char **out, struct err *err);
#define NET_RUN(out, err, ...)                                                 \
    net_run((const char *const[]){ __VA_ARGS__, NULL }, out, err)
/* The same, with the path of a file that holds `text` as last argument. */
int net_run_text(const char *const *argv, const char *text, struct err *err);
#define NET_RUN_TEXT(text, err, ...)                                           \
    net_run_text((const char *const[]){ __VA_ARGS__, NULL }, text, err)

/* ---- DHCP ------------------------------------------------------------------
 */

/* Starts the link's client unless it runs; waits for the first answer, at most
 * 10 s, and leaves it trying after that. */
int net_dhcp_start(const char *device, struct err *err);
void net_dhcp_stop(const char *device);

#endif
