/* xl console: become the console client of a domain (way A). */
#include <string.h>

#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_console_opts[] = {
    { 'n', NULL, "NUMBER", "which console (default 0)" },
    { 't', NULL, "TYPE", "pv, serial or vuart (default: the guest's own)" },
    { 'e', NULL, "KEY", "the key that leaves it, e.g. ^a (from Xen 4.18 on)" },
    { 0 }
};

static int console_type(const char *text, libxl_console_type *out,
                        struct err *err)
{
    if (!strcmp(text, "pv"))
        *out = LIBXL_CONSOLE_TYPE_PV;
    else if (!strcmp(text, "serial"))
        *out = LIBXL_CONSOLE_TYPE_SERIAL;
    else if (!strcmp(text, "vuart"))
        *out = LIBXL_CONSOLE_TYPE_VUART;
    else
        return err_set(err, ERR_CONFIG,
                       "console type \"%s\" is none of pv, serial and vuart",
                       text);
    return 0;
}

/* Under libxl's API of 4.14 its functions have no argument for the key. */
#ifdef LIBXL_HAVE_CONSOLE_ESCAPE_CHARACTER
#undef libxl_console_exec
#undef libxl_primary_console_exec
static int become(struct cmd *c, uint32_t domid, int number,
                  libxl_console_type type)
{
    char *key = (char *)cmd_value(c, 'e');
    return type ? libxl_console_exec(c->xen.ctx, domid, number, type, -1, key)
                : libxl_primary_console_exec(c->xen.ctx, domid, -1, key);
}
static int check_key(struct cmd *c, struct err *err)
{
    (void)c, (void)err;
    return 0;
}
#else
static int become(struct cmd *c, uint32_t domid, int number,
                  libxl_console_type type)
{
    return type ? libxl_console_exec(c->xen.ctx, domid, number, type, -1)
                : libxl_primary_console_exec(c->xen.ctx, domid, -1);
}
static int check_key(struct cmd *c, struct err *err)
{
    if (!cmd_has(c, 'e'))
        return 0;
    err_set(err, ERR_UNSUPPORTED,
            "xl console -e works from Xen 4.18 on; this xl is built for Xen %s",
            XEN_VERSION);
    return err_hint(err, "Without it, Ctrl-] leaves the console.");
}
#endif

/* Both calls end in execve: they come back only when that failed. */
int cmd_console_run(struct cmd *c, struct err *err)
{
    const char *who = cmd_word(c, 0), *type_text = cmd_value(c, 't');
    libxl_console_type type = LIBXL_CONSOLE_TYPE_UNKNOWN;
    uint64_t number = 0;
    uint32_t domid;
    if (check_key(c, err))
        return -1;
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
    int rc = become(c, domid, (int)number, type);
    return xen_fail(&c->xen, err, rc, "cannot show the console of \"%s\"", who);
}
