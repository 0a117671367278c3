/* Free memory for a new domain (way A). */
#include "op/memory.h"

#include <glib.h>
#include <regex.h>

#define TRIES 3
#define WAIT_SECONDS 10

bool memory_autoballoon(struct xen *x, const struct xlconf *conf)
{
    if (conf->autoballoon != AUTOBALLOON_AUTO)
        return conf->autoballoon == AUTOBALLOON_ON;
    const libxl_version_info *info = libxl_get_version_info(x->ctx);
    regex_t re;
    if (!info || !info->commandline ||
        regcomp(&re, "(^| )dom0_mem=((|min:|max:)[0-9]+[bBkKmMgG]?,?)+($| )",
                REG_NOSUB | REG_EXTENDED))
        return true;
    bool fixed = regexec(&re, info->commandline, 0, NULL, 0) == 0;
    regfree(&re);
    return !fixed;
}

void memory_count(struct xen *x, const libxl_domain_config *config,
                  struct memory_need *need_out)
{
    /* libxl fills in its defaults, which the domain's own record must not
     * have: they would stay when a newer libxl has others */
    libxl_domain_config filled;
    libxl_domain_config_init(&filled);
    libxl_domain_config_copy(x->ctx, &filled, config);
    *need_out = (struct memory_need){ 0 };
    if (libxl_domain_need_memory(x->ctx, &filled, ~0u, &need_out->need_kib))
        need_out->need_kib = 0;
    libxl_domain_config_dispose(&filled);
    if (libxl_get_free_memory(x->ctx, &need_out->free_kib))
        need_out->free_kib = 0;
    xen_log_clear(x->log);
}

int memory_too_little(const struct memory_need *need, struct err *err)
{
    err_set(err, ERR_NOMEM,
            "not enough memory: the domain needs %" G_GUINT64_FORMAT
            " MiB, %" G_GUINT64_FORMAT " MiB are free",
            (need->need_kib + 1023) / 1024, need->free_kib / 1024);
    if (err) {
        err->exit_code = -ERROR_NOMEM;
        err->rc = ERROR_NOMEM;
    }
    return err_hint(err, "Give it less memory=, end other domains, or shrink "
                         "Dom0: `xl mem-set 0 SIZE`.");
}

int memory_make_room(struct xen *x, libxl_domain_config *config,
                     const struct memory_need *need, struct err *err)
{
    (void)config;
    struct memory_need now = *need;
    for (int i = 0; i < TRIES; i++) {
        if (libxl_get_free_memory(x->ctx, &now.free_kib))
            break;
        if (now.free_kib >= now.need_kib)
            return 0;
        int64_t change = (int64_t)now.free_kib - (int64_t)now.need_kib;
        if (libxl_set_memory_target(x->ctx, 0, change, 1, 0))
            break;
        /* Dom0 gives pages back by and by: go on as long as it does */
        if (libxl_wait_for_free_memory(x->ctx, 0, now.need_kib, WAIT_SECONDS) ==
            0)
            return 0;
        if (libxl_wait_for_memory_target(x->ctx, 0, 1))
            break;
    }
    xen_log_clear(x->log);
    return memory_too_little(&now, err);
}
