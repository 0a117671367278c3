/* XenAPI VM, VBD, VIF and friends, as far as they need no hypervisor. */
#include "tests/unit/xapi-a/xapi_fixture.h"

#define RECORD                                                                 \
    "{\"name_label\":\"web\",\"memory_static_min\":\"67108864\","              \
    "\"memory_dynamic_min\":134217728,\"memory_dynamic_max\":134217728,"       \
    "\"memory_static_max\":268435456,\"VCPUs_max\":\"2\","                     \
    "\"VCPUs_at_startup\":1,\"actions_after_shutdown\":\"destroy\","           \
    "\"actions_after_reboot\":\"restart\",\"actions_after_crash\":\"restart\""

static char *make(struct fixture *fx)
{
    return fixture_str(fx, "VM.create", RECORD ",\"HVM_boot_policy\":\"\"}");
}

static void creates(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    CHECK_CALL(&fx, "\"Halted\"", "VM.get_power_state", "\"%s\"", vm);
    CHECK_CALL(&fx, "\"pv\"", "VM.get_domain_type", "\"%s\"", vm);
    CHECK_CALL(&fx, "-1", "VM.get_domid", "\"%s\"", vm);
    g_autofree char *ops =
        fixture_call(&fx, "VM.get_allowed_operations", "\"%s\"", vm);
    CU_ASSERT_PTR_NOT_NULL(strstr(ops, "\"start\""));
    CU_ASSERT_PTR_NULL(strstr(ops, "\"resume\""));
    g_autofree char *named =
        fixture_call(&fx, "VM.get_by_name_label", "\"web\"");
    CU_ASSERT_PTR_NOT_NULL(strstr(named, vm));
    CHECK_CALL(&fx, "\"\"", "VM.destroy", "\"%s\"", vm);
    CHECK_CALL(&fx, "[]", "VM.get_by_name_label", "\"web\"");
    fixture_close(&fx);
}

static void refuses_wrong_records(void)
{
    static const struct {
        const char *more, *want;
    } rows[] = {
        { ",\"memory_dynamic_max\":1}", "MEMORY_CONSTRAINT_VIOLATION" },
        { ",\"VCPUs_at_startup\":3}",
          "INVALID_VALUE: [ VCPUs_at_startup; 3 ]" },
        { ",\"actions_after_crash\":\"explode\"}",
          "INVALID_VALUE: [ actions_after_crash; explode ]" },
        { ",\"VCPUs_max\":\"many\"}", "INVALID_VALUE: [ VCPUs_max; many ]" },
        { ",\"platform\":[]}", "FIELD_TYPE_ERROR: [ platform ]" },
    };
    struct fixture fx;
    fixture_open(&fx);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *record = g_strconcat(RECORD, rows[i].more, NULL);
        g_autofree char *got = fixture_call(&fx, "VM.create", "%s", record);
        if (!g_str_has_prefix(got, rows[i].want))
            UNIT_EQUAL(got, rows[i].want);
    }
    CHECK_CALL(&fx, "[]", "VM.get_by_name_label", "\"web\"");
    fixture_close(&fx);
}

static void keeps_limits(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    CHECK_CALL(&fx, "\"\"", "VM.set_memory_limits",
               "\"%s\",67108864,536870912,268435456,\"268435456\"", vm);
    CHECK_CALL(&fx, "536870912", "VM.get_memory_static_max", "\"%s\"", vm);
    g_autofree char *no =
        fixture_call(&fx, "VM.set_memory_dynamic_max", "\"%s\",1073741824", vm);
    CU_ASSERT(g_str_has_prefix(no, "MEMORY_CONSTRAINT_VIOLATION"));
    CHECK_CALL(&fx, "268435456", "VM.get_memory_dynamic_max", "\"%s\"", vm);
    CHECK_CALL(&fx, "\"\"", "VM.set_VCPUs_max", "\"%s\",4", vm);
    CHECK_CALL(&fx, "INVALID_VALUE: [ VCPUs_at_startup; 5 ]",
               "VM.set_VCPUs_at_startup", "\"%s\",5", vm);
    fixture_close(&fx);
}

