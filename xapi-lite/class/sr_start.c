/* Storage when the daemon starts: SM records of the drivers, PBDs plugged
 * again, disks removed that were being made when it ended (way B). */
#include <string.h>

#include "class/storage.h"
#include "class/vdi.h"

static const struct record *find_sm(struct txn *t, const char *type)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_SM); i++)
        if (!strcmp(record_str(snapshot_at(s, CLASS_SM, i), F_SM_type), type))
            return snapshot_at(s, CLASS_SM, i);
    return NULL;
}

static void set_sm(struct xapi *x, struct txn *t, const struct sr_driver *d)
{
    const struct record *old = find_sm(t, d->type);
    g_autofree char *sm =
        g_strdup(old ? record_ref(old) : store_create(t, CLASS_SM, NULL, NULL));
    VALUE_AUTO *features = value_object();
    store_set_str(t, sm, F_SM_type, d->type);
    store_set_str(t, sm, F_SM_name_label, d->name);
    store_set_str(t, sm, F_SM_name_description, d->description);
    store_set_str(t, sm, F_SM_vendor, "xapi-lite");
    store_set_str(t, sm, F_SM_version, "1.0");
    store_set_str(t, sm, F_SM_required_api_version, "1.0");
    for (int i = 0; d->config_keys && d->config_keys[i]; i++) {
        bool needed = *d->config_keys[i] == '*';
        store_map_put(t, sm, F_SM_configuration, d->config_keys[i] + needed,
                      needed ? "required" : "optional");
    }
    for (int i = 0; d->capabilities && d->capabilities[i]; i++) {
        store_set_add(t, sm, F_SM_capabilities, d->capabilities[i]);
        value_set(features, d->capabilities[i], value_int(1));
    }
    store_set(t, sm, model_field(x->model, F_SM_features), features);
}

static int set_sms(struct xapi *x, struct err *err)
{
    struct txn *t = store_begin(x->store);
    for (int i = 0; sr_driver_all()[i]; i++)
        set_sm(x, t, sr_driver_all()[i]);
    return store_commit(t, err);
}

static void replug(struct xapi *x, const char *pbd)
{
    FAULT_AUTO f = { 0 };
    struct txn *t = store_begin(x->store);
    store_set_bool(t, pbd, F_PBD_currently_attached, false);
    store_commit(t, NULL);
    if (pbd_plug(x, pbd, true, &f) == 0)
        return;
    g_autofree char *why = fault_format(&f);
    g_warning("an SR cannot be plugged: %s", why);
}

/* A disk that was being made when the service ended. */
static void settle(struct xapi *x, const struct snapshot *s, const char *sr)
{
    SR_PARTS_AUTO p = { 0 };
    if (sr_parts_build(s, sr, false, &p, NULL) == 0 && sr_intent_is_left(x, &p))
        sr_scan(x, sr, NULL);
}

static void remove_unfinished(struct xapi *x)
{
    SNAPSHOT_AUTO *s = store_read(x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_VDI); i++) {
        const struct record *vdi = snapshot_at(s, CLASS_VDI, i);
        if (record_map_get(vdi, F_VDI_sm_config, VDI_UNFINISHED))
            vdi_remove(x, record_ref(vdi), NULL);
    }
}

int sr_start(struct xapi *x, struct err *err)
{
    if (set_sms(x, err) < 0)
        return -1;
    SNAPSHOT_AUTO *s = store_read(x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PBD); i++) {
        const struct record *pbd = snapshot_at(s, CLASS_PBD, i);
        if (record_bool(pbd, F_PBD_currently_attached))
            replug(x, record_ref(pbd));
        settle(x, s, record_str(pbd, F_PBD_SR));
    }
    remove_unfinished(x);
    return 0;
}
