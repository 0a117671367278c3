/* PCI devices from a folder as sysfs has it, with names from a list of ids. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/driver.h"
#include "tests/unit/unit.h"

static const char ids[] = "# a comment\n"
                          "1000  Other Vendor\n"
                          "\t0001  Wrong Device\n"
                          "8086  Some Vendor\n"
                          "\t0001  Another Device\n"
                          "\t1234  Some Device\n"
                          "\t\t1000 0007  Some Subsystem\n"
                          "\t1235  Next Device\n"
                          "C 03  Display controller\n"
                          "\t00  VGA compatible controller\n"
                          "C 06  Bridge\n"
                          "\t00  Host bridge\n";

static void put(const char *dir, const char *device, const char *file,
                const char *text)
{
    g_autofree char *folder = g_build_filename(dir, device, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_mkdir_with_parents(folder, 0700);
    CU_ASSERT(g_file_set_contents(path, text, -1, NULL));
}

static void make_devices(const char *dir)
{
    put(dir, "0000:00:02.0", "class", "0x030000\n");
    put(dir, "0000:00:02.0", "vendor", "0x8086\n");
    put(dir, "0000:00:02.0", "device", "0x1234\n");
    put(dir, "0000:00:02.0", "subsystem_vendor", "0x1000\n");
    put(dir, "0000:00:02.0", "subsystem_device", "0x0007\n");
    put(dir, "0000:00:02.0", "boot_vga", "1\n");
    g_autofree char *link =
        g_build_filename(dir, "0000:00:02.0", "driver", NULL);
    CU_ASSERT(symlink("../../../bus/pci/drivers/i915", link) == 0);
    put(dir, "0000:00:00.0", "class", "0x060000\n");
    put(dir, "0000:00:00.0", "vendor", "0xffff\n");
    put(dir, "0000:00:00.0", "device", "0x0001\n");
}

static void with_devices(void (*check)(const GArray *found), const char *list)
{
    char dir[] = "/tmp/pci-test-XXXXXX";
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
    g_autofree char *devices = g_build_filename(dir, "devices", NULL);
    g_autofree char *names = g_build_filename(dir, "ids", NULL);
    g_autofree char *remove = g_strdup_printf("rm -rf %s", dir);
    make_devices(devices);
    if (list)
        CU_ASSERT(g_file_set_contents(names, list, -1, NULL));
    g_autoptr(GArray) found = pci_scan(devices, names);
    check(found);
    CU_ASSERT(system(remove) == 0);
}

static void check_named(const GArray *found)
{
    CU_ASSERT_EQUAL_FATAL(found->len, 2);
    const struct pci_found *a = &g_array_index(found, struct pci_found, 0);
    const struct pci_found *b = &g_array_index(found, struct pci_found, 1);
    UNIT_EQUAL(a->address, "0000:00:00.0");
    UNIT_EQUAL(a->class_name, "Host bridge");
    UNIT_EQUAL(a->vendor_name, "ffff");
    UNIT_EQUAL(a->device_name, "0001");
    UNIT_EQUAL(a->driver, "");
    UNIT_EQUAL(a->subvendor_name, "");
    UNIT_EQUAL(b->class_name, "VGA compatible controller");
    UNIT_EQUAL(b->vendor_name, "Some Vendor");
    UNIT_EQUAL(b->device_name, "Some Device");
    UNIT_EQUAL(b->subvendor_name, "Other Vendor");
    UNIT_EQUAL(b->subdevice_name, "Some Subsystem");
    UNIT_EQUAL(b->driver, "i915");
    CU_ASSERT(b->boot_vga && !a->boot_vga);
    CU_ASSERT_EQUAL(b->class_id >> 8, PCI_CLASS_DISPLAY);
}

static void devices_have_names(void)
{
    with_devices(check_named, ids);
}

static void check_numbers(const GArray *found)
{
    CU_ASSERT_EQUAL_FATAL(found->len, 2);
    const struct pci_found *b = &g_array_index(found, struct pci_found, 1);
    UNIT_EQUAL(b->class_name, "0300");
    UNIT_EQUAL(b->vendor_name, "8086");
    UNIT_EQUAL(b->device_name, "1234");
    UNIT_EQUAL(b->subdevice_name, "0007");
}

static void without_a_list_they_have_numbers(void)
{
    with_devices(check_numbers, NULL);
}

static void a_host_without_pci_has_none(void)
{
    g_autoptr(GArray) found = pci_scan("/nonexistent", "/nonexistent");
    CU_ASSERT_EQUAL(found->len, 0);
}

const struct unit_test unit_tests[] = {
    { "PCI devices have the names of the list of ids", devices_have_names },
    { "without the list they are told by their numbers",
      without_a_list_they_have_numbers },
    { "a host without PCI has no device", a_host_without_pci_has_none },
    { 0 },
};
