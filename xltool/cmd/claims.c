/* xl claims: the table of domains with the memory each has claimed but not yet
 * got (way A). */
#include "cmd/devices_common.h"
#include "op/listing.h"

const struct opt_row cmd_claims_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

int cmd_claims_run(struct cmd *c, struct err *err)
{
    struct listing l = { 0 };
    if (cmd_open(c, err) || listing_read(&c->xen, NULL, &l, err))
        return -1;
    unsigned more =
        cmd_has(c, DEVICES_OPT_JSON) ? VIEW_LIST_CPUPOOL | VIEW_LIST_NODES : 0;
    int r = listing_describe(&c->xen, &l, VIEW_LIST_CLAIMS | more, err);
    if (r == 0 && cmd_has(c, DEVICES_OPT_JSON)) {
        cmd_print_json(view_list_value(l.domains, l.nr));
    } else if (r == 0) {
        g_autoptr(GString) s = g_string_new(NULL);
        view_list_text(s, l.domains, l.nr, VIEW_LIST_CLAIMS);
        fwrite(s->str, 1, s->len, stdout);
    }
    listing_dispose(&l);
    return r;
}
