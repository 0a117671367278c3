/* Parts of the writing of libvirt's domain XML. */
#ifndef CONVERT_LIBVIRT_OUT_H
#define CONVERT_LIBVIRT_OUT_H

#include <libxl.h>
#include <libxl_utils.h>

#include "cfg/cfg.h"
#include "convert/xmlout.h"

struct libvirt_out {
    struct xmlout x;
    struct cfg *cfg; /* findings go to its diags */
    libxl_domain_config *config;
};

/* <devices>. */
void libvirt_out_devices(struct libvirt_out *o);
/* A finding about element i of list `key`, or about the setting itself (-1). */
void libvirt_out_warn(struct libvirt_out *o, const char *key, int i,
                      const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
