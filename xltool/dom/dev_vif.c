/* Way A, in dom/: vif= specs -> libxl_device_nic. */
#include <libxlutil.h>
#include <stdlib.h>
#include <string.h>

#include "dom/rate.h"
#include "dom/spec.h"

static const libxl_enum_string_table type_words[] = {
    { "vif", LIBXL_NIC_TYPE_VIF },
    { "ioemu", LIBXL_NIC_TYPE_VIF_IOEMU },
    { NULL, -1 },
};

static void set_type(struct dom_build *b, void *device,
                     const struct spec_field *f)
{
    libxl_device_nic *nic = device;
    int type;

    if (words_find(type_words, f->value, true, &type))
        nic->nictype = (libxl_nic_type)type;
    else
        build_warn(b, "unknown-value", spec_value_pos(f),
                   "write type=vif or type=ioemu, or leave it out",
                   "\"%s\" is not a kind of network card; it is ignored",
                   f->value);
}

/* Six hexadecimal numbers with any one character between them; what is left
 * over is ignored, and what was read before a mistake stays. */
static int parse_mac(const char *text, libxl_mac mac)
{
    for (int i = 0; i < 6; i++) {
        char *end;
        unsigned long byte = strtoul(text, &end, 16);
        if (!g_ascii_isxdigit(*text) || end == text || byte > 0xff)
            return -1;
        mac[i] = (uint8_t)byte;
        text = *end ? end + 1 : end;
    }
    return 0;
}

static void set_mac(struct dom_build *b, void *device,
                    const struct spec_field *f)
{
    libxl_device_nic *nic = device;

    if (parse_mac(f->value, nic->mac))
        build_warn(b, "bad-mac", spec_value_pos(f),
                   "write six hexadecimal bytes such as 00:16:3e:12:34:56",
                   "\"%s\" is not a MAC address", f->value);
    else if (nic->mac[0] & 1)
        build_warn(b, "bad-mac", spec_value_pos(f),
                   "take an even first byte, such as 00:16:3e:...",
                   "\"%s\" is a group address, which a network card cannot "
                   "have",
                   f->value);
}

static void set_netdev(struct dom_build *b, void *device,
                       const struct spec_field *f)
{
    libxl_device_nic *nic = device;

    build_warn(b, "deprecated", spec_field_pos(f),
               "write gatewaydev=", "netdev= is deprecated");
    value_replace(&nic->gatewaydev, f->value);
}

static void set_accel(struct dom_build *b, void *device,
                      const struct spec_field *f)
{
    (void)device;
    build_warn(b, "obsolete", spec_field_pos(f), "take it out",
               "accel= has no effect");
}

static void set_rate(struct dom_build *b, void *device,
                     const struct spec_field *f)
{
    libxl_device_nic *nic = device;
    const char *why = rate_parse(f->value, &nic->rate_bytes_per_interval,
                                 &nic->rate_interval_usecs);

    if (why)
        build_refuse(b, 1, "bad-rate", spec_value_pos(f),
                     "write a rate such as 10MB/s, 100Mb/s or 1MB/s@20ms",
                     "rate=%s: %s", f->value, why);
}

#define AT(field) offsetof(libxl_device_nic, field)
#define NAME(field)                                                            \
    {                                                                          \
#field, SPEC_TEXT, AT(field), NULL, NULL                               \
    }
static const struct spec_key keys[] = {
    { "type", SPEC_OWN, 0, NULL, set_type },
    { "mac", SPEC_OWN, 0, NULL, set_mac },
    { "bridge", SPEC_TEXT, AT(bridge), NULL, NULL },
    { "netdev", SPEC_OWN, 0, NULL, set_netdev },
    { "gatewaydev", SPEC_TEXT, AT(gatewaydev), NULL, NULL },
    { "ip", SPEC_TEXT, AT(ip), NULL, NULL },
    { "script", SPEC_TEXT, AT(script), NULL, NULL },
    { "backend", SPEC_TEXT, AT(backend_domname), NULL, NULL },
    { "vifname", SPEC_TEXT, AT(ifname), NULL, NULL },
    { "model", SPEC_TEXT, AT(model), NULL, NULL },
    { "rate", SPEC_OWN, 0, NULL, set_rate },
    { "accel", SPEC_OWN, 0, NULL, set_accel },
    { "devid", SPEC_DECIMAL, AT(devid), NULL, NULL },
    { "mtu", SPEC_DECIMAL, AT(mtu), NULL, NULL },
    { "trusted", SPEC_ON, AT(trusted), NULL, NULL },
    { "untrusted", SPEC_OFF, AT(trusted), NULL, NULL },
    { "forwarddev", SPEC_TEXT, AT(coloft_forwarddev), NULL, NULL },
#ifdef LIBXL_HAVE_HVM_PIRQ /* came with the same release, 4.19 */
    { "vlan", SPEC_TEXT, AT(vlan), NULL, NULL },
#endif
#include "dom/colo.def"
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style style = {
    .what = "vif",
    .keys = keys,
    .unknown = DIAG_WARNING,
    .bare = DIAG_WARNING,
};

static void set_default(char **field, const char *text)
{
    if (text)
        value_replace(field, text);
}

static void add(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    const struct xlconf *conf = b->host->conf;
    libxl_device_nic *nic = BUILD_ADD(config->nics, config->num_nics);

    libxl_device_nic_init(nic);
    nic->devid = config->num_nics - 1;
    if (conf) {
        set_default(&nic->script, conf->vif_script);
        set_default(&nic->bridge, conf->vif_bridge);
        set_default(&nic->gatewaydev, conf->vif_gatewaydev);
        set_default(&nic->backend_domname, conf->vif_backend);
    }
    spec_read(b, &style, item, nic);
}

void dev_vif(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add);
}

void dev_vif2(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (s && value_is_list(s))
        build_warn(b, "obsolete", s->pos,
                   "write vif=", "vif2 (netchannel2) is not served by xl");
}
