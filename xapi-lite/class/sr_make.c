/* XenAPI SR: create, destroy, probe (way B). */
#include <string.h>

#include "class/storage.h"

/* Keys marked * in the driver's table must be given. */
static int check_keys(const struct sr_driver *d, const struct value *config,
                      struct fault *f)
{
    for (int i = 0; d->config_keys && d->config_keys[i]; i++) {
        const char *key = d->config_keys[i];
        const char *given =
            *key == '*' ? value_get_string(value_find(config, key + 1)) : "-";
        if (given && *given)
            continue;
        g_autofree char *why =
            g_strdup_printf("device-config:%s= is needed for an SR of type %s",
                            key + 1, d->type);
        return fault_set(f, "SR_BACKEND_FAILURE_90", "", why, "", NULL);
    }
    return 0;
}

static int make_records(struct ctx *c, char **sr_out, char **pbd_out)
{
    const struct model *m = c->x->model;
    bool iso = !*arg_str(c, 6) && !strcmp(arg_str(c, 5), "iso");
    struct txn *t = store_begin(c->x->store);
    char *sr = g_strdup(store_create(t, CLASS_SR, NULL, NULL));
    char *pbd = g_strdup(store_create(t, CLASS_PBD, NULL, NULL));
    store_set_int(t, sr, F_SR_physical_size, arg_int(c, 2));
    store_set_str(t, sr, F_SR_name_label, arg_str(c, 3));
    store_set_str(t, sr, F_SR_name_description, arg_str(c, 4));
    store_set_str(t, sr, F_SR_type, arg_str(c, 5));
    store_set_str(t, sr, F_SR_content_type, iso ? "iso" : arg_str(c, 6));
    store_set_bool(t, sr, F_SR_shared, arg_bool(c, 7));
    store_set(t, sr, model_field(m, F_SR_sm_config), arg(c, 8));
    store_set_str(t, pbd, F_PBD_host, c->x->host_ref);
    store_set_str(t, pbd, F_PBD_SR, sr);
    store_set(t, pbd, model_field(m, F_PBD_device_config), arg(c, 1));
    *sr_out = sr;
    *pbd_out = pbd;
    return ctx_commit(c, t);
}

static void drop_records(struct ctx *c, const char *sr, const char *pbd)
{
    struct txn *t = store_begin(c->x->store);
    if (txn_find(t, CLASS_PBD, pbd))
        store_delete(t, CLASS_PBD, pbd);
    if (txn_find(t, CLASS_SR, sr))
        store_delete(t, CLASS_SR, sr);
    store_commit(t, NULL);
}

static int make(struct ctx *c, const char *sr, const char *pbd)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (sr_parts_build(s, sr, false, &p, c->fault) < 0)
        return -1;
    if (p.driver->create && p.driver->create(&p.spec, &err) < 0)
        return sr_failed(&p, &err, c->fault);
    if (pbd_plug(c->x, pbd, true, c->fault) == 0)
        return 0;
    if (p.driver->destroy)
        p.driver->destroy(&p.spec, NULL);
    return -1;
}

int handle_SR_create(struct ctx *c, struct value **result_out)
{
    g_autofree char *sr = NULL, *pbd = NULL;
    const struct sr_driver *d = sr_driver_find(arg_str(c, 5));
    if (!d)
        return ctx_fault(c, "SR_UNKNOWN_DRIVER", arg_str(c, 5));
    if (check_keys(d, arg(c, 1), c->fault) < 0 ||
        make_records(c, &sr, &pbd) < 0)
        return -1;
    if (make(c, sr, pbd) < 0) {
        drop_records(c, sr, pbd);
        return -1;
    }
    sr_scan(c->x, sr, NULL);
    *result_out = value_string(sr);
    return 0;
}

static int check_destroy(struct ctx *c, const struct snapshot *s)
{
    const struct record *sr = ctx_find(c, s, CLASS_SR, arg_str(c, 0));
    if (!sr)
        return -1;
    for (size_t i = 0; i < record_count(sr, F_SR_PBDs); i++) {
        const struct record *pbd =
            snapshot_find(s, CLASS_PBD, record_item(sr, F_SR_PBDs, i));
        if (pbd && record_bool(pbd, F_PBD_currently_attached))
            return ctx_fault(c, "SR_HAS_PBD", arg_str(c, 0));
    }
    const char *indestructible =
        record_map_get(sr, F_SR_other_config, "indestructible");
    if (indestructible && !strcmp(indestructible, "true"))
        return ctx_fault(c, "SR_INDESTRUCTIBLE", arg_str(c, 0));
    return 0;
}

int handle_SR_destroy(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    SR_PARTS_AUTO p = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    if (check_destroy(c, s) < 0 ||
        sr_parts_build(s, arg_str(c, 0), false, &p, c->fault) < 0)
        return -1;
    /* of an ISO library only the records go, its files stay */
    const struct record *sr = snapshot_find(s, CLASS_SR, arg_str(c, 0));
    if (strcmp(record_str(sr, F_SR_content_type), "iso") &&
        record_count(sr, F_SR_VDIs))
        return ctx_fault(c, "SR_NOT_EMPTY");
    if (p.driver->destroy && p.driver->destroy(&p.spec, &err) < 0)
        return sr_failed(&p, &err, c->fault);
    return handle_SR_forget(c, result_out);
}

int handle_SR_probe(struct ctx *c, struct value **result_out)
{
    ERR_AUTO err = { 0 };
    g_autofree char *xml = NULL;
    struct sr_parts none = { 0 };
    const struct sr_driver *d = sr_driver_find(arg_str(c, 2));
    if (!d)
        return ctx_fault(c, "SR_UNKNOWN_DRIVER", arg_str(c, 2));
    if (!d->probe)
        return sr_cannot(REF_NULL, c->fault);
    if (d->probe(arg(c, 1), &xml, &err) < 0)
        return sr_failed(&none, &err, c->fault);
    *result_out = value_string(xml);
    return 0;
}
