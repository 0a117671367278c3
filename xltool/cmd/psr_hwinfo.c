/* xl psr-hwinfo: what the processor can do to watch and limit cache and memory
 * bandwidth (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_psr_hwinfo_opts[] = {
    { 'm', "cmt", NULL, "only cache monitoring" },
    { 'a', "cat", NULL, "only cache allocation" },
    { 'b', "mba", NULL, "only memory bandwidth allocation" },
    CMD_ROW_JSON,
    { 0 }
};

/* The exit codes of the original: -ERROR_FAIL without support, read as 8 bits.
 */
enum { NOT_THERE = 253 };

static int monitoring(struct cmd *c, struct err *err)
{
    uint32_t rmid;
    bool enabled = libxl_psr_cmt_enabled(c->xen.ctx);
    printf("Cache Monitoring Technology (CMT):\n%-16s: %s\n", "Enabled",
           enabled ? "1" : "0");
    if (!enabled)
        return 0;
    int rc = libxl_psr_cmt_get_total_rmid(c->xen.ctx, &rmid);
    if (rc)
        return xen_fail(&c->xen, err, rc, "Failed to get max RMID value");
    printf("%-16s: %u\nSupported monitor types:\n", "Total RMID", rmid);
    for (int type = LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY;
         type <= LIBXL_PSR_CMT_TYPE_LOCAL_MEM_COUNT; type++)
        if (libxl_psr_cmt_type_supported(c->xen.ctx, (libxl_psr_cmt_type)type))
            printf("%s\n",
                   libxl_psr_cmt_type_to_string((libxl_psr_cmt_type)type));
    return 0;
}

static int allocation(struct cmd *c, unsigned level, const char *title)
{
    unsigned nr = 0;
    libxl_psr_hw_info *info = NULL;
    if (libxl_psr_get_hw_info(c->xen.ctx, LIBXL_PSR_FEAT_TYPE_CAT, level, &nr,
                              &info))
        return -1;
    printf("%s\n", title);
    for (unsigned i = 0; i < nr; i++) {
        const libxl_psr_hw_info *p = &info[i];
        uint32_t l3 = 0;
        printf("%-16s: %u\n", "Socket ID", p->id);
        if (level == 3 &&
            !libxl_psr_cmt_get_l3_cache_size(c->xen.ctx, p->id, &l3))
            printf("%-16s: %uKB\n", "L3 Cache", l3);
        if (level == 3)
            printf("%-16s: %s\n", "CDP Status",
                   p->u.cat.cdp_enabled ? "Enabled" : "Disabled");
        printf("%-16s: %u\n", "Maximum COS", p->u.cat.cos_max);
        printf("%-16s: %u\n", "CBM length", p->u.cat.cbm_len);
        printf("%-16s: %#llx\n", "Default CBM", (1ull << p->u.cat.cbm_len) - 1);
    }
    libxl_psr_hw_info_list_free(info, nr);
    return 0;
}

static int bandwidth(struct cmd *c)
{
    unsigned nr = 0;
    libxl_psr_hw_info *info = NULL;
    if (libxl_psr_get_hw_info(c->xen.ctx, LIBXL_PSR_FEAT_TYPE_MBA, 0, &nr,
                              &info))
        return -1;
    printf("Memory Bandwidth Allocation (MBA):\n");
    for (unsigned i = 0; i < nr; i++) {
        const libxl_psr_hw_info *p = &info[i];
        printf("Socket ID               : %u\n", p->id);
        printf("Linear Mode             : %s\n",
               p->u.mba.linear ? "Enabled" : "Disabled");
        printf("Maximum COS             : %u\n", p->u.mba.cos_max);
        printf("Maximum Throttling Value: %u\n", p->u.mba.thrtl_max);
        printf("Default Throttling Value: %u\n", 0);
    }
    libxl_psr_hw_info_list_free(info, nr);
    return 0;
}

/* --- The same as JSON: what is not there is null. ----------------------- */

