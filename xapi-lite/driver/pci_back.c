/* The driver in Dom0 that holds PCI devices for guests (way B). */
#include "driver/vm_libxl.h"

#define FOLDER "/sys/bus/pci/drivers/pciback"

int vm_pci_prepare(const struct vm_spec *spec, struct err *err)
{
    const char *argv[] = { "timeout", "20", "modprobe", "xen-pciback", NULL };
    if (!spec->n_pcis || g_file_test(FOLDER, G_FILE_TEST_IS_DIR))
        return 0;
    g_spawn_sync(NULL, (char **)argv, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                     G_SPAWN_STDERR_TO_DEV_NULL,
                 NULL, NULL, NULL, NULL, NULL, NULL);
    if (g_file_test(FOLDER, G_FILE_TEST_IS_DIR))
        return 0;
    return err_set(err, ERR_CONFIG,
                   "the guest shall have PCI devices, but Dom0's kernel has "
                   "no module xen-pciback, which holds them for guests");
}
