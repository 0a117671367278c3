/* xenpm: power management of a Xen host. Way C: libxenctrl -> structures ->
 * text or JSON. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pm/pm.h"

static int open_host(struct pm *pm, struct err *err)
{
    xc_physinfo_t info = { 0 };
    int r;

    pm->xch = xc_interface_open(NULL, NULL, 0);
    if (!pm->xch) {
        err_errno(err, ERR_NOXEN, errno, "cannot reach Xen");
        err->exit_code = EIO;
        return err_hint(err, "run this as root in Dom0 of a Xen host");
    }
    if (xc_physinfo(pm->xch, &info)) {
        r = err_errno(err, ERR_FAIL, errno, "cannot read what CPUs there are");
        return r;
    }
    pm->cpus = (int)info.max_cpu_id + 1;
    return 0;
}

/* Takes --json out of the words; returns how many are left. */
static int take_json(struct pm *pm, char **words, int n)
{
    int kept = 0;

    for (int i = 0; i < n; i++)
        if (!strcmp(words[i], "--json"))
            pm->as_json = true;
        else
            words[kept++] = words[i];
    words[kept] = NULL;
    return kept;
}

static void print(struct pm *pm)
{
    g_autoptr(GString) out = NULL;

    if (!pm->as_json) {
        fputs(pm->text->str, stdout);
        return;
    }
    out = g_string_new(NULL);
    if (pm->json)
        value_json_format(out, pm->json, true);
    else
        g_string_append(out, "null");
    puts(out->str);
}

static int run(struct pm *pm, const struct pm_command *c, char **args, int n,
               struct err *err)
{
    int r;

    if (c->run == pm_help_command)
        return pm_help_command(pm, args, n, err);
    if (pm->as_json && !c->shows)
        return pm_usage(err, "--json is for commands that show something");
    if (open_host(pm, err))
        return -1;
    r = c->run(pm, args, n, err);
    if (r == 0 || pm->text->len)
        print(pm);
    if (r == 0 && fflush(stdout))
        return err_errno(err, ERR_IO, errno, "cannot write the output");
    return r;
}

int main(int argc, char **argv)
{
    ERR_AUTO err = { 0 };
    struct pm pm = { .text = g_string_new(NULL) };
    int n = take_json(&pm, argv + 1, argc > 0 ? argc - 1 : 0);
    const struct pm_command *c = &pm_commands[0];

    if (n > 0 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")))
        n = 0;
    if (n > 0)
        c = pm_command_find(argv[1], &err);
    if (c)
        run(&pm, c, argv + 2, n > 0 ? n - 1 : 0, &err);
    if (pm.xch)
        xc_interface_close(pm.xch);
    g_string_free(pm.text, TRUE);
    value_free(pm.json);
    err_print(stderr, "xenpm", &err);
    return err.id ? err_exit_code(&err) : pm.refused ? 1 : 0;
}