static void templates_from_file(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *other = fixture_str(
        &fx, "VM.get_by_uuid", "\"552bce37-51b2-445d-84f2-5f33fa112d7e\"");
    g_autofree G_GNUC_UNUSED char *is_template =
        g_strdup_printf("VM_IS_TEMPLATE: [ %s; start ]", other);
    CHECK_CALL(&fx, "true", "VM.get_is_default_template", "\"%s\"", other);
    g_autofree char *no =
        g_strdup_printf("VM_CANNOT_DELETE_DEFAULT_TEMPLATE: [ %s ]", other);
    CHECK_CALL(&fx, no, "VM.destroy", "\"%s\"", other);
    g_autofree char *vm =
        fixture_str(&fx, "VM.clone", "\"%s\",\"mine\"", other);
    CHECK_CALL(&fx, "true", "VM.get_is_a_template", "\"%s\"", vm);
    CHECK_CALL(&fx, "false", "VM.get_is_default_template", "\"%s\"", vm);
    CHECK_CALL(&fx, "\"\"", "VM.provision", "\"%s\"", vm);
    CHECK_CALL(&fx, "false", "VM.get_is_a_template", "\"%s\"", vm);
    g_autofree char *config =
        fixture_call(&fx, "VM.get_other_config", "\"%s\"", vm);
    CU_ASSERT_PTR_NULL(strstr(config, "\"disks\""));
    CU_ASSERT_PTR_NULL(strstr(config, "default_template"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(config, "\"base_template_name\":\"Other install media\""));
    CHECK_CALL(&fx, "{}", "VM.get_current_operations", "\"%s\"", vm);
    fixture_close(&fx);
}

/* Without storage a template that wants a disk cannot be provisioned. */
static void provision_needs_storage(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *debian = fixture_str(
        &fx, "VM.get_by_uuid", "\"07d91aaa-43f7-430a-bf84-0edb6714df0f\"");
    g_autofree char *vm =
        fixture_str(&fx, "VM.clone", "\"%s\",\"mine\"", debian);
    CHECK_CALL(&fx, "DEFAULT_SR_NOT_FOUND: [ OpaqueRef:NULL ]", "VM.provision",
               "\"%s\"", vm);
    CHECK_CALL(&fx, "true", "VM.get_is_a_template", "\"%s\"", vm);
    fixture_close(&fx);
}

static void snapshots(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    g_autofree char *net = fixture_str(
        &fx, "network.create", "{\"name_label\":\"n\",\"bridge\":\"xenbr0\"}");
    g_autofree char *vif =
        fixture_str(&fx, "VIF.create",
                    "{\"VM\":\"%s\",\"network\":\"%s\",\"device\":\"0\","
                    "\"MAC\":\"00:16:3e:00:00:01\",\"MTU\":1500}",
                    vm, net);
    g_autofree char *snap =
        fixture_str(&fx, "VM.snapshot", "\"%s\",\"before\"", vm);
    g_autofree char *list = g_strdup_printf("[\"%s\"]", snap);
    CHECK_CALL(&fx, list, "VM.get_snapshots", "\"%s\"", vm);
    CHECK_CALL(&fx, "true", "VM.get_is_a_snapshot", "\"%s\"", snap);
    g_autofree char *no =
        g_strdup_printf("VM_IS_SNAPSHOT: [ %s; make_into_template ]", snap);
    CHECK_CALL(&fx, no, "VM.assert_operation_valid",
               "\"%s\",\"make_into_template\"", snap);
    g_autofree char *vifs = fixture_call(&fx, "VM.get_VIFs", "\"%s\"", snap);
    CU_ASSERT(g_str_has_prefix(vifs, "[\"OpaqueRef:"));
    CU_ASSERT_PTR_NULL(strstr(vifs, vif));
    CHECK_CALL(&fx, "\"\"", "VM.destroy", "\"%s\"", snap);
    CHECK_CALL(&fx, "[]", "VM.get_snapshots", "\"%s\"", vm);
    fixture_close(&fx);
}

/* Settings and network cards go back; name and identity stay. */
static void reverts(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    g_autofree char *net =
        fixture_str(&fx, "network.create", "{\"name_label\":\"n\"}");
    static const char vif[] = "{\"VM\":\"%s\",\"network\":\"%s\","
                              "\"device\":\"%d\",\"MAC\":\"\"}";
    g_autofree char *first = fixture_str(&fx, "VIF.create", vif, vm, net, 0);
    g_autofree char *mac = fixture_call(&fx, "VIF.get_MAC", "\"%s\"", first);
    g_autofree char *snap =
        fixture_str(&fx, "VM.snapshot", "\"%s\",\"before\"", vm);
    CHECK_CALL(&fx, "\"\"", "VM.set_VCPUs_max", "\"%s\",7", vm);
    CHECK_CALL(&fx, "\"\"", "VM.set_name_label", "\"%s\",\"new\"", vm);
    CHECK_CALL(&fx, "\"\"", "VIF.destroy", "\"%s\"", first);
    CHECK_CALL(&fx, "REVERT_ONLY_ALLOWED_ON_SNAPSHOT", "VM.revert", "\"%s\"",
               vm);
    CHECK_CALL(&fx, "\"\"", "VM.revert", "\"%s\"", snap);
    CHECK_CALL(&fx, "2", "VM.get_VCPUs_max", "\"%s\"", vm);
    CHECK_CALL(&fx, "\"new\"", "VM.get_name_label", "\"%s\"", vm);
    CHECK_CALL(&fx, "false", "VM.get_is_a_snapshot", "\"%s\"", vm);
    g_autofree char *vifs = fixture_call(&fx, "VM.get_VIFs", "\"%s\"", vm);
    g_autofree char *again = g_strndup(vifs + 2, 46);
    CHECK_CALL(&fx, mac, "VIF.get_MAC", "\"%s\"", again);
    g_autofree char *list = g_strdup_printf("[\"%s\"]", snap);
    CHECK_CALL(&fx, list, "VM.get_snapshots", "\"%s\"", vm);
    fixture_close(&fx);
}

static void network_cards(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    g_autofree char *net = fixture_str(
        &fx, "network.create", "{\"name_label\":\"n\",\"MTU\":\"9000\"}");
    g_autofree char *vif =
        fixture_str(&fx, "VIF.create",
                    "{\"VM\":\"%s\",\"network\":\"%s\",\"device\":\"0\","
                    "\"MAC\":\"\",\"MTU\":0}",
                    vm, net);
    CHECK_CALL(&fx, "true", "VIF.get_MAC_autogenerated", "\"%s\"", vif);
    CHECK_CALL(&fx, "9000", "VIF.get_MTU", "\"%s\"", vif);
    CHECK_CALL(&fx, "DEVICE_ALREADY_EXISTS: [ 0 ]", "VIF.create",
               "{\"VM\":\"%s\",\"network\":\"%s\",\"device\":\"0\","
               "\"MAC\":\"\"}",
               vm, net);
    CHECK_CALL(&fx, "MAC_INVALID: [ 01:00:00:00:00:00 ]", "VIF.create",
               "{\"VM\":\"%s\",\"network\":\"%s\",\"device\":\"1\","
               "\"MAC\":\"01:00:00:00:00:00\"}",
               vm, net);
    CHECK_CALL(&fx, "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
               "VM.get_allowed_VIF_devices", "\"%s\"", vm);
    g_autofree char *state =
        g_strdup_printf("VM_BAD_POWER_STATE: [ %s; running; halted ]", vm);
    CHECK_CALL(&fx, state, "VIF.plug", "\"%s\"", vif);
    CHECK_CALL(&fx, "\"\"", "VIF.destroy", "\"%s\"", vif);
    CHECK_CALL(&fx, "[]", "VM.get_VIFs", "\"%s\"", vm);
    fixture_close(&fx);
}

static void cd_drives(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    static const char cd[] =
        "{\"VM\":\"%s\",\"VDI\":\"OpaqueRef:NULL\",\"userdevice\":\"%s\","
        "\"bootable\":false,\"mode\":\"%s\",\"type\":\"%s\","
        "\"empty\":true,\"other_config\":{}}";
    CHECK_CALL(&fx, "VBD_CDS_MUST_BE_READONLY", "VBD.create", cd, vm, "3", "RW",
               "CD");
    g_autofree char *vbd =
        fixture_str(&fx, "VBD.create", cd, vm, "autodetect", "RO", "CD");
    CHECK_CALL(&fx, "\"0\"", "VBD.get_userdevice", "\"%s\"", vbd);
    CHECK_CALL(&fx, "DEVICE_ALREADY_EXISTS: [ xvda ]", "VBD.create", cd, vm,
               "xvda", "RO", "CD");
    CHECK_CALL(&fx, "[\"attach\",\"insert\"]", "VBD.get_allowed_operations",
               "\"%s\"", vbd);
    g_autofree char *empty = g_strdup_printf("VBD_IS_EMPTY: [ %s ]", vbd);
    CHECK_CALL(&fx, empty, "VBD.eject", "\"%s\"", vbd);
    fixture_close(&fx);
}

static void blocked(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    CHECK_CALL(&fx, "\"\"", "VM.add_to_blocked_operations",
               "\"%s\",\"destroy\",\"mine\"", vm);
    g_autofree char *no =
        g_strdup_printf("OPERATION_BLOCKED: [ %s; mine ]", vm);
    CHECK_CALL(&fx, no, "VM.destroy", "\"%s\"", vm);
    g_autofree char *ops =
        fixture_call(&fx, "VM.get_allowed_operations", "\"%s\"", vm);
    CU_ASSERT_PTR_NULL(strstr(ops, "\"destroy\""));
    fixture_close(&fx);
}

static void messages(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *m = fixture_str(
        &fx, "message.create", "\"VM_STARTED\",3,\"VM\",\"u-1\",\"text\"");
    g_autofree char *all =
        fixture_call(&fx, "message.get_all_records", "%s", "");
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"name\":\"VM_STARTED\""));
    CHECK_CALL(&fx, "{}", "message.get",
               "\"VM\",\"u-2\",\"19700101T00:00:00Z\"");
    CHECK_CALL(&fx, "\"\"", "message.destroy", "\"%s\"", m);
    CHECK_CALL(&fx, "[]", "message.get_all", "%s", "");
    fixture_close(&fx);
}

