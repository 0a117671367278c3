/* xl psr-cmt-show: what monitored domains take of cache or bandwidth (way A).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/psr_common.h"

const struct opt_row cmd_psr_cmt_show_opts[] = { CMD_ROW_JSON, { 0 } };

enum { GAP_US = 10000, TRIES = 4 };

static const struct {
    const char *word;
    libxl_psr_cmt_type type;
} types[] = {
    { "cache-occupancy", LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY },
    { "total-mem-bandwidth", LIBXL_PSR_CMT_TYPE_TOTAL_MEM_COUNT },
    { "local-mem-bandwidth", LIBXL_PSR_CMT_TYPE_LOCAL_MEM_COUNT },
};

/* KiB a second between two samples; their counter may wrap between them. */
static int bandwidth(struct cmd *c, uint32_t domid, libxl_psr_cmt_type type,
                     uint32_t socket, uint64_t *out)
{
    for (int i = 0; i < TRIES; i++) {
        uint64_t bytes[2], ns[2];
        if (libxl_psr_cmt_get_sample(c->xen.ctx, domid, type, socket, &bytes[0],
                                     &ns[0]))
            return -1;
        usleep(GAP_US);
        if (libxl_psr_cmt_get_sample(c->xen.ctx, domid, type, socket, &bytes[1],
                                     &ns[1]))
            return -1;
        if (bytes[1] < bytes[0] || ns[1] <= ns[0])
            continue;
        double rate =
            (double)(bytes[1] - bytes[0]) * 1e9 / (double)(ns[1] - ns[0]);
        *out = (uint64_t)(rate / 1024);
        return 0;
    }
    return -1;
}

static void domain_row(struct cmd *c, uint32_t domid, libxl_psr_cmt_type type,
                       const libxl_bitmap *map)
{
    if (!libxl_psr_cmt_domain_attached(c->xen.ctx, domid))
        return;
    char *name = libxl_domid_to_name(c->xen.ctx, domid);
    printf("%-40s %5u", name ? name : "(null)", domid);
    free(name);
    uint32_t socket;
    libxl_for_each_set_bit(socket, *map)
    {
        uint64_t n;
        if (type != LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY) {
            if (bandwidth(c, domid, type, socket, &n) == 0)
                printf("%11" PRIu64 " KB/s", n);
        } else if (!libxl_psr_cmt_get_sample(c->xen.ctx, domid, type, socket,
                                             &n, NULL)) {
            printf("%13" PRIu64 " KB", n / 1024);
        }
    }
    putchar('\n');
}

/* One socket's number for a domain, or null. */
static struct value *reading(struct cmd *c, uint32_t domid,
                             libxl_psr_cmt_type type, uint32_t socket)
{
    struct value *v = value_object();
    bool cache = type == LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY;
    uint64_t n;
    int rc = cache ? libxl_psr_cmt_get_sample(c->xen.ctx, domid, type, socket,
                                              &n, NULL)
                   : bandwidth(c, domid, type, socket, &n);
    value_set(v, "socket", value_int(socket));
    value_set(v, cache ? "kib" : "kib_per_second",
              rc ? value_null() : value_int((int64_t)(cache ? n / 1024 : n)));
    return v;
}

static void domain_json(struct cmd *c, uint32_t domid, libxl_psr_cmt_type type,
                        const libxl_bitmap *map, struct value *json)
{
    if (!libxl_psr_cmt_domain_attached(c->xen.ctx, domid))
        return;
    struct value *row = value_object(), *sockets = value_array();
    char *name = libxl_domid_to_name(c->xen.ctx, domid);
    value_set(row, "domid", value_int(domid));
    value_set(row, "name", value_string(name));
    free(name);
    uint32_t socket;
    libxl_for_each_set_bit(socket, *map)
        value_push(sockets, reading(c, domid, type, socket));
    value_set(row, "sockets", sockets);
    value_push(json, row);
}

