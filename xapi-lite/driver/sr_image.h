/* Disk images through qemu-img. Private to driver/. */
#ifndef XAPI_SR_IMAGE_H
#define XAPI_SR_IMAGE_H

#include "driver/driver.h"

struct image_info {
    uint64_t virtual_size, actual_size; /* bytes */
    char *format;                       /* raw, qcow2, vhd */
    char *backing;                      /* as written in the image, or NULL */
};
void image_info_dispose(struct image_info *i);
/* What `qemu-img info --output=json` says; pure. */
int image_info_parse(const char *json, struct image_info *out, struct err *err);
int image_info_get(const char *path, const char *format, struct image_info *out,
                   struct err *err);
/* The format of a file name by its ending, or NULL. */
const char *image_format_of(const char *name);
/* qemu-img's word for the format. */
const char *image_word(const char *format);
/* Bytes as text, for argv; buf of 24. */
const char *image_number(char *buf, uint64_t n);

#endif
