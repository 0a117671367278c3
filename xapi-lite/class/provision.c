/* VM.provision: the disks that a template's other_config:disks asks for
 * (way B). */
#include <string.h>

#include "class/vdi.h"
#include "class/vm.h"

/* <disk device="0" size="BYTES" sr="UUID" bootable="true" type="system"/> */
struct wish {
    char *device, *sr, *type, *vdi;
    int64_t size;
    bool bootable;
};

static void clear_wish(void *p)
{
    struct wish *w = p;
    g_free(w->device);
    g_free(w->sr);
    g_free(w->type);
    g_free(w->vdi);
}

static const char *attribute(const char **names, const char **values,
                             const char *name)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], name))
            return values[i];
    return "";
}

static void element(GMarkupParseContext *ctx, const char *name,
                    const char **names, const char **values, void *user,
                    GError **e)
{
    (void)ctx, (void)e;
    if (strcmp(name, "disk"))
        return;
    const char *type = attribute(names, values, "type");
    struct wish w = {
        .device = g_strdup(attribute(names, values, "device")),
        .sr = g_strdup(attribute(names, values, "sr")),
        .type = g_strdup(*type ? type : "system"),
        .size = g_ascii_strtoll(attribute(names, values, "size"), NULL, 10),
        .bootable = !strcmp(attribute(names, values, "bootable"), "true"),
    };
    g_array_append_val((GArray *)user, w);
}

static int parse(struct ctx *c, const char *xml, GArray *wishes)
{
    static const GMarkupParser parser = { .start_element = element };
    g_autoptr(GError) e = NULL;
    GMarkupParseContext *ctx =
        g_markup_parse_context_new(&parser, 0, wishes, NULL);
    bool ok = g_markup_parse_context_parse(ctx, xml, -1, &e) &&
              g_markup_parse_context_end_parse(ctx, &e);
    g_markup_parse_context_free(ctx);
    return ok ? 0
              : ctx_fault(c, "INVALID_VALUE", "other_config:disks", e->message);
}

static char *sr_of(struct ctx *c, const struct wish *w)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *sr = snapshot_find_uuid(s, CLASS_SR, w->sr);
    const struct record *pool = snapshot_at(s, CLASS_pool, 0);
    const char *dflt = record_str(pool, F_pool_default_SR);
    if (sr)
        return g_strdup(record_ref(sr));
    if (!*w->sr && snapshot_find(s, CLASS_SR, dflt))
        return g_strdup(dflt);
    ctx_fault(c, *w->sr ? "UUID_INVALID" : "DEFAULT_SR_NOT_FOUND",
              *w->sr ? "SR" : dflt, *w->sr ? w->sr : NULL);
    return NULL;
}

static int make_disks(struct ctx *c, GArray *wishes)
{
    for (guint i = 0; i < wishes->len; i++) {
        struct wish *w = &g_array_index(wishes, struct wish, i);
        g_autofree char *sr = sr_of(c, w);
        if (sr)
            w->vdi =
                vdi_create(c, sr, w->device, "Created by template provisioner",
                           w->size, w->type, NULL);
        if (!w->vdi)
            return -1;
    }
    return 0;
}

static void add_vbd(struct txn *t, const char *vm, const struct wish *w)
{
    const char *vbd = store_create(t, CLASS_VBD, NULL, NULL);
    store_set_str(t, vbd, F_VBD_VM, vm);
    store_set_str(t, vbd, F_VBD_VDI, w->vdi);
    store_set_str(t, vbd, F_VBD_userdevice, w->device);
    store_set_str(t, vbd, F_VBD_mode, "RW");
    store_set_str(t, vbd, F_VBD_type, "Disk");
    store_set_bool(t, vbd, F_VBD_bootable, w->bootable);
    store_map_put(t, vbd, F_VBD_other_config, "owner", "");
}

static int finish(struct ctx *c, const char *vm, const GArray *wishes)
{
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_VM, vm)) {
        store_rollback(t);
        return -1;
    }
    for (guint i = 0; i < wishes->len; i++)
        add_vbd(t, vm, &g_array_index(wishes, struct wish, i));
    store_map_remove(t, vm, F_VM_other_config, "disks");
    store_map_remove(t, vm, F_VM_other_config, "postinstall");
    store_set_bool(t, vm, F_VM_is_a_template, false);
    return ctx_commit(c, t);
}

static int provision(struct ctx *c, const char *vm)
{
    g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(struct wish));
    g_array_set_clear_func(wishes, clear_wish);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, CLASS_VM, vm);
    const char *xml = r ? record_map_get(r, F_VM_other_config, "disks") : NULL;
    if (xml && *xml && parse(c, xml, wishes) < 0)
        return -1;
    if (make_disks(c, wishes) == 0 && finish(c, vm, wishes) == 0)
        return 0;
    for (guint i = 0; i < wishes->len; i++)
        if (g_array_index(wishes, struct wish, i).vdi)
            vdi_remove(c->x, g_array_index(wishes, struct wish, i).vdi, NULL);
    return -1;
}

int handle_VM_provision(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    if (vm_begin(c, arg_str(c, 0), OP_provision) < 0)
        return -1;
    int r = provision(c, arg_str(c, 0));
    vm_end(c, arg_str(c, 0));
    return r;
}
