/* What the device commands share (way A, between a command and libxl). */
#include "cmd/devices_common.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

void devices_complain(struct err *err)
{
    err_print(stderr, "xl", err);
    err_dispose(err);
}

void devices_row(struct devices_out *out, char *libxl_json, const char *fmt,
                 ...)
{
    if (out->json) {
        struct value *state =
            libxl_json ? value_json_parse(libxl_json, strlen(libxl_json), NULL)
                       : NULL;
        struct value *row = value_object();
        value_set(row, "domid", value_int(out->domid));
        for (size_t i = 0; i < value_count(state); i++)
            value_set(row, value_key_at(state, i),
                      value_copy(value_item_at(state, i)));
        value_free(state);
        value_push(out->json, row);
    } else {
        va_list ap;
        va_start(ap, fmt);
        g_string_append_vprintf(out->text, fmt, ap);
        va_end(ap);
    }
    free(libxl_json);
}

int devices_list(struct cmd *c, const struct devices_kind *kind,
                 struct err *err)
{
    g_autoptr(GString) text = g_string_new(kind->header);
    struct devices_out out = { .text = text };
    if (cmd_has(c, DEVICES_OPT_JSON))
        out.json = value_array();
    bool failed = false;
    if (cmd_open(c, err)) {
        value_free(out.json);
        return -1;
    }
    for (int i = 0; i < c->o.nr_words; i++) {
        if (cmd_domain(c, cmd_word(c, i), &out.domid, err) == 0 &&
            kind->rows(c, out.domid, &out, err) == 0)
            continue;
        devices_complain(err);
        failed = kind->unknown_fails;
    }
    if (out.json)
        cmd_print_json(out.json);
    else
        fwrite(text->str, 1, text->len, stdout);
    return failed ? cmd_exit(err, 1) : 0;
}

char *devices_spec(const struct cmd *c, int first, const char *glue)
{
    GString *s = g_string_new(NULL);
    for (int i = first; i < c->o.nr_words; i++) {
        if (i > first)
            g_string_append(s, glue);
        g_string_append(s, cmd_word(c, i));
    }
    return g_string_free(s, FALSE);
}

int devices_show_spec(const char *kind, char *libxl_json, struct err *err)
{
    if (!libxl_json)
        return err_set(err, ERR_FAIL, "the %s cannot be written as JSON", kind);
    /* libxl's JSON ends with a newline of its own */
    printf("%s: %s", kind, libxl_json);
    free(libxl_json);
    return 0;
}

int devices_detach(struct cmd *c, void *device,
                   int (*find)(struct cmd *c, uint32_t domid, int devid,
                               void *device),
                   int (*take)(struct cmd *c, uint32_t domid, void *device),
                   struct err *err)
{
    const char *who = cmd_word(c, 1);
    uint64_t devid;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    if (!num_parse_uint(who, INT32_MAX, &devid) ||
        find(c, domid, (int)devid, device)) {
        xen_log_clear(c->xen.log);
        err_set(err, ERR_NOENT, "Error: Device %s not connected.", who);
        err->exit_code = 253;
        return -1;
    }
    int rc = take(c, domid, device);
    if (rc)
        return xen_fail(&c->xen, err, rc, "device %s was not taken away", who);
    return 0;
}