static void storage_without_driver(void)
{
    struct fixture fx;
    fixture_open(&fx);
    CHECK_CALL(&fx, "SR_UNKNOWN_DRIVER: [ floppies ]", "SR.introduce",
               "\"\",\"s\",\"\",\"floppies\",\"user\",false,{}");
    fixture_close(&fx);
}

static void no_xen(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *vm = make(&fx);
    g_autofree char *no =
        fixture_call(&fx, "VM.start", "\"%s\",false,false", vm);
    CU_ASSERT(g_str_has_prefix(no, "HOST_OFFLINE"));
    CHECK_CALL(&fx, "{}", "VM.get_current_operations", "\"%s\"", vm);
    CHECK_CALL(&fx, "[]", "task.get_all", "%s", "");
    fixture_close(&fx);
}

const struct unit_test unit_tests[] = {
    { "a VM is created, found and destroyed", creates },
    { "a wrong record is refused and leaves nothing", refuses_wrong_records },
    { "memory and processor limits hold", keeps_limits },
    { "default templates are there, protected, and cloned into VMs",
      templates_from_file },
    { "a template with disks cannot be provisioned without storage",
      provision_needs_storage },
    { "a snapshot is tied to its VM", snapshots },
    { "revert brings settings and cards back, not the name", reverts },
    { "network cards get address, MTU and a free device", network_cards },
    { "CD drives are read-only, may be empty, find a free device", cd_drives },
    { "blocked operations are refused with their reason", blocked },
    { "messages are kept and removed", messages },
    { "an SR of an unknown type is refused", storage_without_driver },
    { "without Xen a start is refused and leaves no mark", no_xen },
    { 0 },
};
