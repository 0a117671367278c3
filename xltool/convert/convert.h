/* Guests' definitions of other tools, read into xl.cfg and written from it.
 * Pure: text to text; what has no counterpart is named in the findings. */
#ifndef CONVERT_CONVERT_H
#define CONVERT_CONVERT_H

#include <glib.h>

#include "base/diag.h"

/* libvirt's domain XML (formatdomain of libvirt.org) to xl.cfg. Appends to out;
 * findings name the lines of `file` that have no counterpart. err: no XML, or
 * not that of a domain. */
int convert_from_libvirt(const char *file, const char *text, size_t len,
                         GString *out, struct diags *diags, struct err *err);

/* xl.cfg to libvirt's domain XML. The findings of the config itself are added,
 * too. err: the config is refused. */
int convert_to_libvirt(const char *file, const char *text, size_t len,
                       GString *out, struct diags *diags, struct err *err);

/* An OVF envelope (DMTF DSP0243) to xl.cfg: its first machine. Disks stay where
 * they are; the findings say how to make images of them that Xen can use. */
int convert_from_ovf(const char *file, const char *text, size_t len,
                     GString *out, struct diags *diags, struct err *err);

/* The text of the .ovf in an OVA (a tar file, DSP0243 11.1), or of the file
 * itself when it is an .ovf. */
int convert_read_ova(const char *path, GString **text_out, struct err *err);

/* What a text is, by its first bytes. */
enum convert_kind { CONVERT_CFG, CONVERT_LIBVIRT, CONVERT_OVF };
enum convert_kind convert_guess(const char *text, size_t len);

#endif