static int print_json(struct cmd *c, libxl_psr_cmt_type type, int64_t domid,
                      const libxl_bitmap *map, struct err *err)
{
    struct value *json = value_array();
    if (domid >= 0) {
        domain_json(c, (uint32_t)domid, type, map, json);
        cmd_print_json(json);
        return 0;
    }
    int nr = 0;
    libxl_dominfo *all = libxl_list_domain(c->xen.ctx, &nr);
    for (int i = 0; all && i < nr; i++)
        domain_json(c, all[i].domid, type, map, json);
    if (!all) {
        value_free(json);
        return psr_fail(c, -1, "cannot list the domains", err);
    }
    libxl_dominfo_list_free(all, nr);
    cmd_print_json(json);
    return 0;
}

static int head(struct cmd *c, libxl_psr_cmt_type type, const libxl_bitmap *map,
                struct err *err)
{
    uint32_t n;
    uint32_t socket;
    if (libxl_psr_cmt_get_total_rmid(c->xen.ctx, &n))
        return psr_fail(c, -1, "Failed to get max RMID value", err);
    printf("Total RMID: %u\n%-40s %5s", n, "Name", "ID");
    libxl_for_each_set_bit(socket, *map) printf("%14s %u", "Socket", socket);
    putchar('\n');
    if (type != LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY)
        return 0;
    printf("%-46s", "Total L3 Cache Size");
    libxl_for_each_set_bit(socket, *map)
    {
        if (libxl_psr_cmt_get_l3_cache_size(c->xen.ctx, socket, &n))
            return psr_fail(c, -1, "the size of the L3 cache is not known",
                            err);
        printf("%13u KB", n);
    }
    putchar('\n');
    return 0;
}

static int table(struct cmd *c, libxl_psr_cmt_type type, int64_t domid,
                 const libxl_bitmap *map, struct err *err)
{
    if (head(c, type, map, err))
        return -1;
    if (domid >= 0) {
        domain_row(c, (uint32_t)domid, type, map);
        return 0;
    }
    int nr = 0;
    libxl_dominfo *all = libxl_list_domain(c->xen.ctx, &nr);
    if (!all)
        return psr_fail(c, -1, "cannot list the domains", err);
    for (int i = 0; i < nr; i++)
        domain_row(c, all[i].domid, type, map);
    libxl_dominfo_list_free(all, nr);
    return 0;
}

static int show(struct cmd *c, libxl_psr_cmt_type type, int64_t domid,
                struct err *err)
{
    libxl_bitmap map;
    if (!libxl_psr_cmt_enabled(c->xen.ctx))
        return psr_fail(c, -1, "CMT is disabled in the system", err);
    if (!libxl_psr_cmt_type_supported(c->xen.ctx, type))
        return psr_fail(c, -1, "the processor cannot monitor this", err);
    libxl_bitmap_init(&map);
    int rc = libxl_socket_bitmap_alloc(c->xen.ctx, &map, 0);
    if (rc == 0)
        rc = libxl_get_online_socketmap(c->xen.ctx, &map);
    int r = rc ? psr_fail(c, -1, "the host's sockets are not known", err)
            : cmd_has(c, CMD_OPT_JSON) ? print_json(c, type, domid, &map, err)
                                       : table(c, type, domid, &map, err);
    libxl_bitmap_dispose(&map);
    return r;
}

int cmd_psr_cmt_show_run(struct cmd *c, struct err *err)
{
    unsigned i = 0;
    uint32_t domid = 0;
    while (i < G_N_ELEMENTS(types) && strcmp(types[i].word, cmd_word(c, 0)))
        i++;
    if (i == G_N_ELEMENTS(types) || c->o.nr_words > 2)
        return cmd_usage(c, err,
                         "one of cache-occupancy, total-mem-bandwidth and "
                         "local-mem-bandwidth, then at most one domain");
    if (cmd_open(c, err) ||
        (cmd_word(c, 1) && cmd_domain(c, cmd_word(c, 1), &domid, err)))
        return -1;
    return show(c, types[i].type, cmd_word(c, 1) ? (int64_t)domid : -1, err);
}
