/* Way A, in dom/: the grammar of PCI specs. */
#include "dom/pci_spec.h"

#include <stdlib.h>
#include <string.h>

/* A hexadecimal number at text, at most `most`; NULL when there is none or it
 * is bigger. */
static const char *hex(const char *text, unsigned most, unsigned *out)
{
    unsigned value = 0;
    const char *p = text;

    for (; g_ascii_isxdigit(*p) && value <= most; p++)
        value = value * 16 + (unsigned)g_ascii_xdigit_value(*p);
    if (p == text || value > most)
        return NULL;
    *out = value;
    return p;
}

static const char *function(const char *text, unsigned *out, bool *all)
{
    *all = *text == '*';
    *out = 0;
    if (*all)
        return text + 1;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return g_ascii_isxdigit(text[2]) ? hex(text + 2, 7, out) : text + 2;
    return hex(text, 7, out);
}

size_t pci_spec_bdf(const char *text, libxl_device_pci *pci)
{
    unsigned domain = 0, bus, dev, func;
    bool all;
    const char *p = hex(text, 0xffff, &domain);

    if (!p || *p != ':')
        return 0;
    const char *second = hex(p + 1, 0xff, &bus);
    if (second && *second == ':') {
        p = hex(second + 1, 0x1f, &dev);
    } else {
        bus = domain;
        domain = 0;
        p = bus > 0xff ? NULL : hex(p + 1, 0x1f, &dev);
    }
    if (!p || *p != '.' || !(p = function(p + 1, &func, &all)))
        return 0;
    pci->domain = (int)domain;
    pci->bus = (uint8_t)bus;
    pci->dev = (uint8_t)dev;
    pci->func = (uint8_t)func;
    pci->vfunc_mask = all ? LIBXL_PCI_FUNC_ALL : 1;
    return (size_t)(p - text);
}

/* Where the parser stands. */
struct spec {
    const char *text, *at;
    libxl_device_pci *pci;
    struct pci_spec_error *error;
    bool bdf, name;
};

static int wrong(struct spec *s, const char *from, size_t length,
                 const char *why, const char *hint)
{
    *s->error = (struct pci_spec_error){ why, hint, (size_t)(from - s->text),
                                         length, 6 };
    return -1;
}

static int set_bdf(struct spec *s, const char *value, size_t length)
{
    /* like the original: what follows the address is not looked at */
    if (s->bdf || !pci_spec_bdf(value, s->pci))
        return wrong(s, value, length,
                     s->bdf ? "the address is given twice"
                            : "this is not a PCI address",
                     "write [DOMAIN:]BUS:DEVICE.FUNCTION as lspci prints it");
    s->bdf = true;
    return 0;
}

static const char slot_hint[] = "write a hexadecimal number from 0 to 1f";

static int set_vslot(struct spec *s, const char *value, size_t length)
{
    unsigned slot;

    if (!hex(value, 0x1f, &slot))
        return wrong(s, value, length, "this is not a slot of the guest",
                     slot_hint);
    s->pci->vdevfn = slot << 3;
    return 0;
}

static int set_policy(struct spec *s, const char *value, size_t length)
{
    if (length == 6 && !strncmp(value, "strict", length))
        s->pci->rdm_policy = LIBXL_RDM_RESERVE_POLICY_STRICT;
    else if (length == 7 && !strncmp(value, "relaxed", length))
        s->pci->rdm_policy = LIBXL_RDM_RESERVE_POLICY_RELAXED;
    else {
        wrong(s, value, length, "this is not an RDM policy",
              "write strict or relaxed");
        s->error->exit_code = 3;
        return -1;
    }
    return 0;
}

static int set_name(struct spec *s, const char *value, size_t length)
{
    free(s->pci->name);
    s->pci->name = g_strndup(value, length);
    s->name = true;
    return 0;
}

static const struct {
    const char *key;
    int (*set)(struct spec *, const char *value, size_t length);
    size_t flag; /* without set: a bool, atoi */
} keys[] = {
    { "bdf", set_bdf, 0 },
    { "vslot", set_vslot, 0 },
    { "name", set_name, 0 },
    { "rdm_policy", set_policy, 0 },
    { "permissive", NULL, offsetof(libxl_device_pci, permissive) },
    { "msitranslate", NULL, offsetof(libxl_device_pci, msitranslate) },
    { "seize", NULL, offsetof(libxl_device_pci, seize) },
    { "power_mgmt", NULL, offsetof(libxl_device_pci, power_mgmt) },
};

static const char known[] = "the options are vslot, permissive, msitranslate, "
                            "seize, power_mgmt and rdm_policy";

/* One "key=value" at s->at. */
static int option(struct spec *s)
{
    const char *key = s->at, *eq = strchr(key, '=');

    if (!eq)
        return wrong(s, key, strlen(key), "this is not key=value", known);
    const char *value = eq + 1;
    size_t key_length = (size_t)(eq - key), length = strcspn(value, ",");
    s->at = value + length + (value[length] == ',');
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strlen(keys[i].key) != key_length ||
            strncmp(keys[i].key, key, key_length))
            continue;
        if (keys[i].set)
            return keys[i].set(s, value, length);
        *(bool *)((char *)s->pci + keys[i].flag) = atoi(value) != 0;
        return 0;
    }
    return wrong(s, key, key_length, "there is no such option", known);
}

/* The address at the beginning, with "@slot" behind it. */
static int positional(struct spec *s)
{
    size_t bdf = pci_spec_bdf(s->text, s->pci);

    if (!bdf)
        return 0;
    s->bdf = true;
    s->at += bdf;
    if (*s->at == '@') {
        size_t slot = strcspn(s->at + 1, ",");
        if (set_vslot(s, s->at + 1, slot))
            return -1;
        if (strspn(s->at + 1, "0123456789abcdefABCDEF") != slot)
            return wrong(s, s->at + 1, slot, "this is not a slot of the guest",
                         slot_hint);
        s->at += 1 + slot;
    }
    if (*s->at && *s->at++ != ',')
        return wrong(s, s->text, strcspn(s->text, ","),
                     "this is not a PCI address",
                     "write [DOMAIN:]BUS:DEVICE.FUNCTION as lspci prints it");
    return 0;
}

int pci_spec_parse(const char *text, libxl_device_pci *pci,
                   struct pci_spec_error *error_out)
{
    struct spec s = {
        .text = text, .at = text, .pci = pci, .error = error_out
    };

    if (positional(&s))
        return -1;
    while (*s.at)
        if (option(&s))
            return -1;
    if (s.bdf == s.name)
        return wrong(&s, text, strlen(text),
                     s.bdf ? "both an address and a name are given"
                           : "there is neither an address nor a name",
                     "write [DOMAIN:]BUS:DEVICE.FUNCTION as lspci prints it");
    return 0;
}