static struct value *monitoring_value(struct cmd *c)
{
    uint32_t rmid;
    if (!libxl_psr_cmt_enabled(c->xen.ctx) ||
        libxl_psr_cmt_get_total_rmid(c->xen.ctx, &rmid))
        return value_null();
    struct value *v = value_object(), *types = value_array();
    for (int t = LIBXL_PSR_CMT_TYPE_CACHE_OCCUPANCY;
         t <= LIBXL_PSR_CMT_TYPE_LOCAL_MEM_COUNT; t++)
        if (libxl_psr_cmt_type_supported(c->xen.ctx, (libxl_psr_cmt_type)t))
            value_push(types, value_string(libxl_psr_cmt_type_to_string(
                                  (libxl_psr_cmt_type)t)));
    value_set(v, "rmids", value_int(rmid));
    value_set(v, "types", types);
    return v;
}

static struct value *cat_value(struct cmd *c, const libxl_psr_hw_info *p,
                               unsigned level)
{
    struct value *v = value_object();
    uint32_t kib;
    value_set(v, "socket", value_int(p->id));
    if (level == 3) {
        value_set(v, "cache_kib",
                  libxl_psr_cmt_get_l3_cache_size(c->xen.ctx, p->id, &kib)
                      ? value_null()
                      : value_int(kib));
        value_set(v, "cdp", value_bool(p->u.cat.cdp_enabled));
    }
    value_set(v, "cos_max", value_int(p->u.cat.cos_max));
    value_set(v, "cbm_bits", value_int(p->u.cat.cbm_len));
    return v;
}

static struct value *mba_value(const libxl_psr_hw_info *p)
{
    struct value *v = value_object();
    value_set(v, "socket", value_int(p->id));
    value_set(v, "linear", value_bool(p->u.mba.linear));
    value_set(v, "cos_max", value_int(p->u.mba.cos_max));
    value_set(v, "throttle_max", value_int(p->u.mba.thrtl_max));
    return v;
}

/* An array of sockets, or null. */
static struct value *feature_value(struct cmd *c, libxl_psr_feat_type type,
                                   unsigned level, bool *missing)
{
    unsigned nr = 0;
    libxl_psr_hw_info *info = NULL;
    if (libxl_psr_get_hw_info(c->xen.ctx, type, level, &nr, &info)) {
        *missing = true;
        return value_null();
    }
    struct value *v = value_array();
    for (unsigned i = 0; i < nr; i++)
        value_push(v, type == LIBXL_PSR_FEAT_TYPE_MBA
                          ? mba_value(&info[i])
                          : cat_value(c, &info[i], level));
    libxl_psr_hw_info_list_free(info, nr);
    return v;
}

static int print_json(struct cmd *c, bool all, struct err *err)
{
    struct value *v = value_object();
    bool missing = false;
    if (all || cmd_has(c, 'm'))
        value_set(v, "cmt", monitoring_value(c));
    if (all || cmd_has(c, 'a')) {
        value_set(v, "cat_l3",
                  feature_value(c, LIBXL_PSR_FEAT_TYPE_CAT, 3, &missing));
        value_set(v, "cat_l2",
                  feature_value(c, LIBXL_PSR_FEAT_TYPE_CAT, 2, &missing));
    }
    if (all || cmd_has(c, 'b'))
        value_set(v, "mba",
                  feature_value(c, LIBXL_PSR_FEAT_TYPE_MBA, 0, &missing));
    cmd_print_json(v);
    xen_log_clear(c->xen.log);
    return missing ? cmd_exit(err, NOT_THERE) : 0;
}

int cmd_psr_hwinfo_run(struct cmd *c, struct err *err)
{
    bool all = !cmd_has(c, 'm') && !cmd_has(c, 'a') && !cmd_has(c, 'b');
    int missing = 0;
    if (cmd_open(c, err))
        return -1;
    if (cmd_has(c, CMD_OPT_JSON))
        return print_json(c, all, err);
    if ((all || cmd_has(c, 'm')) && monitoring(c, err))
        return -1;
    if (all || cmd_has(c, 'a')) {
        missing |= allocation(c, 3, "Cache Allocation Technology (CAT):") != 0;
        missing |=
            allocation(c, 2, "Cache Allocation Technology (CAT): L2") != 0;
    }
    if (all || cmd_has(c, 'b'))
        missing |= bandwidth(c) != 0;
    xen_log_clear(c->xen.log);
    return missing ? cmd_exit(err, NOT_THERE) : 0;
}
