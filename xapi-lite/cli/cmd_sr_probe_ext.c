/* xe sr-probe-ext: what is on a device, as records. */
#include <inttypes.h>
#include <string.h>

#include "cli/internal.h"

static void add_map(GArray *row, const char *label, const struct value *map)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < value_count(map); i++)
        g_string_append_printf(text, "%s%s: %s", i ? "; " : "",
                               value_key_at(map, i),
                               value_get_string(value_item_at(map, i)));
    cli_row_add(row, g_strdup(label), g_strdup(text->str));
}

static void show(struct cli *c, const struct value *r)
{
    const struct value *sr = value_find(r, "sr");
    const char *uuid = value_get_string(value_find(sr, "uuid"));
    GArray *row = cli_row_new();
    add_map(row, "configuration", value_find(r, "configuration"));
    if (uuid) {
        cli_row_add(row, g_strdup("uuid"), g_strdup(uuid));
        cli_row_add(row, g_strdup("total-space"),
                    g_strdup_printf("%" PRId64, value_get_int(value_find(
                                                    sr, "total_space"))));
    }
    cli_print_row(c, row);
    g_array_unref(row);
}

int cmd_sr_probe_ext(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "host-uuid");
    const char *host =
        uuid ? cli_ref_of_uuid(c, s, CLASS_host, uuid) : c->x->host_ref;
    if (!host)
        return -1;
    VALUE_AUTO *list = cli_call(
        c, "SR.probe_ext", value_string(host), cli_map(c, "device-config"),
        value_string(cli_param(c, "type")), cli_map(c, "sm-config"), NULL);
    for (size_t i = 0; i < value_count(list); i++)
        show(c, value_at(list, i));
    return list ? 0 : -1;
}
