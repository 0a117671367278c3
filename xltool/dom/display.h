/* Screens of pv guests. */
#ifndef DOM_DISPLAY_H
#define DOM_DISPLAY_H

#include <libxl.h>

/* Adds a vfb and its vkb to config; borrowed until the next call. */
libxl_device_vfb *vfb_add(libxl_domain_config *config);

#endif
