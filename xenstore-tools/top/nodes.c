/* Which nodes of XenStore hold what xentop shows (way C, input). Source of the
 * paths: docs/misc/xenstore-paths.pandoc of Xen, and libxl. */
#include "top/nodes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Errors that xenstored answers with; all others mean the connection broke. */
static void note_error(struct nodes *n)
{
    switch (errno) {
    case ENOENT:
    case EACCES:
    case EINVAL:
    case E2BIG:
    case ENOSPC:
    case EISDIR:
    case ENOTDIR:
    case EAGAIN:
    case EBUSY:
        return;
    default:
        n->lost = true;
    }
}

/* A node's value, to be freed with g_free like all texts here; or NULL. */
static char *get(struct nodes *n, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static char *get(struct nodes *n, const char *fmt, ...)
{
    if (n->lost)
        return NULL;
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *path = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    unsigned len;
    char *raw = xs_read(n->xs, XBT_NULL, path, &len);
    if (!raw) {
        note_error(n);
        return NULL;
    }
    char *text = g_strdup(raw);
    free(raw);
    return text;
}

static int64_t to_number(const char *text)
{
    char *end;
    if (!text || !g_ascii_isdigit(*text))
        return -1;
    guint64 x = g_ascii_strtoull(text, &end, 10);
    return *end || x > INT64_MAX ? -1 : (int64_t)x;
}

/* libxl writes the start with a fraction of a second behind a dot. */
static int64_t get_time(struct nodes *n, const char *folder, const char *key)
{
    g_autofree char *text = get(n, "%s/%s", folder, key);
    if (text)
        text[strcspn(text, ".")] = '\0';
    return to_number(text);
}

static int64_t get_number(struct nodes *n, const char *folder, const char *key)
{
    g_autofree char *text = get(n, "%s/%s", folder, key);
    return to_number(text);
}

/* Names of the children; free the array with free(). 0 when there are none. */
static unsigned children(struct nodes *n, const char *path, char ***names_out)
{
    unsigned count = 0;
    *names_out = NULL;
    if (n->lost)
        return 0;
    *names_out = xs_directory(n->xs, XBT_NULL, path, &count);
    if (!*names_out) {
        note_error(n);
        return 0;
    }
    return count;
}

bool nodes_answer(struct nodes *n)
{
    g_free(get(n, "/local/domain/0/name"));
    return !n->lost;
}

void nodes_name(struct nodes *n, struct store_domain *d)
{
    d->name = get(n, "/local/domain/%u/name", d->id);
}

/* The platform's features are there or not; what the guest says has values, and
 * is empty until it says something. */
static void control(struct nodes *n, GString *all, const char *path,
                    const char *key)
{
    bool feature = g_str_has_prefix(key, "platform-feature-");
    g_autofree char *value = feature ? NULL : get(n, "%s/%s", path, key);
    if (!feature && (!value || !*value))
        return;
    g_string_append_printf(all, "%s%s", all->len ? " " : "", key);
    if (value)
        g_string_append_printf(all, "=%s", value);
}

static char *controls(struct nodes *n, const char *home)
{
    char **names;
    g_autofree char *path = g_strdup_printf("%s/control", home);
    unsigned count = children(n, path, &names);
    g_autoptr(GString) all = g_string_new(NULL);
    for (unsigned i = 0; i < count; i++)
        control(n, all, path, names[i]);
    free(names);
    return all->len ? g_string_free(g_steal_pointer(&all), FALSE) : NULL;
}

void nodes_detail(struct nodes *n, struct store_domain *d, const char *uuid)
{
    char home[64], folder[80];
    g_snprintf(home, sizeof home, "/local/domain/%u", d->id);
    g_snprintf(folder, sizeof folder, "/vm/%s", uuid);
    d->start_time = get_time(n, folder, "start_time");
    g_snprintf(folder, sizeof folder, "%s/memory", home);
    d->target_kib = get_number(n, folder, "target");
    d->static_max_kib = get_number(n, folder, "static-max");
    d->videoram_kib = get_number(n, folder, "videoram");
    d->dm_pid = get_number(n, home, "image/device-model-pid");
    d->console = get(n, "%s/console/tty", home);
    d->agent_total_kib = get_number(n, home, "data/meminfo_total");
    if (d->agent_total_kib >= 0)
        d->agent_free_kib = get_number(n, home, "data/meminfo_free");
    d->control = controls(n, home);
}

bool nodes_backend_parse(const char *path, uint32_t id, uint32_t dev,
                         uint32_t *backend_id, char kind[32])
{
    uint32_t of, number;
    int end = 0;
    if (sscanf(path, "/local/domain/%u/backend/%31[a-z0-9_]/%u/%u%n",
               backend_id, kind, &of, &number, &end) != 4)
        return false;
    return !path[end] && of == id && number == dev;
}

static void add_net(struct nodes *n, struct store_domain *d, uint32_t dev,
                    const char *backend, uint32_t backend_id)
{
    struct store_net net = { .id = dev, .backend_id = backend_id };
    net.mac = get(n, "%s/mac", backend);
    net.bridge = get(n, "%s/bridge", backend);
    net.script = get(n, "%s/script", backend);
    net.state = get_number(n, backend, "state");
    g_array_append_val(d->nets, net);
}

static void add_vbd(struct nodes *n, struct store_domain *d, uint32_t dev,
                    const char *backend, uint32_t backend_id, const char *kind)
{
    struct store_vbd vbd = { .id = dev, .backend_id = backend_id };
    vbd.qdisk = g_str_equal(kind, "qdisk") && backend_id == 0;
    vbd.dev = get(n, "%s/dev", backend);
    vbd.params = get(n, "%s/params", backend);
    vbd.mode = get(n, "%s/mode", backend);
    vbd.state = get_number(n, backend, "state");
    vbd.sector_size = vbd.qdisk ? get_number(n, backend, "sector-size") : -1;
    g_array_append_val(d->vbds, vbd);
}

/* The devices of one class ("vif", "vbd") below `home`. */
static void add_class(struct nodes *n, struct store_domain *d, const char *home,
                      const char *class)
{
    char **names;
    g_autofree char *path = g_strdup_printf("%s/device/%s", home, class);
    unsigned count = children(n, path, &names);
    for (unsigned i = 0; i < count; i++) {
        uint32_t backend_id, dev = (uint32_t)to_number(names[i]);
        char kind[32];
        g_autofree char *backend = get(n, "%s/%s/backend", path, names[i]);
        if (!backend ||
            !nodes_backend_parse(backend, d->id, dev, &backend_id, kind))
            continue;
        if (g_str_equal(class, "vif"))
            add_net(n, d, dev, backend, backend_id);
        else
            add_vbd(n, d, dev, backend, backend_id, kind);
    }
    free(names);
}

/* Which classes of devices a home has; false when it has no list. */
static bool add_home(struct nodes *n, struct store_domain *d, const char *home)
{
    char **names;
    g_autofree char *path = g_strdup_printf("%s/device", home);
    unsigned count = children(n, path, &names);
    for (unsigned i = 0; i < count; i++)
        if (g_str_equal(names[i], "vif") || g_str_equal(names[i], "vbd"))
            add_class(n, d, home, names[i]);
    free(names);
    return count;
}

void nodes_devices(struct nodes *n, struct store_domain *d)
{
    char libxl[64], own[64];
    g_snprintf(libxl, sizeof libxl, "/libxl/%u", d->id);
    g_snprintf(own, sizeof own, "/local/domain/%u", d->id);
    /* libxl keeps its list where guests cannot write; other toolstacks have
     * only the guest's own folder. */
    if (!add_home(n, d, libxl))
        add_home(n, d, own);
}

void nodes_qdisks(struct nodes *n, struct store_domain *d)
{
    char **names;
    g_autofree char *path =
        g_strdup_printf("/local/domain/0/backend/qdisk/%u", d->id);
    unsigned count = children(n, path, &names);
    for (unsigned i = 0; i < count; i++) {
        int64_t dev = to_number(names[i]);
        g_autofree char *backend = g_strdup_printf("%s/%s", path, names[i]);
        if (dev >= 0)
            add_vbd(n, d, (uint32_t)dev, backend, 0, "qdisk");
    }
    free(names);
}

void nodes_qdisk_domains(struct nodes *n, GHashTable *set)
{
    char **names;
    unsigned count = children(n, "/local/domain/0/backend/qdisk", &names);
    for (unsigned i = 0; i < count; i++) {
        int64_t id = to_number(names[i]);
        if (id >= 0)
            g_hash_table_add(set, GUINT_TO_POINTER((guint)id));
    }
    free(names);
}

bool nodes_event_parse(const char *path, uint32_t *id, enum nodes_topic *topic)
{
    static const char *const shown[] = { "memory/", "control/", "console/tty",
                                         "image/device-model-pid",
                                         "data/meminfo_" };
    uint32_t backend;
    int end = 0;
    *topic = NODES_DEVICES;
    if (sscanf(path, "/local/domain/%u/backend/%*[^/]/%u", &backend, id) == 2)
        return true;
    if (sscanf(path, "/libxl/%u/device", id) == 1)
        return true;
    if (sscanf(path, "/local/domain/%u/%n", id, &end) != 1 || !end)
        return false;
    if (g_str_equal(path + end, "name")) {
        *topic = NODES_NAME;
        return true;
    }
    *topic = NODES_DETAIL;
    for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
        if (g_str_has_prefix(path + end, shown[i]))
            return true;
    return false;
}

void nodes_dispose(struct store_domain *d)
{
    g_free(d->name);
    g_free(d->console);
    g_free(d->control);
    for (guint i = 0; d->nets && i < d->nets->len; i++) {
        struct store_net *n = &g_array_index(d->nets, struct store_net, i);
        g_free(n->mac);
        g_free(n->bridge);
        g_free(n->script);
    }
    for (guint i = 0; d->vbds && i < d->vbds->len; i++) {
        struct store_vbd *v = &g_array_index(d->vbds, struct store_vbd, i);
        g_free(v->dev);
        g_free(v->params);
        g_free(v->mode);
    }
    g_clear_pointer(&d->nets, g_array_unref);
    g_clear_pointer(&d->vbds, g_array_unref);
}
