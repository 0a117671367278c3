/* xl check: what is wrong with config files (way A without its end). */
#include "op/check.h"
#include "cmd/cmd.h"

#define OPT_STRICT OPT_LONG(1)
#define OPT_HOST OPT_LONG(2)
#define OPT_FIX OPT_LONG(3)

const struct opt_row cmd_check_opts[] = {
    { OPT_STRICT, "strict", NULL, "warnings are failures, too" },
    { OPT_HOST, "host", NULL,
      "look for the kernels, disks, bridges, memory and PCI devices" },
    { OPT_FIX, "fix", NULL,
      "first write deprecated settings in their new form, into the files" },
    { CMD_OPT_JSON, "json", NULL, "the findings as JSON, for editors and CI" },
    { 0 }
};

int cmd_check_run(struct cmd *c, struct err *err)
{
    ERR_AUTO no_xen = { 0 };
    struct check_how how = {
        .strict = cmd_has(c, OPT_STRICT),
        .json = cmd_has(c, CMD_OPT_JSON),
        .host = cmd_has(c, OPT_HOST),
        .xen = &c->xen,
    };
    if (how.host)
        cmd_open(c, &no_xen);
    for (int i = 0; cmd_has(c, OPT_FIX) && i < c->o.nr_words; i++)
        if (check_fix(cmd_word(c, i), how.json ? stderr : stdout, err))
            return -1;
    return check_files(c->o.words, &how, stdout) ? cmd_exit(err, 1) : 0;
}
