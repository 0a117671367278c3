/* xe vdi-introduce: the record of a disk that is in an SR already. */
#include <string.h>

#include "cli/internal.h"

static struct value *text(const struct cli *c, const char *name)
{
    const char *s = cli_param(c, name);
    return value_string(s ? s : "");
}

/* true or false of name=; -1 after a failure. */
static int flag(struct cli *c, const char *name, bool otherwise)
{
    bool on = otherwise;
    const char *word = cli_param(c, name);
    return word && cli_bool(c, name, word, &on) ? -1 : on;
}

int cmd_vdi_introduce(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *sr = cli_record(c, s, CLASS_SR, "sr-uuid");
    int sharable = sr ? flag(c, "sharable", false) : -1;
    int read_only = sr ? flag(c, "read-only", false) : -1;
    int managed = sr ? flag(c, "managed", true) : -1;
    g_autofree char *ref = NULL;
    if (sharable < 0 || read_only < 0 || managed < 0)
        return -1;
    if (cli_do_long(c, &ref, "VDI.introduce", text(c, "uuid"),
                    text(c, "name-label"), text(c, "name-description"),
                    value_string(record_ref(sr)), text(c, "type"),
                    value_bool(sharable), value_bool(read_only),
                    cli_map(c, "other-config"), text(c, "location"),
                    cli_map(c, "xenstore-data"), cli_map(c, "sm-config"),
                    value_bool(managed), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_VDI, ref);
}
