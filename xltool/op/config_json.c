/* libxl_domain_config -> libxl's JSON (way A). */
#define HAVE_YAJL_YAJL_VERSION_H 1 /* libxl_json.h: yajl 2 */
#include "op/config_json.h"

#include <glib.h>
#include <libxl_json.h>
#include <string.h>

struct config_json {
    yajl_gen gen;
    bool array, failed;
};

struct config_json *config_json_new(bool array)
{
    struct config_json *j = g_new0(struct config_json, 1);
    j->gen = libxl_yajl_gen_alloc(NULL);
    j->array = array;
    if (array)
        yajl_gen_array_open(j->gen);
    return j;
}

static void key(struct config_json *j, const char *name)
{
    yajl_gen_string(j->gen, (const unsigned char *)name, strlen(name));
}

void config_json_add(struct config_json *j, int domid,
                     libxl_domain_config *config)
{
    yajl_gen_map_open(j->gen);
    key(j, "domid");
    if (domid < 0)
        yajl_gen_null(j->gen);
    else
        yajl_gen_integer(j->gen, domid);
    key(j, "config");
    if (libxl_domain_config_gen_json(j->gen, config) != yajl_gen_status_ok)
        j->failed = true;
    yajl_gen_map_close(j->gen);
}

char *config_json_end(struct config_json *j)
{
    const unsigned char *text;
    size_t len;
    char *copy = NULL;
    if (j->array)
        yajl_gen_array_close(j->gen);
    if (!j->failed &&
        yajl_gen_get_buf(j->gen, &text, &len) == yajl_gen_status_ok)
        copy = g_strndup((const char *)text, len);
    yajl_gen_free(j->gen);
    g_free(j);
    return copy;
}
