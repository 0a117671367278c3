/* Domain configurations in libxl's own JSON, in the layout (4 blanks a level)
 * that scripts search in `xl list -l` and `xl create -n`. */
#ifndef OP_CONFIG_JSON_H
#define OP_CONFIG_JSON_H

#include <libxl.h>
#include <stdbool.h>

struct config_json;

/* A text that will hold one object, or an array of them. */
struct config_json *config_json_new(bool array);
/* Adds {"domid":..,"config":..}; domid -1 is written as null. */
void config_json_add(struct config_json *j, int domid,
                     libxl_domain_config *config);
/* Ends it and gives the text (caller frees with g_free), or NULL when a value
 * could not be written as JSON. Frees j. */
char *config_json_end(struct config_json *j);

#endif
