/* The batch output: bytes that scripts have parsed since 2005. Pure. */
#ifndef TOP_TEXT_H
#define TOP_TEXT_H

#include "top/columns.h"

struct text_options {
    bool full_name;     /* -f: names are not cut to 10 bytes */
    bool vcpus;         /* -v */
    bool nets;          /* -n */
    bool vbds;          /* -x */
    bool repeat_header; /* -r: before each domain, not once */
};

/* Appends one iteration: header, and a line or more per row (struct row). */
void text_render(GString *out, GArray *rows, const struct text_options *o);

/* The lines behind a domain, as -v, -n and -x show them, each with a newline.
 */
void text_vcpus(GString *out, const struct row *r);
void text_nets(GString *out, const struct row *r);
void text_vbds(GString *out, const struct row *r);
/* "BlkBack", "BlkTap", "Qdisk" or "Unidentified". */
const char *text_vbd_kind(const struct vbd *v);

#endif
