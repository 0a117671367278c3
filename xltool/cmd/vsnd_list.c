/* xl vsnd-list: the PV sound cards of domains (way A). */
#include <stdlib.h>

#include "cmd/devices_common.h"

const struct opt_row cmd_vsnd_list_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static void params(GString *s, const libxl_vsnd_params *p)
{
    if (p->channels_min)
        g_string_append_printf(s, ", channels-min: %u", p->channels_min);
    if (p->channels_max)
        g_string_append_printf(s, ", channels-max: %u", p->channels_max);
    if (p->buffer_size)
        g_string_append_printf(s, ", buffer-size: %u", p->buffer_size);
    if (p->num_sample_rates) {
        g_string_append(s, ", sample-rates: ");
        for (int i = 0; i < p->num_sample_rates; i++)
            g_string_append_printf(s, "%u;", p->sample_rates[i]);
    }
    if (p->num_sample_formats) {
        /* the original's label is the same for rates and formats */
        g_string_append(s, ", sample-rates: ");
        for (int i = 0; i < p->num_sample_formats; i++)
            g_string_append_printf(
                s, "%s;",
                libxl_vsnd_pcm_format_to_string(p->sample_formats[i]));
    }
    g_string_append_c(s, '\n');
}

static void stream(GString *s, int i, const libxl_vsnd_stream *stream,
                   const libxl_streaminfo *info)
{
    g_string_append_printf(
        s, "\t\tstream: %d, unique-id: \"%s\", type: %s", i,
        stream->unique_id ? stream->unique_id : "",
        stream->type == LIBXL_VSND_STREAM_TYPE_P ? "playback" : "capture");
    params(s, &stream->params);
    if (info)
        g_string_append_printf(s, "\t\t\tevent-channel: %d, ring-ref: %d\n",
                               info->req_evtch, info->req_rref);
}

static void card(GString *s, const libxl_device_vsnd *vsnd,
                 const libxl_vsndinfo *info)
{
    g_string_append_printf(s, "short-name: \"%s\", long-name: \"%s\"",
                           vsnd->short_name ? vsnd->short_name : "",
                           vsnd->long_name ? vsnd->long_name : "");
    params(s, &vsnd->params);
    for (int i = 0; i < vsnd->num_vsnd_pcms; i++) {
        const libxl_vsnd_pcm *pcm = &vsnd->pcms[i];
        g_string_append_printf(s, "\tpcm: %d, name: \"%s\"", i,
                               pcm->name ? pcm->name : "");
        params(s, &pcm->params);
        for (int j = 0; j < pcm->num_vsnd_streams; j++)
            stream(s, j, &pcm->streams[j],
                   i < info->num_vsnd_pcms && j < info->pcms[i].num_vsnd_streams
                       ? &info->pcms[i].streams[j]
                       : NULL);
    }
}

static int rows(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err)
{
    (void)err;
    int nr = 0;
    libxl_device_vsnd *cards = libxl_device_vsnd_list(c->xen.ctx, domid, &nr);
    for (int i = 0; i < nr; i++) {
        libxl_vsndinfo info;
        libxl_vsndinfo_init(&info);
        if (!libxl_device_vsnd_getinfo(c->xen.ctx, domid, &cards[i], &info)) {
            devices_row(out, libxl_vsndinfo_to_json(c->xen.ctx, &info),
                        "\ndevid: %d, be-domid: %d, handle: %d, state: %d, "
                        "be-path: %s, fe-path: %s\n",
                        info.devid, info.backend_id, info.frontend_id,
                        info.state, info.backend, info.frontend);
            if (!out->json)
                card(out->text, &cards[i], &info);
        }
        libxl_vsndinfo_dispose(&info);
    }
    libxl_device_vsnd_list_free(cards, nr);
    return 0;
}

int cmd_vsnd_list_run(struct cmd *c, struct err *err)
{
    static const struct devices_kind kind = {
        .header = "",
        .rows = rows,
        .keys = "backend? backend_id frontend? frontend_id devid state"
    };
    return devices_list(c, &kind, err);
}
