/* xl remus: keeps a standby of a domain on another host (way A). */
#include "op/remus.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_remus_opts[] = {
    { 'i', NULL, "MS", "a checkpoint each MS milliseconds (default 200)" },
    { 'u', NULL, NULL, "do not compress checkpoints" },
    { 's', NULL, "COMMAND", "run this in place of ssh; empty: HOST is it" },
    { 'e', NULL, NULL, "nothing stays behind the domain on the other host" },
    { 'N', NULL, "SCRIPT", "sets network buffering up" },
    { 'F', NULL, NULL, "allow -b, -n and -d" },
    { 'b', NULL, NULL, "checkpoints go to /dev/null, without a host" },
    { 'n', NULL, NULL, "do not hold back the domain's packets" },
    { 'd', NULL, NULL, "do not replicate its disks" },
    { 'c', NULL, NULL, "COLO in place of Remus" },
    { 'p', NULL, NULL, "with -c: the proxy in user space" },
    { 0 }
};

static int check(struct cmd *c, struct err *err)
{
    bool with_colo = cmd_has(c, 'i') || cmd_has(c, 'd') || cmd_has(c, 'n') ||
                     cmd_has(c, 'b');
    const char *wrong = cmd_has(c, 'p') && !cmd_has(c, 'c')
                            ? "Option -p must be used in conjunction with -c"
                        : cmd_has(c, 'c') && with_colo
                            ? "option -c is conflict with -i, -d, -n or -b"
                            : NULL;
    if (!wrong && !cmd_word(c, 1) && !cmd_has(c, 'b'))
        return cmd_usage(c, err, "name the host of the standby");
    if (!wrong)
        return 0;
    err_set(err, ERR_CONFIG, "%s", wrong);
    err->exit_code = 255;
    return -1;
}

static int fill(struct cmd *c, const struct xlconf *conf,
                libxl_domain_remus_info *info, struct err *err)
{
    bool colo = cmd_has(c, 'c');
    const char *script = cmd_value(c, 'N');
    uint64_t ms = 0;
    if (cmd_has(c, 'i') &&
        (!num_parse_uint(cmd_value(c, 'i'), INT32_MAX, &ms) || !ms))
        return err_set(err, ERR_USAGE, "\"%s\" is no number of milliseconds",
                       cmd_value(c, 'i'));
    info->interval = cmd_has(c, 'i') ? (int)ms : colo ? 0 : 200;
    libxl_defbool_set(&info->allow_unsafe, cmd_has(c, 'F'));
    libxl_defbool_set(&info->blackhole, cmd_has(c, 'b'));
    libxl_defbool_set(&info->compression, !cmd_has(c, 'u') && !colo);
    libxl_defbool_set(&info->netbuf, !cmd_has(c, 'n') && !colo);
    libxl_defbool_set(&info->diskbuf, !cmd_has(c, 'd'));
    libxl_defbool_set(&info->colo, colo);
    libxl_defbool_set(&info->userspace_colo_proxy, cmd_has(c, 'p'));
    if (!script)
        script = colo ? conf->colo_proxyscript : conf->remus_netbufscript;
    info->netbufscript = script ? strdup(script) : NULL;
    return 0;
}

int cmd_remus_run(struct cmd *c, struct err *err)
{
    libxl_domain_remus_info info;
    struct xlconf conf;
    uint32_t domid;
    if (check(c, err) || cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_domain_remus_info_init(&info);
    struct remus_how how = {
        .peer = { .host = cmd_word(c, 1),
                  .command = cmd_value(c, 's'),
                  .no_monitor = cmd_has(c, 'e') },
        .info = &info,
        .colo = cmd_has(c, 'c'),
        .userspace_proxy = cmd_has(c, 'p'),
        .blackhole = cmd_has(c, 'b'),
    };
    int r = xlconf_read(LOAD_XLCONF, &conf, err);
    if (r == 0 && (r = fill(c, &conf, &info, err)) == 0) {
        how.colo_script = how.colo ? info.netbufscript : NULL;
        r = remus_send(&c->xen, domid, &how, err);
    }
    xlconf_dispose(&conf);
    libxl_domain_remus_info_dispose(&info);
    return r;
}
