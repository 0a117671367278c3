/* VM records against the libxl configuration they become: one pair of files
 * each in tests/data/xapi/vm. */
#include "driver/vm_config.h"

#include <string.h>
#include <yajl/yajl_gen.h>
/* libxl_json.h asks which yajl this is */
#define HAVE_YAJL_YAJL_VERSION_H 1
#include <libxl_json.h>

#include "tests/unit/unit.h"

static char *data_path(const char *name, const char *suffix)
{
    return g_strconcat("tests/data/xapi/vm/", name, suffix, NULL);
}

static char *config_json(libxl_domain_config *c)
{
    const unsigned char *text;
    size_t len;
    yajl_gen gen = yajl_gen_alloc(NULL);
    yajl_gen_config(gen, yajl_gen_beautify, 1);
    CU_ASSERT_EQUAL(libxl_domain_config_gen_json(gen, c), yajl_gen_status_ok);
    yajl_gen_get_buf(gen, &text, &len);
    char *s = g_strndup((const char *)text, len);
    yajl_gen_free(gen);
    return s;
}

static const char *str(const struct value *o, const char *key)
{
    return value_get_string(value_find(o, key));
}

static GArray *read_disks(const struct value *list)
{
    GArray *disks = g_array_new(FALSE, TRUE, sizeof(struct disk_spec));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *v = value_at(list, i);
        struct disk_spec d = {
            .vdev = str(v, "vdev"),
            .path = str(v, "path"),
            .format = str(v, "format"),
            .cdrom = value_get_bool(value_find(v, "cdrom")),
            .readonly = value_get_bool(value_find(v, "readonly")),
        };
        g_array_append_val(disks, d);
    }
    return disks;
}

static GArray *read_nics(const struct value *list)
{
    GArray *nics = g_array_new(FALSE, TRUE, sizeof(struct nic_spec));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *v = value_at(list, i);
        struct nic_spec n = {
            .devid = (int)value_get_int(value_find(v, "devid")),
            .mac = str(v, "mac"),
            .bridge = str(v, "bridge"),
            .mtu = (int)value_get_int(value_find(v, "mtu")),
            .rate_kib = (uint64_t)value_get_int(value_find(v, "rate_kib")),
        };
        g_array_append_val(nics, n);
    }
    return nics;
}

/* The configuration as JSON, or the error's sentence. */
static char *build(const char *text)
{
    ERR_AUTO err = { 0 };
    libxl_domain_config c;
    VALUE_AUTO *in = value_json_parse(text, strlen(text), &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    g_autoptr(GArray) disks = read_disks(value_find(in, "disks"));
    g_autoptr(GArray) nics = read_nics(value_find(in, "nics"));
    const char *pcis[4] = { NULL };
    size_t n_pcis = value_count(value_find(in, "pcis"));
    for (size_t i = 0; i < MIN(n_pcis, G_N_ELEMENTS(pcis)); i++)
        pcis[i] = value_get_string(value_at(value_find(in, "pcis"), i));
    struct vm_spec spec = { value_find(in, "vm"),
                            (struct disk_spec *)disks->data,
                            disks->len,
                            (struct nic_spec *)nics->data,
                            nics->len,
                            pcis,
                            n_pcis };
    char *out = vm_config_build(&spec, &c, &err) < 0 ? g_strdup(err.message)
                                                     : config_json(&c);
    libxl_domain_config_dispose(&c);
    return out;
}

/* With XAPI_GOLDEN=write in the environment the files are made anew. */
static void golden(const char *name)
{
    g_autofree char *in_path = data_path(name, ".json");
    g_autofree char *out_path = data_path(name, ".libxl.json");
    g_autofree char *in = NULL, *want = NULL;
    CU_ASSERT_FATAL(g_file_get_contents(in_path, &in, NULL, NULL));
    g_autofree char *got = build(in);
    if (!g_strcmp0(g_getenv("XAPI_GOLDEN"), "write"))
        g_file_set_contents(out_path, got, -1, NULL);
    CU_ASSERT_FATAL(g_file_get_contents(out_path, &want, NULL, NULL));
    UNIT_EQUAL(got, want);
}

static void pv(void)
{
    golden("pv");
}

static void pci(void)
{
    golden("pci");
}

static void pygrub(void)
{
    golden("pygrub");
}

static void pvh(void)
{
    golden("pvh");
}

static void hvm(void)
{
    golden("hvm");
}

static void hvm_uefi(void)
{
    golden("hvm-uefi");
}

static void old_fields(void)
{
    golden("unspecified-type");
}

static void says_what_is_wrong(void)
{
    static const char vm[] =
        "{\"vm\":{\"uuid\":\"%s\",\"VCPUs_max\":%d,\"memory_static_max\":%d,"
        "\"PV_kernel\":\"%s\",\"domain_type\":\"pv\",\"VCPUs_params\":"
        "{\"mask\":\"%s\"}}}";
    static const struct {
        const char *uuid;
        int vcpus, memory;
        const char *kernel, *mask, *want;
    } rows[] = {
        { "x", 1, 1 << 26, "k", "", "uuid \"x\" is not a UUID" },
        { "11111111-2222-3333-4444-555555555555", 0, 1 << 26, "k", "",
          "VCPUs_max is 0" },
        { "11111111-2222-3333-4444-555555555555", 1, 0, "k", "",
          "memory_static_max is 0 bytes, too little for a guest" },
        { "11111111-2222-3333-4444-555555555555", 1, 1 << 26, "", "",
          "neither PV_kernel nor PV_bootloader is set, so the guest has "
          "nothing to boot" },
        { "11111111-2222-3333-4444-555555555555", 1, 1 << 26, "k", "0,x",
          "VCPUs_params:mask \"0,x\" is not a list of processor numbers" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *in =
            g_strdup_printf(vm, rows[i].uuid, rows[i].vcpus, rows[i].memory,
                            rows[i].kernel, rows[i].mask);
        g_autofree char *got = build(in);
        UNIT_EQUAL(got, rows[i].want);
    }
}

const struct unit_test unit_tests[] = {
    { "a PV guest with its own kernel, disk and network card", pv },
    { "a PV guest that boots with pygrub", pygrub },
    { "a PV guest with two PCI devices of the host", pci },
    { "a PVH guest pinned to processors", pvh },
    { "an HVM guest with BIOS, CD drive and all of platform", hvm },
    { "an HVM guest with UEFI", hvm_uefi },
    { "without domain_type HVM_boot_policy decides", old_fields },
    { "a record that cannot become a guest is told by field",
      says_what_is_wrong },
    { 0 },
};
