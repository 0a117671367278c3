/* xl uptime: how long domains have been up (way A). */
#include <stdlib.h>
#include <time.h>

#include "cmd/cmd.h"
#include "view/uptime.h"

const struct opt_row cmd_uptime_opts[] = {
    { 's', "short", NULL, "one sentence per domain" }, CMD_ROW_JSON, { 0 }
};

static long dom0_uptime(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/uptime", &text, NULL, NULL))
        return -1;
    return strtol(text, NULL, 10);
}

static void add(struct cmd *c, GArray *rows, uint32_t domid, time_t now)
{
    struct view_uptime row = { .domid = domid };
    if (domid == 0) {
        row.seconds = dom0_uptime();
    } else {
        uint32_t started = libxl_vm_get_start_time(c->xen.ctx, domid);
        /* -1: it has none (a domain not made by libxl, or gone) */
        row.seconds = started == UINT32_MAX ? -1 : (long)(now - started);
    }
    if (row.seconds < 0)
        return;
    row.name = find_name(&c->xen, domid);
    g_array_append_val(rows, row);
}

static int collect(struct cmd *c, GArray *rows, time_t now, struct err *err)
{
    for (int i = 0; i < c->o.nr_words; i++) {
        uint32_t domid;
        if (find_domain(&c->xen, cmd_word(c, i), &domid, err))
            return -1;
        add(c, rows, domid, now);
    }
    if (c->o.nr_words)
        return 0;
    int nr = 0;
    libxl_vminfo *vms = libxl_list_vm(c->xen.ctx, &nr);
    if (!vms)
        return xen_fail(&c->xen, err, ERROR_FAIL, "cannot list the guests");
    add(c, rows, 0, now);
    for (int i = 0; i < nr; i++)
        if (vms[i].domid != 0)
            add(c, rows, vms[i].domid, now);
    libxl_vminfo_list_free(vms, nr);
    return 0;
}

int cmd_uptime_run(struct cmd *c, struct err *err)
{
    if (cmd_open(c, err))
        return -1;
    g_autoptr(GArray) rows =
        g_array_new(FALSE, TRUE, sizeof(struct view_uptime));
    time_t now = time(NULL);
    int r = collect(c, rows, now, err);
    struct view_uptime *all = (struct view_uptime *)(void *)rows->data;
    if (r == 0 && cmd_has(c, CMD_OPT_JSON)) {
        cmd_print_json(view_uptime_value(all, rows->len));
    } else if (r == 0) {
        GString *s = g_string_new(NULL);
        view_uptime_text(s, all, rows->len, cmd_has(c, 's') ? now : 0);
        cmd_print(s);
    }
    for (guint i = 0; i < rows->len; i++)
        free(all[i].name);
    return r;
}
