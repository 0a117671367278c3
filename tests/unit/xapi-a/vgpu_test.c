/* Graphics cards and other PCI devices for guests, with records as a scan of
 * the machine makes them. */
#include "class/vgpu.h"
#include "class/vm_pci.h"
#include "tests/unit/xapi-a/xapi_fixture.h"

struct cards {
    struct fixture fx;
    char *vm, *group, *type;
    char *pgpu[2];
};

static char *add_card(struct xapi *x, struct txn *t, const char *address,
                      const char *group)
{
    g_autofree char *pci = g_strdup(store_create(t, CLASS_PCI, NULL, NULL));
    store_set_str(t, pci, F_PCI_pci_id, address);
    char *pgpu = g_strdup(store_create(t, CLASS_PGPU, NULL, NULL));
    store_set_str(t, pgpu, F_PGPU_PCI, pci);
    store_set_str(t, pgpu, F_PGPU_host, x->host_ref);
    store_set_str(t, pgpu, F_PGPU_GPU_group, group);
    return pgpu;
}

static void cards_open(struct cards *c)
{
    fixture_open(&c->fx);
    struct txn *t = store_begin(c->fx.x->store);
    c->group = g_strdup(store_create(t, CLASS_GPU_group, NULL, NULL));
    c->pgpu[0] = add_card(c->fx.x, t, "0000:04:00.0", c->group);
    c->pgpu[1] = add_card(c->fx.x, t, "0000:05:00.0", c->group);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    t = store_begin(c->fx.x->store);
    vgpu_settle(t);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    SNAPSHOT_AUTO *s = store_read(c->fx.x->store);
    CU_ASSERT_EQUAL_FATAL(snapshot_count(s, CLASS_VGPU_type), 1);
    c->type = g_strdup(record_ref(snapshot_at(s, CLASS_VGPU_type, 0)));
    c->vm =
        fixture_str(&c->fx, "VM.create",
                    "{\"name_label\":\"g\",\"memory_static_max\":268435456,"
                    "\"memory_dynamic_max\":268435456,"
                    "\"memory_dynamic_min\":268435456,"
                    "\"memory_static_min\":134217728,\"VCPUs_max\":1,"
                    "\"VCPUs_at_startup\":1,"
                    "\"HVM_boot_policy\":\"BIOS order\","
                    "\"other_config\":{\"pci\":\"0/0000:09:00.0,0a:1.2\"}}");
}

static void cards_close(struct cards *c)
{
    fixture_close(&c->fx);
    g_free(c->vm);
    g_free(c->group);
    g_free(c->type);
    g_free(c->pgpu[0]);
    g_free(c->pgpu[1]);
}

/* What the VM would get, or the fault. Caller frees. */
static char *wanted(struct cards *c)
{
    FAULT_AUTO f = { 0 };
    SNAPSHOT_AUTO *s = store_read(c->fx.x->store);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    if (vm_pci_wanted(s, snapshot_find(s, CLASS_VM, c->vm), list, &f) < 0)
        return fault_format(&f);
    g_ptr_array_add(list, NULL);
    return g_strjoinv(" ", (char **)list->pdata);
}

static void names_devices(void)
{
    struct cards c;
    cards_open(&c);
    g_autofree char *got = wanted(&c);
    UNIT_EQUAL(got, "0000:09:00.0 0000:0a:01.2");
    CHECK_CALL(&c.fx, "\"\"", "VM.remove_from_other_config", "\"%s\",\"pci\"",
               c.vm);
    CHECK_CALL(&c.fx, "\"\"", "VM.add_to_other_config",
               "\"%s\",\"pci\",\"0/card\"", c.vm);
    g_autofree char *wrong = wanted(&c);
    CU_ASSERT(g_str_has_prefix(wrong, "INVALID_VALUE"));
    cards_close(&c);
}

