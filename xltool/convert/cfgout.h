/* Writing xl.cfg: one setting a line, texts quoted so that the original reads
 * them as well. */
#ifndef CONVERT_CFGOUT_H
#define CONVERT_CFGOUT_H

#include <glib.h>
#include <stdint.h>

/* key = "text"; nothing when text is NULL. */
void cfgout_text(GString *out, const char *key, const char *text);
void cfgout_number(GString *out, const char *key, uint64_t n);
/* key = [ "a", "b" ], one element a line; nothing when there is none. */
void cfgout_list(GString *out, const char *key, const GPtrArray *texts);
/* Appends ",name=value" to a spec (without the comma when it is empty); nothing
 * when value is NULL. */
void cfgout_option(GString *spec, const char *name, const char *value);

#endif
