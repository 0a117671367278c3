/* xl migrate: moves a running domain to another host (way A). */
#include "op/migrate.h"
#include "cmd/cmd.h"

#define OPT_DEBUG OPT_LONG(1)
#define OPT_LIVE OPT_LONG(2)

const struct opt_row cmd_migrate_opts[] = {
    { 'C', NULL, "CONFIG", "send this config file with the domain" },
    { 's', NULL, "COMMAND", "run this in place of ssh; empty: HOST is it" },
    { 'e', NULL, NULL, "nothing stays behind the domain on the other host" },
    { 'p', NULL, NULL, "leave it paused on the other host" },
    { 'F', NULL, NULL, NULL },
    { 'D', NULL, NULL, "keep the domain's number" },
    { OPT_DEBUG, "debug", NULL, "compare both memories, for debugging Xen" },
    { OPT_LIVE, "live", NULL, "as ever: a migration is always live" },
    { 0 }
};

int cmd_migrate_run(struct cmd *c, struct err *err)
{
    struct migrate_how how = {
        .host = cmd_word(c, 1),
        .command = cmd_value(c, 's'),
        .config = cmd_value(c, 'C'),
        .no_monitor = cmd_has(c, 'e'),
        .paused = cmd_has(c, 'p'),
        .keep_domid = cmd_has(c, 'D'),
        .debug = cmd_has(c, OPT_DEBUG),
        .verbose = c->g.verbosity > 0,
    };
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    if (migrate_send(&c->xen, domid, &how, err))
        return -1;
    fprintf(stderr, "Migration successful.\n");
    return 0;
}
