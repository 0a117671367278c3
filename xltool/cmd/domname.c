/* xl domname: the name of a domain's number (way A). */
#include <stdlib.h>

#include "base/num.h"
#include "cmd/cmd.h"

const struct opt_row cmd_domname_opts[] = { { 0 } };

int cmd_domname_run(struct cmd *c, struct err *err)
{
    uint64_t domid;
    if (!num_parse_uint(cmd_word(c, 0), UINT32_MAX, &domid))
        return err_set(err, ERR_FAIL, "\"%s\" is no domain number",
                       cmd_word(c, 0));
    if (cmd_open(c, err))
        return -1;
    char *name = find_name(&c->xen, (uint32_t)domid);
    xen_log_clear(c->xen.log);
    if (!name)
        return err_set(err, ERR_NOENT, "there is no domain number %s",
                       cmd_word(c, 0));
    printf("%s\n", name);
    free(name);
    return 0;
}
