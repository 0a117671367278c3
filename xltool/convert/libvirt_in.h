/* Parts of the translation of libvirt's domain XML. */
#ifndef CONVERT_LIBVIRT_IN_H
#define CONVERT_LIBVIRT_IN_H

#include "convert/xml.h"

/* <devices>: lists and settings of xl.cfg. hvm: the guest is one. */
void libvirt_in_devices(struct xml *x, xmlNode *devices, bool hvm);

#endif