static void takes_free_cards(void)
{
    struct cards c;
    cards_open(&c);
    CHECK_CALL(&c.fx, "2", "GPU_group.get_remaining_capacity", "\"%s\",\"%s\"",
               c.group, c.type);
    g_autofree char *vgpu =
        fixture_str(&c.fx, "VGPU.create", "\"%s\",\"%s\"", c.vm, c.group);
    g_autofree char *again =
        fixture_call(&c.fx, "VGPU.create", "\"%s\",\"%s\"", c.vm, c.group);
    CU_ASSERT(g_str_has_prefix(again, "DEVICE_ALREADY_EXISTS"));
    g_autofree char *got = wanted(&c);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "0000:0"));
    g_auto(GStrv) words = g_strsplit(got, " ", -1);
    CU_ASSERT_EQUAL(g_strv_length(words), 3);
    CHECK_CALL(&c.fx, "\"\"", "VGPU.destroy", "\"%s\"", vgpu);
    CHECK_CALL(&c.fx, "[]", "VM.get_VGPUs", "\"%s\"", c.vm);
    cards_close(&c);
}

static void holds_them_while_it_runs(void)
{
    struct cards c;
    cards_open(&c);
    g_autofree char *vgpu =
        fixture_str(&c.fx, "VGPU.create", "\"%s\",\"%s\"", c.vm, c.group);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(list, g_strdup("0000:05:00.0"));
    struct txn *t = store_begin(c.fx.x->store);
    vm_pci_attached(t, c.vm, list);
    store_commit(t, NULL);
    CHECK_CALL(&c.fx, "true", "VGPU.get_currently_attached", "\"%s\"", vgpu);
    g_autofree char *on =
        fixture_str(&c.fx, "VGPU.get_resident_on", "\"%s\"", vgpu);
    UNIT_EQUAL(on, c.pgpu[1]);
    CHECK_CALL(&c.fx, "0", "PGPU.get_remaining_capacity", "\"%s\",\"%s\"",
               c.pgpu[1], c.type);
    CHECK_CALL(&c.fx, "1", "GPU_group.get_remaining_capacity", "\"%s\",\"%s\"",
               c.group, c.type);
    g_autofree char *no = fixture_call(&c.fx, "VGPU.destroy", "\"%s\"", vgpu);
    CU_ASSERT(g_str_has_prefix(no, "OPERATION_NOT_ALLOWED"));
    t = store_begin(c.fx.x->store);
    vm_pci_released(t, c.vm);
    store_commit(t, NULL);
    CHECK_CALL(&c.fx, "false", "VGPU.get_currently_attached", "\"%s\"", vgpu);
    CHECK_CALL(&c.fx, "[]", "VM.get_attached_PCIs", "\"%s\"", c.vm);
    cards_close(&c);
}

static void offers_its_type(void)
{
    struct cards c;
    cards_open(&c);
    for (int i = 0; i < 2; i++)
        CHECK_CALL(&c.fx, "\"\"", "PGPU.remove_enabled_VGPU_types",
                   "\"%s\",\"%s\"", c.pgpu[i], c.type);
    CHECK_CALL(&c.fx, "[]", "GPU_group.get_enabled_VGPU_types", "\"%s\"",
               c.group);
    g_autofree char *no =
        fixture_call(&c.fx, "VGPU.create", "\"%s\",\"%s\"", c.vm, c.group);
    CU_ASSERT(g_str_has_prefix(no, "VGPU_TYPE_NOT_ENABLED"));
    CHECK_CALL(&c.fx, "\"\"", "PGPU.set_enabled_VGPU_types", "\"%s\",[\"%s\"]",
               c.pgpu[0], c.type);
    CHECK_CALL(&c.fx, "1", "GPU_group.get_remaining_capacity", "\"%s\",\"%s\"",
               c.group, c.type);
    cards_close(&c);
}

const struct unit_test unit_tests[] = {
    { "other_config:pci names devices, with or without a domain",
      names_devices },
    { "a VGPU takes a free card of its group", takes_free_cards },
    { "which it has while the guest runs", holds_them_while_it_runs },
    { "a card that offers nothing is given to nobody", offers_its_type },
    { 0 },
};
