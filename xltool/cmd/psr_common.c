/* What the commands for the processor's resource control share (way A). */
#include "cmd/psr_common.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

int psr_fail(struct cmd *c, int rc, const char *what, struct err *err)
{
    xen_fail(&c->xen, err, rc, "%s", what);
    err->exit_code = rc & 0xff;
    return err_hint(err, "`xl psr-hwinfo` shows what this host can do; most "
                         "hosts also need psr=... on Xen's command line.");
}

int psr_level(struct cmd *c, unsigned *level_out, struct err *err)
{
    const char *text = cmd_value(c, 'l');
    uint64_t level = 3;
    if (text && (!num_parse_uint(text, 3, &level) || level < 2))
        return err_set(err, ERR_CONFIG, "cache level \"%s\" is neither 2 nor 3",
                       text);
    *level_out = (unsigned)level;
    return 0;
}

/* --- The table. --------------------------------------------------------- */

static const libxl_psr_type *columns(const libxl_psr_hw_info *info,
                                     unsigned level)
{
    static const libxl_psr_type l3[] = { LIBXL_PSR_CBM_TYPE_L3_CBM, 0 };
    static const libxl_psr_type l2[] = { LIBXL_PSR_CBM_TYPE_L2_CBM, 0 };
    static const libxl_psr_type split[] = { LIBXL_PSR_CBM_TYPE_L3_CBM_CODE,
                                            LIBXL_PSR_CBM_TYPE_L3_CBM_DATA, 0 };
    static const libxl_psr_type mba[] = { LIBXL_PSR_CBM_TYPE_MBA_THRTL, 0 };
    if (info->type == LIBXL_PSR_FEAT_TYPE_MBA)
        return mba;
    if (level == 2)
        return l2;
    return info->u.cat.cdp_enabled ? split : l3;
}

static void domain_row(struct cmd *c, uint32_t domid,
                       const libxl_psr_hw_info *info, unsigned level)
{
    char *name = libxl_domid_to_name(c->xen.ctx, domid);
    printf("%5u%25s", domid, name ? name : "(null)");
    free(name);
    for (const libxl_psr_type *t = columns(info, level); *t; t++) {
        uint64_t value;
        if (libxl_psr_get_val(c->xen.ctx, domid, *t, info->id, &value))
            printf("%16s", "error");
        else if (info->type == LIBXL_PSR_FEAT_TYPE_MBA)
            printf("%16" PRIu64, value);
        else
            printf("%#16" PRIx64, value);
    }
    putchar('\n');
}

static int socket_head(struct cmd *c, const libxl_psr_hw_info *info,
                       unsigned level, struct err *err)
{
    printf("%-16s: %u\n", "Socket ID", info->id);
    if (info->type == LIBXL_PSR_FEAT_TYPE_MBA) {
        printf("%-16s: %u\n%5s%25s%16s\n", "Default THRTL", 0, "ID", "NAME",
               "THRTL");
        return 0;
    }
    if (level == 3) {
        uint32_t size;
        int rc = libxl_psr_cmt_get_l3_cache_size(c->xen.ctx, info->id, &size);
        if (rc)
            return psr_fail(c, -1, "the size of the L3 cache is not known",
                            err);
        printf("%-16s: %uKB\n", "L3 Cache", size);
    }
    printf("%-16s: %#llx\n%5s%25s", "Default CBM",
           (1ull << info->u.cat.cbm_len) - 1, "ID", "NAME");
    if (level == 3 && info->u.cat.cdp_enabled)
        printf("%16s%16s\n", "CBM (code)", "CBM (data)");
    else
        printf("%16s\n", "CBM");
    return 0;
}

/* --- The same as JSON. -------------------------------------------------- */

static struct value *domain_value(struct cmd *c, uint32_t domid,
                                  const libxl_psr_hw_info *info, unsigned level)
{
    static const char *const split[] = { "cbm_code", "cbm_data" };
    bool mba = info->type == LIBXL_PSR_FEAT_TYPE_MBA;
    const libxl_psr_type *types = columns(info, level);
    struct value *row = value_object();
    char *name = libxl_domid_to_name(c->xen.ctx, domid);
    value_set(row, "domid", value_int(domid));
    value_set(row, "name", value_string(name));
    free(name);
    for (int i = 0; types[i]; i++) {
        uint64_t v;
        const char *key = mba ? "throttle" : types[1] ? split[i] : "cbm";
        int rc = libxl_psr_get_val(c->xen.ctx, domid, types[i], info->id, &v);
        value_set(row, key,
                  rc    ? value_null()
                  : mba ? value_int((int64_t)v)
                        : value_printf("0x%" PRIx64, v));
    }
    return row;
}

static struct value *socket_value(struct cmd *c, const libxl_psr_hw_info *info,
                                  unsigned level)
{
    struct value *v = value_object();
    uint32_t kib;
    value_set(v, "socket", value_int(info->id));
    if (info->type == LIBXL_PSR_FEAT_TYPE_MBA) {
        value_set(v, "throttle_default", value_int(0));
        return v;
    }
    value_set(v, "cache_level", value_int(level));
    if (level == 3)
        value_set(v, "cache_kib",
                  libxl_psr_cmt_get_l3_cache_size(c->xen.ctx, info->id, &kib)
                      ? value_null()
                      : value_int(kib));
    value_set(v, "cbm_default",
              value_printf("0x%llx", (1ull << info->u.cat.cbm_len) - 1));
    return v;
}

