/* xl console: become the console client of a domain (way A). */
#include <string.h>

#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_console_opts[] = {
    { 'n', NULL, "NUMBER", "which console (default 0)" },
    { 't', NULL, "TYPE", "pv or serial (default: the guest's own)" },
    { 0 }
};

static int console_type(const char *text, libxl_console_type *out,
                        struct err *err)
{
    if (!strcmp(text, "pv"))
        *out = LIBXL_CONSOLE_TYPE_PV;
    else if (!strcmp(text, "serial"))
        *out = LIBXL_CONSOLE_TYPE_SERIAL;
    else
        return err_set(err, ERR_USAGE,
                       "console type \"%s\" is neither \"pv\" nor \"serial\"",
                       text);
    return 0;
}

/* Both calls end in execve: they come back only when that failed. */
int cmd_console_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 0), *type_text = cmd_value(c, 't');
    libxl_console_type type = LIBXL_CONSOLE_TYPE_UNKNOWN;
    uint64_t number = 0;
    uint32_t domid;
    if (type_text && console_type(type_text, &type, err))
        return -1;
    if (cmd_has(c, 'n') &&
        !num_parse_uint(cmd_value(c, 'n'), INT16_MAX, &number))
        return err_set(err, ERR_USAGE, "\"%s\" is no console number",
                       cmd_value(c, 'n'));
    if (cmd_domain(c, who, &domid, err))
        return -1;
    if (domid == 0)
        return err_set(err, ERR_FAIL,
                       "domain 0 is this host itself and has "
                       "no console that xl could show");
    int rc = type ? libxl_console_exec(c->xen.ctx, domid, (int)number, type, -1)
                  : libxl_primary_console_exec(c->xen.ctx, domid, -1);
    return xen_fail(&c->xen, err, rc, "cannot show the console of \"%s\"", who);
}
