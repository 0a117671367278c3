/* Way A, in dom/: channel=, named consoles of a guest. */
#include <string.h>

#include "dom/spec.h"

/* What a channel spec says, before the kind of its connection is known. */
struct channel {
    char *backend, *name, *path, *connection;
};

#define AT(field) offsetof(struct channel, field)
static const struct spec_key keys[] = {
    { "backend", SPEC_TEXT, AT(backend), NULL, NULL },
    { "name", SPEC_TEXT, AT(name), NULL, NULL },
    { "path", SPEC_TEXT, AT(path), NULL, NULL },
    { "connection", SPEC_TEXT, AT(connection), NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style style = {
    .what = "channel",
    .keys = keys,
    .trim = true,
    .cut = SPEC_PAIR_CUT,
    .filled = true,
    .unknown = DIAG_WARNING,
    .bare = DIAG_ERROR,
};

static void set_connection(struct dom_build *b, const struct cfg_node *item,
                           const struct channel *said,
                           libxl_device_channel *channel)
{
    const char *kind = said->connection;

    if (!kind) {
        build_refuse(b, 1, "incomplete", item->pos,
                     "add connection=pty or connection=socket",
                     "a channel needs a connection");
    } else if (strcmp(kind, "pty") && strcmp(kind, "socket")) {
        build_refuse(b, 1, "unknown-value", item->pos,
                     "write connection=pty or connection=socket",
                     "\"%s\" is not a kind of channel connection", kind);
    } else if (!strcmp(kind, "pty")) {
        libxl_device_channel_init_connection(channel,
                                             LIBXL_CHANNEL_CONNECTION_PTY);
    } else if (!said->path) {
        build_refuse(b, 1, "incomplete", item->pos, "add path=/run/name.sock",
                     "a channel with connection=socket needs a path");
    } else {
        libxl_device_channel_init_connection(channel,
                                             LIBXL_CHANNEL_CONNECTION_SOCKET);
        value_replace(&channel->u.socket.path, said->path);
    }
}

static void add(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_channel *channel =
        BUILD_ADD(config->channels, config->num_channels);
    struct channel said = { 0 };

    libxl_device_channel_init(channel);
#ifndef LIBXL_HAVE_BUILDINFO_LLC_COLORS /* 4.20 leaves it to libxl */
    channel->devid = config->num_channels - 1;
#endif
    spec_read(b, &style, item, &said);
    set_connection(b, item, &said, channel);
    channel->name = g_steal_pointer(&said.name);
    channel->backend_domname = g_steal_pointer(&said.backend);
    g_free(said.path);
    g_free(said.connection);
}

void dev_channel(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add);
}
