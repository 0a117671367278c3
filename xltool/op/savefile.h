/* The head of a saved domain: magic, flags and the domain's configuration, then
 * libxl's own stream. Files and migration streams begin so; the layout is that
 * of Xen's xl (tools/xl/xl.h), so both read each other's. */
#ifndef OP_SAVEFILE_H
#define OP_SAVEFILE_H

#include <glib.h>
#include <stdint.h>

#include "base/err.h"

enum { SAVEFILE_HEAD = 48 }; /* magic and four 32-bit words */

enum savefile_flags {
    SAVEFILE_JSON = 1, /* the configuration is JSON, not xl.cfg text */
    SAVEFILE_V2 = 2,   /* libxl's stream is of version 2 */
};

struct savefile {
    uint32_t mandatory, optional; /* flags; unknown mandatory ones: refused */
    char *config;                 /* NUL-terminated; NULL when there is none */
    uint32_t config_len;
};

/* Appends the head with the configuration (JSON). Pure. */
void savefile_format(GString *out, const char *config_json);
/* Reads the fixed part (SAVEFILE_HEAD bytes): flags, and how many bytes of
 * optional data follow (at most 16 MiB). err names `source`. Pure. */
int savefile_parse_head(const void *head, const char *source,
                        struct savefile *s_out, uint32_t *data_len_out,
                        struct err *err);
/* Takes the configuration out of the optional data. Pure. */
int savefile_parse_data(const void *data, uint32_t len, const char *source,
                        struct savefile *s, struct err *err);
/* Both, from a descriptor; s_out must be disposed also after failure. */
int savefile_read(int fd, const char *source, struct savefile *s_out,
                  struct err *err);
void savefile_dispose(struct savefile *s);

#endif
