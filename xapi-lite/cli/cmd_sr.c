/* xe: storage repositories and their plugs (sr-*, pbd-*). */
#include <string.h>

#include "cli/internal.h"

/* The given host, or the only one. */
static const char *host_of(struct cli *c, const struct snapshot *s)
{
    const char *uuid = cli_param(c, "host-uuid");
    return uuid ? cli_ref_of_uuid(c, s, CLASS_host, uuid) : c->x->host_ref;
}

/* device-config:KEY=TEXT; of device-config:KEY-filename=FILE the client's file
 * is the text. NULL: failed. */
static struct value *device_config(struct cli *c)
{
    VALUE_AUTO *given = cli_map(c, "device-config");
    struct value *out = value_object();
    for (size_t i = 0; i < value_count(given); i++) {
        const char *key = value_key_at(given, i);
        const char *text = value_get_string(value_item_at(given, i));
        if (!g_str_has_suffix(key, "-filename")) {
            value_set(out, key, value_string(text));
            continue;
        }
        size_t len;
        g_autofree char *data = cli_load(c, text, &len);
        g_autofree char *name =
            g_strndup(key, strlen(key) - strlen("-filename"));
        if (!data) {
            value_free(out);
            return NULL;
        }
        value_set(out, name, value_string(data));
    }
    return out;
}

static const char *text_of(const struct cli *c, const char *name,
                           const char *otherwise)
{
    const char *s = cli_param(c, name);
    return s ? s : otherwise;
}

int cmd_sr_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *host = host_of(c, s);
    const char *size = cli_param(c, "physical-size");
    const char *word = cli_param(c, "shared");
    bool shared = false;
    int64_t bytes = 0;
    g_autofree char *ref = NULL;
    if (!host || (size && cli_size(c, "physical-size", size, &bytes)) ||
        (word && cli_bool(c, "shared", word, &shared)))
        return -1;
    struct value *config = device_config(c);
    if (!config ||
        cli_do_long(c, &ref, "SR.create", value_string(host), config,
                    value_int(bytes), value_string(cli_param(c, "name-label")),
                    value_string(text_of(c, "name-description", "")),
                    value_string(cli_param(c, "type")),
                    value_string(text_of(c, "content-type", "")),
                    value_bool(shared), cli_map(c, "sm-config"), NULL))
        return -1;
    return cli_print_uuid(c, CLASS_SR, ref);
}

int cmd_sr_introduce(struct cli *c)
{
    const char *word = cli_param(c, "shared");
    bool shared = false;
    if (word && cli_bool(c, "shared", word, &shared))
        return -1;
    VALUE_AUTO *ref =
        cli_call(c, "SR.introduce", value_string(cli_param(c, "uuid")),
                 value_string(cli_param(c, "name-label")),
                 value_string(text_of(c, "name-description", "")),
                 value_string(cli_param(c, "type")),
                 value_string(text_of(c, "content-type", "")),
                 value_bool(shared), cli_map(c, "sm-config"), NULL);
    return ref ? cli_print_uuid(c, CLASS_SR, value_get_string(ref)) : -1;
}

int cmd_sr_probe(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *host = host_of(c, s);
    struct value *config = host ? device_config(c) : NULL;
    VALUE_AUTO *xml = config
                          ? cli_call(c, "SR.probe", value_string(host), config,
                                     value_string(cli_param(c, "type")),
                                     cli_map(c, "sm-config"), NULL)
                          : NULL;
    if (!xml)
        return -1;
    cli_print(c, value_get_string(xml));
    return 0;
}

/* A command whose whole work is one message on the object of uuid=. */
static int on_uuid(struct cli *c, enum class_id class, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, class, "uuid");
    return r ? cli_do_long(c, NULL, method, value_string(record_ref(r)), NULL)
             : -1;
}

int cmd_sr_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_SR, "SR.destroy");
}

int cmd_sr_forget(struct cli *c)
{
    return on_uuid(c, CLASS_SR, "SR.forget");
}

int cmd_sr_scan(struct cli *c)
{
    return on_uuid(c, CLASS_SR, "SR.scan");
}

int cmd_sr_update(struct cli *c)
{
    return on_uuid(c, CLASS_SR, "SR.update");
}

int cmd_pbd_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *host = host_of(c, s);
    const struct record *sr =
        host ? cli_record(c, s, CLASS_SR, "sr-uuid") : NULL;
    struct value *config = sr ? device_config(c) : NULL;
    if (!config)
        return -1;
    struct value *rec = value_object();
    value_set(rec, "host", value_string(host));
    value_set(rec, "SR", value_string(record_ref(sr)));
    value_set(rec, "device_config", config);
    value_set(rec, "other_config", value_object());
    VALUE_AUTO *ref = cli_call(c, "PBD.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_PBD, value_get_string(ref)) : -1;
}

int cmd_pbd_destroy(struct cli *c)
{
    return on_uuid(c, CLASS_PBD, "PBD.destroy");
}

int cmd_pbd_plug(struct cli *c)
{
    return on_uuid(c, CLASS_PBD, "PBD.plug");
}

int cmd_pbd_unplug(struct cli *c)
{
    return on_uuid(c, CLASS_PBD, "PBD.unplug");
}
