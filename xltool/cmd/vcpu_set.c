/* xl vcpu-set: how many virtual cpus of a domain are online (way A). */
#include "cmd/cmd.h"

#include "base/num.h"

const struct opt_row cmd_vcpu_set_opts[] = {
    { 'i', "ignore-host", NULL, "allow more than the host has cpus" }, { 0 }
};

static int check_host(struct cmd *c, uint64_t wanted, struct err *err)
{
    int host = libxl_get_online_cpus(c->xen.ctx);
    if (host <= 0 || wanted <= (uint64_t)host)
        return 0;
    err_set(err, ERR_CONFIG,
            "You are overcommmitting! You have %d physical CPUs and want %llu "
            "vCPUs! Aborting, use --ignore-host to continue",
            host, (unsigned long long)wanted);
    return -1;
}

int cmd_vcpu_set_run(struct cmd *c, struct err *err)
{
    const char *word = cmd_word(c, 1);
    libxl_bitmap map;
    uint32_t domid;
    uint64_t wanted;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    if (!num_parse_uint(word, 4096, &wanted) || wanted == 0)
        return err_set(err, ERR_CONFIG, "\"%s\" is no number of vcpus", word);
    if (!cmd_has(c, 'i') && check_host(c, wanted, err))
        return -1;
    libxl_bitmap_init(&map);
    int rc = libxl_cpu_bitmap_alloc(c->xen.ctx, &map, (int)wanted);
    for (uint64_t i = 0; rc == 0 && i < wanted; i++)
        libxl_bitmap_set(&map, (int)i);
    if (rc == 0)
        rc = libxl_set_vcpuonline(c->xen.ctx, domid, &map, NULL);
    libxl_bitmap_dispose(&map);
    if (rc)
        return xen_fail(&c->xen, err, rc, "cannot set %s vcpus online", word);
    return 0;
}