/* Appends the socket to `json` (an array). */
static int socket_json(struct cmd *c, int64_t domid,
                       const libxl_psr_hw_info *info, unsigned level,
                       struct value *json, struct err *err)
{
    struct value *socket = socket_value(c, info, level);
    struct value *domains = value_array();
    value_set(socket, "domains", domains);
    value_push(json, socket);
    if (domid >= 0) {
        value_push(domains, domain_value(c, (uint32_t)domid, info, level));
        return 0;
    }
    int nr = 0;
    libxl_dominfo *all = libxl_list_domain(c->xen.ctx, &nr);
    if (!all)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the domains");
    for (int i = 0; i < nr; i++)
        value_push(domains, domain_value(c, all[i].domid, info, level));
    libxl_dominfo_list_free(all, nr);
    return 0;
}

/* --- Both. -------------------------------------------------------------- */

/* domid negative: all. */
static int socket_table(struct cmd *c, int64_t domid,
                        const libxl_psr_hw_info *info, unsigned level,
                        struct err *err)
{
    if (socket_head(c, info, level, err))
        return -1;
    if (domid >= 0) {
        domain_row(c, (uint32_t)domid, info, level);
        return 0;
    }
    int nr = 0;
    libxl_dominfo *all = libxl_list_domain(c->xen.ctx, &nr);
    if (!all)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the domains");
    for (int i = 0; i < nr; i++)
        domain_row(c, all[i].domid, info, level);
    libxl_dominfo_list_free(all, nr);
    return 0;
}

int psr_show(struct cmd *c, libxl_psr_feat_type feature, unsigned level,
             struct err *err)
{
    libxl_psr_hw_info *info = NULL;
    uint32_t id = 0;
    unsigned nr = 0;
    if (c->o.nr_words > 1)
        return cmd_usage(c, err, "at most one domain");
    if (cmd_open(c, err) ||
        (cmd_word(c, 0) && cmd_domain(c, cmd_word(c, 0), &id, err)))
        return -1;
    int rc = libxl_psr_get_hw_info(c->xen.ctx, feature, level, &nr, &info);
    if (rc)
        return psr_fail(c, rc,
                        feature == LIBXL_PSR_FEAT_TYPE_MBA
                            ? "no memory bandwidth allocation here"
                            : "no cache allocation of this level here",
                        err);
    int r = 0;
    int64_t domid = cmd_word(c, 0) ? (int64_t)id : -1;
    struct value *json = cmd_has(c, CMD_OPT_JSON) ? value_array() : NULL;
    for (unsigned i = 0; i < nr && r == 0; i++) {
        info[i].type = feature;
        r = json ? socket_json(c, domid, &info[i], level, json, err)
                 : socket_table(c, domid, &info[i], level, err);
    }
    libxl_psr_hw_info_list_free(info, nr);
    if (r == 0 && json)
        cmd_print_json(json);
    else
        value_free(json);
    return r;
}

/* --- Setting. ----------------------------------------------------------- */

/* "2" or "1-3". */
static int add_range(const char *text, libxl_bitmap *map, struct err *err)
{
    const char *dash = strchr(text, '-');
    g_autofree char *left =
        dash ? g_strndup(text, (gsize)(dash - text)) : g_strdup(text);
    int most = (int)map->size * 8 - 1;
    uint64_t from, to;
    if (!num_parse_uint(left, UINT32_MAX, &from) ||
        !num_parse_uint(dash ? dash + 1 : left, UINT32_MAX, &to) || from > to)
        return err_set(err, ERR_CONFIG, "\"%s\" is no socket or range of them",
                       text);
    if (to > (uint64_t)most)
        return err_set(err, ERR_CONFIG, "there is no socket %" PRIu64, to);
    for (uint64_t i = from; i <= to; i++)
        libxl_bitmap_set(map, (int)i);
    return 0;
}

static int sockets(const char *list, libxl_bitmap *map, struct err *err)
{
    if (!list) {
        libxl_bitmap_set_any(map);
        return 0;
    }
    g_auto(GStrv) parts = g_strsplit(list, ",", -1);
    int r = 0;
    for (char **p = parts; *p && r == 0; p++)
        r = add_range(g_strstrip(*p), map, err);
    return r;
}

static int value_of(const char *text, uint64_t *out, struct err *err)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 0);
    if (errno || end == text || *end || *text == '-')
        return err_set(err, ERR_CONFIG, "\"%s\" is no number", text);
    return 0;
}

int psr_set(struct cmd *c, libxl_psr_type type, struct err *err)
{
    libxl_bitmap map;
    uint64_t value;
    uint32_t domid;
    if (c->o.nr_words != 2)
        return cmd_usage(c, err, "a domain and one number");
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_bitmap_init(&map);
    int rc = libxl_socket_bitmap_alloc(c->xen.ctx, &map, 0);
    int r = rc ? psr_fail(c, rc, "the host's sockets are not known", err) : 0;
    if (r == 0)
        r = sockets(cmd_value(c, 's'), &map, err);
    if (r == 0)
        r = value_of(cmd_word(c, 1), &value, err);
    if (r == 0 &&
        (rc = libxl_psr_set_val(c->xen.ctx, domid, type, &map, value)))
        r = psr_fail(c, rc, "it was not set", err);
    libxl_bitmap_dispose(&map);
    return r;
}
