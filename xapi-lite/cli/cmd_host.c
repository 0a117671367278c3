/* xe: hosts. */
#include <inttypes.h>

#include "cli/internal.h"

static int simple(struct cli *c, const char *ref, void *method)
{
    return cli_do_long(c, NULL, method, value_string(ref), NULL);
}

static int number(struct cli *c, const char *ref, void *method)
{
    VALUE_AUTO *v = cli_call(c, method, value_string(ref), NULL);
    if (v)
        cli_printf(c, "%" PRId64, value_get_int(v));
    return v ? 0 : -1;
}

static int text(struct cli *c, const char *ref, void *method)
{
    VALUE_AUTO *v = cli_call(c, method, value_string(ref), NULL);
    if (v)
        cli_print(c, value_get_string(v));
    return v ? 0 : -1;
}

int cmd_host_enable(struct cli *c)
{
    return cli_each_host(c, "", simple, (void *)"host.enable");
}

static int disable(struct cli *c, const char *ref, void *user)
{
    bool again = true;
    const char *word = cli_param(c, "auto-enable");
    (void)user;
    if (!word)
        return cli_do(c, "host.disable", value_string(ref), NULL);
    if (cli_bool(c, "auto-enable", word, &again))
        return -1;
    return cli_do(c, "host.disable", value_string(ref), value_bool(again),
                  NULL);
}

int cmd_host_disable(struct cli *c)
{
    return cli_each_host(c, "auto-enable", disable, NULL);
}

int cmd_host_evacuate(struct cli *c)
{
    return cli_each_host(c, "network-uuid batch-size", simple,
                         (void *)"host.evacuate");
}

int cmd_host_reboot(struct cli *c)
{
    return cli_each_host(c, "", simple, (void *)"host.reboot");
}

int cmd_host_shutdown(struct cli *c)
{
    return cli_each_host(c, "", simple, (void *)"host.shutdown");
}

int cmd_host_dmesg(struct cli *c)
{
    return cli_each_host(c, "", text, (void *)"host.dmesg");
}

int cmd_host_compute_free_memory(struct cli *c)
{
    return cli_each_host(c, "", number, (void *)"host.compute_free_memory");
}

int cmd_host_compute_memory_overhead(struct cli *c)
{
    return cli_each_host(c, "", number, (void *)"host.compute_memory_overhead");
}

int cmd_host_send_debug_keys(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "host-uuid");
    return host ? cli_do(c, "host.send_debug_keys",
                         value_string(record_ref(host)),
                         value_string(cli_param(c, "keys")), NULL)
                : -1;
}

int cmd_host_set_hostname_live(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *host = cli_record(c, s, CLASS_host, "host-uuid");
    return host ? cli_do(c, "host.set_hostname_live",
                         value_string(record_ref(host)),
                         value_string(cli_param(c, "host-name")), NULL)
                : -1;
}

/* host.cpu_info as a table of its keys. */
int cmd_host_cpu_info(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "uuid");
    const struct record *host =
        uuid ? cli_record(c, s, CLASS_host, "uuid")
             : snapshot_find(s, CLASS_host, c->x->host_ref);
    if (!host)
        return -1;
    GArray *row = cli_row_new();
    for (size_t i = 0; i < record_count(host, F_host_cpu_info); i++)
        cli_row_add(row,
                    g_strdup_printf("%s (MRO)",
                                    record_map_key(host, F_host_cpu_info, i)),
                    g_strdup(record_map_item(host, F_host_cpu_info, i)));
    cli_print_row(c, row);
    g_array_unref(row);
    return 0;
}
