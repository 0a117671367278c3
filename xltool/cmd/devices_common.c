/* What the device commands share (way A, between a command and libxl). */
#include "cmd/devices_common.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "dom/device.h"
#include "op/host.h"
#include "op/load.h"

void devices_complain(struct err *err)
{
    err_print(stderr, "xl", err);
    err_dispose(err);
}

/* libxl's JSON leaves out what is 0 or empty; a row has all its keys. */
static struct value *json_row(const struct devices_out *out,
                              const struct value *said)
{
    struct value *row = value_object();
    g_auto(GStrv) keys = g_strsplit(out->keys, " ", -1);
    value_set(row, "domid", value_int(out->domid));
    for (char **k = keys; *k; k++) {
        bool text = g_str_has_suffix(*k, "?");
        if (text)
            (*k)[strlen(*k) - 1] = '\0';
        if (**k)
            value_set(row, *k, text ? value_null() : value_int(0));
    }
    for (size_t i = 0; i < value_count(said); i++)
        value_set(row, value_key_at(said, i),
                  value_copy(value_item_at(said, i)));
    return row;
}

void devices_row(struct devices_out *out, char *libxl_json, const char *fmt,
                 ...)
{
    if (out->json) {
        VALUE_AUTO *said =
            libxl_json ? value_json_parse(libxl_json, strlen(libxl_json), NULL)
                       : NULL;
        value_push(out->json, json_row(out, said));
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
    struct devices_out out = { .text = text,
                               .keys = kind->keys ? kind->keys : DEVICES_KEYS };
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

static int show(const char *key, char *libxl_json, struct err *err)
{
    if (!libxl_json)
        return err_set(err, ERR_FAIL, "the %s cannot be written as JSON", key);
    printf("%s: %s\n", key, libxl_json);
    free(libxl_json);
    return 0;
}

static int add(struct cmd *c, const struct devices_kind_to_add *kind,
               uint32_t domid, libxl_domain_config *config, struct err *err)
{
    if (c->g.dryrun)
        return show(kind->key, kind->json(c->xen.ctx, config), err);
    int rc = kind->add(c->xen.ctx, domid, config);
    if (rc == 0)
        return 0;
    const char *script = xen_log_find(c->xen.log, "script: ");
    g_autofree char *said = g_strdup(script);
    xen_fail(&c->xen, err, rc, "the %s was not added to \"%s\"", kind->key,
             cmd_word(c, 0));
    if (kind->rc_status)
        err->exit_code = rc & 0xff;
    if (said)
        return err_hint(err, "Its hotplug script said: %s",
                        strstr(said, "script: ") + strlen("script: "));
    return err_hint(err, "What a hotplug script said: "
                         "/var/log/xen/xen-hotplug.log");
}

int devices_attach(struct cmd *c, const struct devices_kind_to_add *kind,
                   struct err *err)
{
    static const char *const none[] = { "", NULL };
    const char *const *words =
        c->o.nr_words > 1 ? (const char *const *)c->o.words + 1 : none;
    libxl_domain_config config;
    struct xlconf conf;
    struct host host;
    uint32_t domid;
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    libxl_domain_config_init(&config);
    int r = xlconf_read(LOAD_XLCONF, &conf, err);
    host_read(&c->xen, &conf, &host);
    if (r == 0 &&
        (r = dom_device_read(kind->key, words, &host.dom, &config, err)) == 0)
        r = add(c, kind, domid, &config, err);
    host_dispose(&host);
    xlconf_dispose(&conf);
    libxl_domain_config_dispose(&config);
    return r ? -1 : 0;
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
