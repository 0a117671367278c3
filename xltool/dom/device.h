/* One device from the words of a command line: block-attach, network-attach
 * and their like. */
#ifndef DOM_DEVICE_H
#define DOM_DEVICE_H

#include "dom/dom.h"

/* Reads the words (NULL-terminated, at least one) as one device of the key
 * `key`: "disk", "vif", "pci", "vtpm", "vkb", "vdispl", "vsnd", "usbctrl",
 * "usbdev", "p9", "pvcalls" or "channel". config_out is initialised by the
 * callee (as an hvm guest's) and holds exactly that device on success, e.g. in
 * config_out->nics[0]; dispose of it in any case.
 * What a config file only warns about is refused here, as the original does.
 * 0, or the negated exit code (-1, -3, -6) with the findings printed to stderr
 * and err set. */
int dom_device_read(const char *key, const char *const *words,
                    const struct dom_host *host,
                    libxl_domain_config *config_out, struct err *err);

#endif
