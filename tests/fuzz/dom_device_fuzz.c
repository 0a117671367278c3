/* Any text as the value of a key with a grammar of its own: the first byte
 * picks the key. */
#include <stddef.h>
#include <stdint.h>

#include "dom/dom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* %s is the text; '|' in it begins a further string. */
static const char *const templates[] = {
    "disk=[\"%s\"]",
    "vif=[\"%s\"]",
    "pci=[\"%s\"]",
    "vtpm=[\"%s\"]",
    "vkb=[\"%s\"]",
    "vdispl=[\"%s\"]",
    "vsnd=[[\"%s\"]]",
    "usbctrl=[\"%s\"]",
    "usbdev=[\"%s\"]",
    "p9=[\"%s\"]",
    "pvcalls=[\"%s\"]",
    "channel=[\"%s\"]",
    "vfb=[\"%s\"]",
    "ioports=[\"%s\"]",
    "irqs=[\"%s\"]",
    "iomem=[\"%s\"]",
    "vnuma=[[\"%s\"]]",
    "vcpus=4;cpus=\"%s\"",
    "vcpus=4;cpus=[\"%s\"]",
    "cpuid=\"%s\"",
    "cpuid=[\"%s\"]",
    "type=\"hvm\";rdm=\"%s\"",
    "type=\"hvm\";viridian=[\"%s\"]",
    "bootloader_args=\"%s\"",
    "uuid=\"%s\"",
    "type=\"hvm\";firmware=\"%s\"",
};

/* The text as the inside of a string of the config language, line breaks and
 * quotes with their backslash. */
static void append_inside(GString *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '|')
            g_string_append(out, "\",\"");
        else if (text[i] == '\n')
            g_string_append(out, "\\n");
        else if (text[i] == '"')
            g_string_append(out, "\\\"");
        else
            g_string_append_c(out, text[i] && text[i] != '\\' ? text[i] : '_');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dom_host host = { 0 };
    libxl_domain_config config;

    if (size < 2)
        return -1;
    const char *shape = templates[data[0] % G_N_ELEMENTS(templates)];
    const char *hole = strstr(shape, "%s");
    GString *text = g_string_new("name=\"fuzz\";kernel=\"/k\";");
    g_string_append_len(text, shape, hole - shape);
    append_inside(text, (const char *)data + 1, size - 1);
    g_string_append(text, hole + 2);
    struct cfg *cfg = cfg_parse("fuzz", text->str, text->len, NULL);
    if (!dom_config_from_cfg(cfg, &host, &config))
        g_free(dom_config_json(&config));
    libxl_domain_config_dispose(&config);
    cfg_free(cfg);
    g_string_free(text, TRUE);
    return 0;
}
