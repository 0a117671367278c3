/* xl create: build a domain from a config file and words (way A). */
#include <string.h>

#include "cmd/cmd.h"
#include "op/create.h"

const struct opt_row cmd_create_opts[] = {
    { 'p', NULL, NULL, "leave the domain paused" },
    { 'c', NULL, NULL, "enter its console, from the first line on" },
    { 'n', "dryrun", NULL, "only show the resulting configuration" },
    { 'd', NULL, NULL, "show the resulting configuration, too" },
    { 'q', "quiet", NULL, "say less" },
    { 'f', "defconfig", "FILE", "the config file" },
    { 'F', NULL, NULL, "stay in the foreground until it has ended" },
    { 'e', NULL, NULL, "do not stay behind: on_reboot= and so on do nothing" },
    { 'V', "vncviewer", NULL, "start a VNC viewer on its screen" },
    { 'A', "vncviewer-autopass", NULL, "... giving it the password" },
    { 'i', "ignore-global-affinity-masks", NULL,
      "the cpu masks of xl.conf do not count" },
    { 0 }
};

static int no_config(struct cmd *c, struct err *err)
{
    cmd_usage(c, err, "name a config file");
    err->exit_code = 6; /* as the original's, -ERROR_INVAL */
    return -1;
}

/* Words with '=' belong to the config, one without is the file. */
static int split_words(struct cmd *c, const char **file, GPtrArray *settings,
                       struct err *err)
{
    *file = cmd_value(c, 'f');
    for (int i = 0; i < c->o.nr_words; i++) {
        const char *word = cmd_word(c, i);
        if (strchr(word, '='))
            g_ptr_array_add(settings, (gpointer)word);
        else if (!*file)
            *file = word;
        else
            return cmd_usage(c, err, "-f names \"%s\"; what is \"%s\"?", *file,
                             word);
    }
    if (!*file && !settings->len)
        return no_config(c, err);
    g_ptr_array_add(settings, NULL);
    return 0;
}

static int create(struct cmd *c, struct load *l, struct err *err)
{
    struct create_how how = {
        .paused = cmd_has(c, 'p'),
        .console = cmd_has(c, 'c'),
        .monitor = !cmd_has(c, 'e'),
        .daemonize = !cmd_has(c, 'F') && !cmd_has(c, 'e'),
        .vnc = cmd_has(c, 'V') || cmd_has(c, 'A'),
        .vnc_autopass = cmd_has(c, 'A'),
        .no_masks = cmd_has(c, 'i'),
        .restore_fd = -1,
        .send_back_fd = -1,
    };
    uint32_t domid;
    return create_domain(&c->xen, l, &how, &domid, err);
}

int cmd_create_run(struct cmd *c, struct err *err)
{
    bool quiet = cmd_has(c, 'q'), dry = c->g.dryrun || cmd_has(c, 'n');
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    ERR_AUTO no_xen = { 0 };
    const char *file;
    struct load l;
    if (split_words(c, &file, settings, err))
        return -1;
    /* a dry run takes the host's facts where there are any */
    if (cmd_open(c, dry ? &no_xen : err) && !dry)
        return -1;
    if (!quiet)
        fprintf(stderr, "Parsing config from %s\n",
                !file                ? "command line"
                : !strcmp(file, "-") ? "<stdin>"
                                     : file);
    int r = load_file(&c->xen, file, (const char *const *)settings->pdata,
                      quiet, &l, err);
    if (r == 0 && (dry || cmd_has(c, 'd')))
        r = load_show(&l, dry ? stdout : stderr, err);
    if (r == 0 && !dry)
        r = create(c, &l, err);
    load_dispose(&l);
    return r;
}
