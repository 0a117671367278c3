/* Way A, in dom/: vsnd=, the paravirtual sound card: a list of cards, each a
 * list of "card,...", "pcm,..." and "stream,..." strings. */
#include <stdlib.h>
#include <string.h>

#include "dom/spec.h"

static void set_rates(struct dom_build *b, void *params_,
                      const struct spec_field *f)
{
    libxl_vsnd_params *params = params_;
    g_auto(GStrv) parts = g_strsplit(f->value, ";", -1);
    (void)b;

    g_free(params->sample_rates);
    params->sample_rates = NULL;
    params->num_sample_rates = 0;
    for (char **p = parts; *p; p++)
        if (**p)
            *BUILD_ADD(params->sample_rates, params->num_sample_rates) =
                (uint32_t)strtoul(*p, NULL, 0);
}

static void set_formats(struct dom_build *b, void *params_,
                        const struct spec_field *f)
{
    libxl_vsnd_params *params = params_;
    g_auto(GStrv) parts = g_strsplit(f->value, ";", -1);

    g_free(params->sample_formats);
    params->sample_formats = NULL;
    params->num_sample_formats = 0;
    for (char **p = parts; *p; p++) {
        int format;
        if (!**p)
            continue;
        if (words_find(libxl_vsnd_pcm_format_string_table, *p, false,
                       &format)) {
            *BUILD_ADD(params->sample_formats, params->num_sample_formats) =
                (libxl_vsnd_pcm_format)format;
            continue;
        }
        g_autofree char *hint =
            words_hint(libxl_vsnd_pcm_format_string_table, *p);
        build_refuse(b, 1, "unknown-value", spec_value_pos(f), hint,
                     "\"%s\" is not a sample format", *p);
    }
}

/* The parameters that cards, pcms and streams share sit in a member of each. */
#define PARAMS(type)                                                           \
    { "sample-rates", SPEC_OWN, 0, NULL, type##_rates },                       \
        { "sample-formats", SPEC_OWN, 0, NULL, type##_formats },               \
        { "channels-min", SPEC_U32,                                            \
          offsetof(libxl_##type, params.channels_min), NULL, NULL },           \
        { "channels-max", SPEC_U32,                                            \
          offsetof(libxl_##type, params.channels_max), NULL, NULL },           \
        { "buffer-size", SPEC_U32, offsetof(libxl_##type, params.buffer_size), \
          NULL, NULL },                                                        \
    {                                                                          \
        NULL, SPEC_TEXT, 0, NULL, NULL                                         \
    }
#define SETTERS(type)                                                          \
    static void type##_rates(struct dom_build *b, void *device,                \
                             const struct spec_field *f)                       \
    {                                                                          \
        set_rates(b, &((libxl_##type *)device)->params, f);                    \
    }                                                                          \
    static void type##_formats(struct dom_build *b, void *device,              \
                               const struct spec_field *f)                     \
    {                                                                          \
        set_formats(b, &((libxl_##type *)device)->params, f);                  \
    }
SETTERS(device_vsnd)
SETTERS(vsnd_pcm)
SETTERS(vsnd_stream)

static const struct spec_key card_keys[] = {
    { "backend", SPEC_TEXT, offsetof(libxl_device_vsnd, backend_domname), NULL,
      NULL },
    { "short-name", SPEC_TEXT, offsetof(libxl_device_vsnd, short_name), NULL,
      NULL },
    { "long-name", SPEC_TEXT, offsetof(libxl_device_vsnd, long_name), NULL,
      NULL },
    PARAMS(device_vsnd),
};
static const struct spec_key pcm_keys[] = {
    { "name", SPEC_TEXT, offsetof(libxl_vsnd_pcm, name), NULL, NULL },
    PARAMS(vsnd_pcm),
};
static const struct spec_key stream_keys[] = {
    { "unique-id", SPEC_TEXT, offsetof(libxl_vsnd_stream, unique_id), NULL,
      NULL },
    { "type", SPEC_WORD, offsetof(libxl_vsnd_stream, type),
      libxl_vsnd_stream_type_string_table, NULL },
    PARAMS(vsnd_stream),
};

static libxl_vsnd_pcm *add_pcm(libxl_device_vsnd *card)
{
    libxl_vsnd_pcm *pcm = BUILD_ADD(card->pcms, card->num_vsnd_pcms);

    libxl_vsnd_pcm_init(pcm);
    return pcm;
}

/* A stream belongs to the last pcm, or to a nameless first one. */
static libxl_vsnd_stream *add_stream(libxl_device_vsnd *card)
{
    libxl_vsnd_pcm *pcm = card->num_vsnd_pcms
                              ? &card->pcms[card->num_vsnd_pcms - 1]
                              : add_pcm(card);
    libxl_vsnd_stream *stream = BUILD_ADD(pcm->streams, pcm->num_vsnd_streams);

    libxl_vsnd_stream_init(stream);
    return stream;
}

static void read_line(struct dom_build *b, const struct cfg_node *item,
                      libxl_device_vsnd *card)
{
    struct spec_style style = { .what = "vsnd",
                                .unknown = DIAG_ERROR,
                                .bare = DIAG_ERROR };
    const char *text = item->text;
    size_t from = strspn(text, ",");
    void *part;

    if (!text[from])
        return;
    from += strspn(text + from, " ");
    size_t length = strcspn(text + from, ",");
    g_autofree char *kind = g_strndup(text + from, length);
    if (!g_ascii_strcasecmp(kind, "card")) {
        style.keys = card_keys;
        part = card;
    } else if (!g_ascii_strcasecmp(kind, "pcm")) {
        style.keys = pcm_keys;
        part = add_pcm(card);
    } else if (!g_ascii_strcasecmp(kind, "stream")) {
        style.keys = stream_keys;
        part = add_stream(card);
    } else {
        build_refuse(b, 1, "unknown-option", cfg_node_pos(item, from, length),
                     "each string begins with card, pcm or stream",
                     "\"%s\" is not a part of a sound card", kind);
        return;
    }
    spec_read_from(b, &style, item, from + length, part);
}

static void add_card(struct dom_build *b, const struct cfg_node *lines)
{
    libxl_domain_config *config = b->config;
    libxl_device_vsnd *card = BUILD_ADD(config->vsnds, config->num_vsnds);

    libxl_device_vsnd_init(card);
    card->devid = config->num_vsnds - 1;
    for (unsigned i = 0; lines->items && i < lines->items->len; i++) {
        const struct cfg_node *line = g_ptr_array_index(lines->items, i);
        if (line->kind == CFG_LIST) {
            build_warn(b, "list-in-list", line->pos, NULL,
                       "a sound card is a list of strings: a list inside ends "
                       "it, and what follows is ignored");
            return;
        }
        read_line(b, line, card);
    }
}

void dev_vsnd(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_list(b, row->name);

    for (unsigned i = 0; s && s->value->items && i < s->value->items->len;
         i++) {
        const struct cfg_node *card = g_ptr_array_index(s->value->items, i);
        if (card->kind == CFG_LIST)
            add_card(b, card);
        else
            build_refuse(b, 1, "not-a-list", card->pos,
                         "write vsnd=[ [ \"card,...\", \"pcm,...\" ] ]",
                         "each sound card is a list");
    }
}
