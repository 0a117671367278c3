/* Way A, in dom/: keys that came with Xen 4.18 and later. Each is compiled when
 * the libxenlight at hand serves it; else its row in keys.def says from which
 * release on it works. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "dom/spec.h"

#ifdef LIBXL_HAVE_BUILDINFO_HVM_SMBIOS
static void add_smbios(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_build_info *info = &b->config->b_info;
    g_auto(GStrv) pair = g_strsplit(item->text, "=", 2);
    int key;

    if (!pair[0] || !pair[1] || !pair[1][0]) {
        build_refuse(b, 1, "bad-option", item->pos,
                     "write \"system_manufacturer=Example\"",
                     "\"%s\" in smbios is not type=value", item->text);
        return;
    }
    if (!words_find(libxl_smbios_type_string_table, pair[0], false, &key)) {
        g_autofree char *hint =
            words_hint(libxl_smbios_type_string_table, pair[0]);
        build_refuse(b, 1, "unknown-option",
                     cfg_node_pos(item, 0, strlen(pair[0])), hint,
                     "\"%s\" is not a type of smbios", pair[0]);
        return;
    }
    libxl_smbios *entry = BUILD_ADD(info->u.hvm.smbios, info->u.hvm.num_smbios);
    libxl_smbios_init(entry);
    entry->key = (libxl_smbios_type)key;
    entry->value = g_strdup(pair[1]);
}

void newer_smbios(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);
    const GPtrArray *items = s ? s->value->items : NULL;

    if (s && !value_is_list(s))
        build_refuse(b, 1, "not-a-list", build_value_pos(s),
                     "write smbios=[ \"type=value\" ]", "smbios takes a list");
    for (unsigned i = 0; items && i < items->len; i++) {
        const struct cfg_node *item = g_ptr_array_index(items, i);
        if (item->kind == CFG_LIST)
            build_refuse(b, 1, "list-in-list", item->pos, NULL,
                         "smbios is a list of strings");
        else
            add_smbios(b, item);
    }
}

/* virtio= came with the same release, without a mark of its own. */
#define AT(field) offsetof(libxl_device_virtio, field)
static const struct spec_key virtio_keys[] = {
    { "backend", SPEC_TEXT, AT(backend_domname), NULL, NULL },
    { "type", SPEC_TEXT, AT(type), NULL, NULL },
    { "transport", SPEC_WORD, AT(transport),
      libxl_virtio_transport_string_table, NULL },
    { "grant_usage", SPEC_DEFBOOL, AT(grant_usage), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style virtio_style = {
    .what = "virtio",
    .keys = virtio_keys,
    .commas = true,
    .unknown = DIAG_ERROR,
    .bare = DIAG_ERROR,
};

static void add_virtio(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_virtio *virtio =
        BUILD_ADD(config->virtios, config->num_virtios);

    libxl_device_virtio_init(virtio);
    virtio->devid = config->num_virtios - 1;
    spec_read(b, &virtio_style, item, virtio);
}

void newer_virtio(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_virtio);
}
#endif

#ifdef LIBXL_HAVE_BUILDINFO_LLC_COLORS
/* "N" or "N-M" */
static void add_colors(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_build_info *info = &b->config->b_info;
    char *end;
    unsigned long first = strtoul(item->text, &end, 0), last = first;

    if (end != item->text && *end == '-')
        last = strtoul(end + 1, &end, 0);
    if (!isdigit((unsigned char)item->text[0]) || last < first ||
        last > USHRT_MAX) {
        build_refuse(b, 1, "bad-range", item->pos, "write \"N\" or \"N-M\"",
                     "\"%s\" in llc_colors is not a range of colors",
                     item->text);
        return;
    }
    if (*end)
        build_warn(b, "trailing-text", item->pos,
                   "write one string for each range",
                   "\"%s\" behind the range is ignored", end);
    for (unsigned long i = first; i <= last; i++)
        *BUILD_ADD(info->llc_colors, info->num_llc_colors) = (uint32_t)i;
}

void newer_llc_colors(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_colors);
}
#endif

#ifdef LIBXL_HAVE_BUILDINFO_ARCH_ARM_SCI
static const struct spec_key sci_keys[] = {
    { "type", SPEC_WORD, offsetof(libxl_arm_sci, type),
      libxl_arm_sci_type_string_table, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style sci_style = {
    .what = "arm_sci",
    .keys = sci_keys,
    .unknown = DIAG_WARNING,
    .bare = DIAG_WARNING,
};

void newer_arm_sci(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (s)
        spec_read(b, &sci_style, s->value, &b->config->b_info.arch_arm.arm_sci);
}
#endif

#ifdef LIBXL_HAVE_XENSTORE_QUOTA
static void add_quota(struct dom_build *b, const struct cfg_node *item)
{
    libxl_xs_quota_set *set = &b->config->b_info.xenstore_quota;
    g_auto(GStrv) pair = g_strsplit(item->text, "=", 2);
    long number;

    if (!pair[0] || !pair[0][0] || !pair[1] ||
        value_parse_long(pair[1], &number) || number < 0 ||
        number > (long)UINT32_MAX) {
        build_refuse(b, 1, "bad-option", item->pos, "write \"nodes=1000\"",
                     "\"%s\" in xenstore_quota is not name=number", item->text);
        return;
    }
    libxl_xs_quota_item *quota = BUILD_ADD(set->quota, set->num_quota);
    libxl_xs_quota_item_init(quota);
    quota->name = g_strdup(pair[0]);
    quota->val = (uint32_t)number;
}

void newer_xenstore_quota(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_quota);
}
#endif
