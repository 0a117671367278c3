/* From a VM record to what libxl builds. Pure: libxl types, no Xen needed. */
#ifndef XAPI_VM_CONFIG_H
#define XAPI_VM_CONFIG_H

#include <libxl.h>

#include "driver/driver.h"

/* Fills `out` (initialised here; the caller disposes it, also on failure).
 * Sizes of the record are bytes. err: ERR_CONFIG naming the field. */
int vm_config_build(const struct vm_spec *spec, libxl_domain_config *out,
                    struct err *err);
/* One device, as it is plugged into a running guest. */
int vm_config_disk(const struct disk_spec *s, libxl_device_disk *d,
                   struct err *err);
int vm_config_nic(const struct nic_spec *s, libxl_device_nic *n,
                  struct err *err);
/* The node below /local/domain/N that marks guests that we started. */
#define VM_MARK "xapi-lite"
/* hvm, pv or pvh for the record's domain_type and HVM_boot_policy. */
libxl_domain_type vm_config_type(const struct value *vm);

#endif
