/* Volume groups for SRs on devices. Private to driver/. */
#ifndef XAPI_SR_VG_H
#define XAPI_SR_VG_H

#include "driver/driver.h"

/* A new volume group on a device, or on several joined by commas. Refuses
 * devices that are not block devices, are in use or hold something. */
int vg_create(const char *vg, const char *devices, struct err *err);
/* The group with all in it, and the labels of its devices; a group that is not
 * there is fine. */
int vg_remove(const char *vg, const char *devices, struct err *err);
bool vg_exists(const char *vg);
/* The SRs of groups whose name begins with the prefix, as XML. */
int vg_probe(const char *prefix, const struct value *device_config,
             char **xml_out, struct err *err);
/* Rows of `lvs/vgs --reportformat json`: the array of objects under this name;
 * pure. NULL and err when it is not such a report. Caller frees. */
struct value *vg_report(const char *json, const char *what, struct err *err);
/* A number of bytes, or a percentage, in such a row; 0 when there is none. */
uint64_t vg_bytes(const struct value *row, const char *column);
double vg_percent(const struct value *row, const char *column);
const char *vg_text(const struct value *row, const char *column);

#endif
