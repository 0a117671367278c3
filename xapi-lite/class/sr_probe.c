/* XenAPI SR.probe_ext: what SR.probe finds, as records (way B). */
#include <string.h>

#include "class/storage.h"

/* Text of an element below `from` and before `end`. Caller frees; NULL. */
static char *element(const char *from, const char *end, const char *name)
{
    g_autofree char *open = g_strdup_printf("<%s>", name);
    const char *a = strstr(from, open);
    const char *b = a && a < end ? strchr(a + strlen(open), '<') : NULL;
    return b ? g_strndup(a + strlen(open), (gsize)(b - a) - strlen(open))
             : NULL;
}

static struct value *stat_of(const char *from, const char *end,
                             const char *uuid)
{
    g_autofree char *size = element(from, end, "size");
    gint64 total = size ? g_ascii_strtoll(size, NULL, 10) : 0;
    struct value *sr = value_object();
    value_set(sr, "uuid", value_string(uuid));
    value_set(sr, "name_label", value_string(""));
    value_set(sr, "name_description", value_string(""));
    value_set(sr, "free_space", value_int(0));
    value_set(sr, "total_space", value_int(total));
    value_set(sr, "clustered", value_bool(false));
    value_set(sr, "health", value_string("healthy"));
    return sr;
}

/* sr: taken over, or NULL when the configuration names no SR yet. */
static struct value *result(const struct value *config, struct value *sr)
{
    struct value *r = value_object();
    value_set(r, "configuration", value_copy(config));
    value_set(r, "complete", value_bool(true));
    value_set(r, "sr", sr ? sr : value_null());
    value_set(r, "extra_info", value_object());
    return r;
}

int handle_SR_probe_ext(struct ctx *c, struct value **result_out)
{
    VALUE_AUTO *xml = NULL;
    if (handle_SR_probe(c, &xml) < 0)
        return -1;
    const char *at = value_get_string(xml);
    *result_out = value_array();
    while (at && (at = strstr(at, "<SR>"))) {
        const char *end = strstr(at, "</SR>");
        g_autofree char *uuid = end ? element(at, end, "UUID") : NULL;
        if (uuid)
            value_push(*result_out,
                       result(arg(c, 1), stat_of(at, end, g_strstrip(uuid))));
        at = end;
    }
    if (!value_count(*result_out))
        value_push(*result_out, result(arg(c, 1), NULL));
    return 0;
}
