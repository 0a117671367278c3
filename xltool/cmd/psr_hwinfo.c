/* xl psr-hwinfo: what the processor can do to watch and limit cache and memory
 * bandwidth (way A). */
#include "cmd/cmd.h"

const struct opt_row cmd_psr_hwinfo_opts[] = {
    { 'm', "cmt", NULL, "only cache monitoring" },
    { 'a', "cat", NULL, "only cache allocation" },
    { 'b', "mba", NULL, "only memory bandwidth allocation" },
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

int cmd_psr_hwinfo_run(struct cmd *c, struct err *err)
{
    bool all = !cmd_has(c, 'm') && !cmd_has(c, 'a') && !cmd_has(c, 'b');
    int missing = 0;
    if (cmd_open(c, err))
        return -1;
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
