/* xe: appliances, graphics card groups, blobs. */
#include <string.h>

#include "cli/internal.h"

/* Reference of the object that uuid= names, or NULL. */
static const char *by_uuid(struct cli *c, const struct snapshot *s,
                           enum class_id class)
{
    return cli_ref_of_uuid(c, s, class, cli_param(c, "uuid"));
}

static const char *text(struct cli *c, const char *name)
{
    const char *t = cli_param(c, name);
    return t ? t : "";
}

static int destroy(struct cli *c, enum class_id class, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *ref = by_uuid(c, s, class);
    return ref ? cli_do(c, method, value_string(ref), NULL) : -1;
}

/* ---- appliances
 * ----------------------------------------------------------------- */

int cmd_appliance_create(struct cli *c)
{
    struct value *rec = value_object();
    value_set(rec, "name_label", value_string(cli_param(c, "name-label")));
    value_set(rec, "name_description",
              value_string(text(c, "name-description")));
    VALUE_AUTO *ref = cli_call(c, "VM_appliance.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_VM_appliance, value_get_string(ref))
               : -1;
}

int cmd_appliance_destroy(struct cli *c)
{
    return destroy(c, CLASS_VM_appliance, "VM_appliance.destroy");
}

int cmd_appliance_start(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *ref = by_uuid(c, s, CLASS_VM_appliance);
    return ref ? cli_do_long(c, NULL, "VM_appliance.start", value_string(ref),
                             value_bool(cli_flag(c, "paused")), NULL)
               : -1;
}

int cmd_appliance_shutdown(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *ref = by_uuid(c, s, CLASS_VM_appliance);
    const char *method = cli_flag(c, "force") ? "VM_appliance.hard_shutdown"
                                              : "VM_appliance.clean_shutdown";
    return ref ? cli_do_long(c, NULL, method, value_string(ref), NULL) : -1;
}

/* ---- graphics cards
 * ------------------------------------------------------------- */

int cmd_gpu_group_create(struct cli *c)
{
    VALUE_AUTO *ref = cli_call(
        c, "GPU_group.create", value_string(cli_param(c, "name-label")),
        value_string(text(c, "name-description")), value_object(), NULL);
    return ref ? cli_print_uuid(c, CLASS_GPU_group, value_get_string(ref)) : -1;
}

int cmd_gpu_group_destroy(struct cli *c)
{
    return destroy(c, CLASS_GPU_group, "GPU_group.destroy");
}

/* ---- blobs
 * ---------------------------------------------------------------------- */

static const struct owner {
    const char *param, *method;
    enum class_id class;
} owners[] = {
    { "vm-uuid", "VM.create_new_blob", CLASS_VM },
    { "host-uuid", "host.create_new_blob", CLASS_host },
    { "sr-uuid", "SR.create_new_blob", CLASS_SR },
    { "network-uuid", "network.create_new_blob", CLASS_network },
    { "pool-uuid", "pool.create_new_blob", CLASS_pool },
};

int cmd_blob_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct owner *o = owners;
    while (o < owners + G_N_ELEMENTS(owners) && !cli_param(c, o->param))
        o++;
    if (o == owners + G_N_ELEMENTS(owners))
        return cli_fail(c, "Whose blob? Give vm-uuid, host-uuid, sr-uuid, "
                           "network-uuid or pool-uuid");
    const char *ref = cli_ref_of_uuid(c, s, o->class, cli_param(c, o->param));
    VALUE_AUTO *blob = ref ? cli_call(c, o->method, value_string(ref),
                                      value_string(cli_param(c, "name")),
                                      value_string(text(c, "mime-type")),
                                      value_bool(cli_flag(c, "public")), NULL)
                           : NULL;
    return blob ? cli_print_uuid(c, CLASS_blob, value_get_string(blob)) : -1;
}

static int transfer(struct cli *c, enum thin_tag how)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *ref = by_uuid(c, s, CLASS_blob);
    if (!ref)
        return -1;
    g_autofree char *url =
        g_strdup_printf("/blob?ref=%s&session_id=%s", ref, c->session);
    return cli_http(c, how, cli_param(c, "filename"), url);
}

int cmd_blob_get(struct cli *c)
{
    return transfer(c, THIN_HTTP_GET);
}

int cmd_blob_put(struct cli *c)
{
    return transfer(c, THIN_HTTP_PUT);
}
