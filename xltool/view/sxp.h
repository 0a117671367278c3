/* A domain's configuration as the S-expressions that output_format="sxp" of
 * xl.conf asks for, in the layout of Xen's xl. */
#ifndef VIEW_SXP_H
#define VIEW_SXP_H

#include <glib.h>
#include <libxl.h>

/* Appends it. domid -1: not created yet; uuid: that of the running domain, or
 * NULL. Pure. */
void view_sxp(GString *out, int domid, const libxl_uuid *uuid,
              const libxl_domain_config *config);

#endif
