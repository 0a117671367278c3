/* Tests: who holds a domain that has ended. */
#include <glib.h>
#include <stdlib.h>

#include "op/holders.h"
#include "tests/unit/unit.h"

static void put(const char *root, const char *path, const char *text,
                gssize len)
{
    g_autofree char *whole = g_strdup_printf("%s/%s", root, path);
    g_autofree char *dir = g_path_get_dirname(whole);
    CU_ASSERT_EQUAL_FATAL(g_mkdir_with_parents(dir, 0700), 0);
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(whole, text, len, NULL));
}

/* The end of a line of maps. */
#define MAPPED "7f00-7f01 r--s 00000000 00:06 12      /dev/xen/privcmd\n"

static void found(uint32_t domid, const char *want)
{
    static const char other[] = "qemu\0-xen-domid\0"
                                "51";
    static const char qemu[] = "/usr/bin/qemu-system-i386\0-xen-domid\0"
                               "5\0-nodefaults";
    g_autofree char *root = g_dir_make_tmp("holders-XXXXXX", NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    put(root, "proc/812/cmdline", qemu, sizeof(qemu));
    put(root, "proc/813/cmdline", other, sizeof(other));
    put(root, "proc/813/maps", MAPPED, -1);
    put(root, "proc/814/cmdline", "python3\0x", 9);
    put(root, "proc/814/maps", domid == 6 ? MAPPED : "", -1);
    put(root, "proc/meminfo", "", 0);
    put(root, "sys/bus/xen-backend/devices/vbd-7-51712", "", 0);
    holders_find(out, root, domid);
    UNIT_EQUAL(out->str, want);
    g_autofree char *line = g_strdup_printf("rm -rf %s", root);
    CU_ASSERT_EQUAL(system(line), 0);
}

static void a_device_model(void)
{
    found(5, "qemu-system-i386 (process 812)");
}

static void a_back_end(void)
{
    found(7, "back end vbd-7-51712");
}

static void nobody(void)
{
    found(1, "");
}

static void a_mapping(void)
{
    found(6, "a process that has memory of guests mapped: "
             "python3 (process 814)");
}

const struct unit_test unit_tests[] = {
    { "a device model holds its domain", a_device_model },
    { "a back end of the kernel holds its domain", a_back_end },
    { "else whoever maps memory of guests, but no QEMU of another", a_mapping },
    { "numbers that only begin alike hold nothing", nobody },
    { 0 }
};
