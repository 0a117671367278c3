/* Way A: struct cfg -> libxl_domain_config. Runs the rows of keys.def in
 * their order, then names the settings that no row knows. */
#include "dom/build.h"

#include <stdlib.h>
#include <string.h>

static void add(struct dom_build *b, enum diag_severity severity,
                const char *id, struct diag_pos pos, const char *hint,
                const char *fmt, va_list args)
    __attribute__((format(printf, 6, 0)));
static void add(struct dom_build *b, enum diag_severity severity,
                const char *id, struct diag_pos pos, const char *hint,
                const char *fmt, va_list args)
{
    diag_take(&b->cfg->diags, severity, id, pos, g_strdup_vprintf(fmt, args),
              g_strdup(hint));
}

void build_refuse(struct dom_build *b, int exit_code, const char *id,
                  struct diag_pos pos, const char *hint, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add(b, DIAG_ERROR, id, pos, hint, fmt, args);
    va_end(args);
    if (!b->exit_code)
        b->exit_code = exit_code;
}

void build_warn(struct dom_build *b, const char *id, struct diag_pos pos,
                const char *hint, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add(b, DIAG_WARNING, id, pos, hint, fmt, args);
    va_end(args);
}

void build_note(struct dom_build *b, const char *id, struct diag_pos pos,
                const char *hint, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add(b, DIAG_NOTE, id, pos, hint, fmt, args);
    va_end(args);
}

struct diag_pos build_value_pos(const struct cfg_setting *s)
{
    return s->value->pos;
}

unsigned build_guest(const struct dom_build *b)
{
    switch (b->config->c_info.type) {
    case LIBXL_DOMAIN_TYPE_HVM:
        return HVM;
    case LIBXL_DOMAIN_TYPE_PVH:
        return PVH;
    default:
        return PV;
    }
}

void *build_extend(void **array, int *count, size_t size)
{
    *array = g_realloc_n(*array, (size_t)*count + 1, size);
    return memset((char *)*array + (size_t)(*count)++ * size, 0, size);
}

void build_bitmap(libxl_bitmap *map, unsigned bits)
{
    libxl_bitmap_dispose(map);
    map->size = (bits + 7) / 8;
    map->map = g_malloc0(map->size ? map->size : 1);
}

#define OFFSET(field) offsetof(libxl_domain_config, field)
#define SIZE(field) sizeof(((libxl_domain_config *)NULL)->field)
#define FIELD(field_) .offset = OFFSET(field_), .size = SIZE(field_)

#define STRING(field) .shape = KEY_STRING, FIELD(field)
#define BOOL(field) .shape = KEY_BOOL, FIELD(field)
#define INT(field) .shape = KEY_INT, FIELD(field)
#define MIB(field) .shape = KEY_MIB, FIELD(field)
#define BOUNDED(field) .shape = KEY_BOUNDED, FIELD(field)
#define LIST(field) .shape = KEY_LIST, FIELD(field)
#define TEXTS(field, list)                                                     \
    .shape = KEY_TEXTS, FIELD(field), .offset2 = OFFSET(list)
#define ENUM(field, table, code)                                               \
    .shape = KEY_ENUM, FIELD(field), .words = table, .exit_code = code
#define EXACT(field, table) ENUM(field, table, 1), .exact = true
#define ENUMINT(field, table, deprecated)                                      \
    .shape = KEY_ENUMINT, FIELD(field), .words = table, .text = deprecated
#define OWN(function) .shape = KEY_OWN, .set = function
#define OWN_AT(function, field) OWN(function), FIELD(field)
#define READ .shape = KEY_READ
#define SINCE(release) .shape = KEY_SINCE, .text = release
#define KEY(key, guests_, shape_, summary_)                                    \
    { .name = #key, .guests = guests_, shape_, .summary = summary_ },

/* The config language's names of shutdown actions differ from libxl's. */
static const libxl_enum_string_table action_words[] = {
    { "destroy", LIBXL_ACTION_ON_SHUTDOWN_DESTROY },
    { "restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART },
    { "rename-restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME },
    { "preserve", LIBXL_ACTION_ON_SHUTDOWN_PRESERVE },
    { "coredump-destroy", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY },
    { "coredump-restart", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART },
    { "soft-reset", LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET },
    { NULL, -1 },
};

static const libxl_enum_string_table model_words[] = {
    { "qemu-xen", LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN },
    { "qemu-xen-traditional", LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN_TRADITIONAL },
    { NULL, -1 },
};

const struct key_row key_rows[] = {
#include "dom/keys.def"
};
const unsigned key_row_count = sizeof(key_rows) / sizeof(key_rows[0]);

const char *const *dom_key_names(void)
{
    static const char *names[sizeof(key_rows) / sizeof(key_rows[0]) + 1];

    for (unsigned i = 0; i < key_row_count; i++)
        names[i] = key_rows[i].name;
    return names;
}

static const struct key_row *row_find(const char *name)
{
    for (unsigned i = 0; i < key_row_count; i++)
        if (!strcmp(key_rows[i].name, name))
            return &key_rows[i];
    return NULL;
}

/* "hvm", "pv" or "pvh", or "hvm and pvh". */
static const char *guests_words(unsigned guests)
{
    static const char *const words[] = { "no",         "hvm", "pv",
                                         "hvm and pv", "pvh", "hvm and pvh",
                                         "pv and pvh", "all" };
    return words[guests & ANY];
}

static void row_run(struct dom_build *b, const struct key_row *row)
{
    if (row->shape == KEY_READ)
        return;
    if (row->guests & build_guest(b))
        shape_set(b, row);
}

static void report_unused(struct dom_build *b, const struct cfg_setting *s)
{
    const struct key_row *row = row_find(s->name);

    if (!row) {
        const char *nearest = diag_nearest(s->name, dom_key_names());
        g_autofree char *hint =
            nearest ? g_strdup_printf("did you mean \"%s\"?", nearest) : NULL;
        build_warn(b, "unknown-key", s->pos, hint,
                   "unknown setting \"%s\"; it is ignored", s->name);
    } else if (!s->used && !(row->guests & build_guest(b))) {
        build_note(b, "no-effect", s->pos, NULL,
                   "%s has an effect on %s guests only; this is a %s guest",
                   s->name, guests_words(row->guests),
                   guests_words(build_guest(b)));
    }
}

/* What holds without a line in the config: xl's own defaults and xl.conf's. */
static void set_defaults(struct dom_build *b)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct xlconf *conf = b->host->conf;

    b->config->on_poweroff = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
    b->config->on_reboot = LIBXL_ACTION_ON_SHUTDOWN_RESTART;
    b->config->on_watchdog = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
    b->config->on_crash = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
    b->config->on_soft_reset = LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET;
    libxl_defbool_set(&b->config->c_info.run_hotplug_scripts,
                      !conf || conf->run_hotplug_scripts);
    libxl_defbool_set(&info->claim_mode, !conf || conf->claim_mode);
    if (!conf)
        return;
    info->max_grant_frames = (uint32_t)conf->max_grant_frames;
    info->max_maptrack_frames = (uint32_t)conf->max_maptrack_frames;
    info->max_grant_version = conf->max_grant_version;
    if (conf->blkdev_start)
        value_replace(&info->blkdev_start, conf->blkdev_start);
}

int dom_config_from_cfg(struct cfg *cfg, const struct dom_host *host,
                        libxl_domain_config *config_out)
{
    struct dom_build b = { .cfg = cfg,
                           .host = host,
                           .config = config_out,
                           .unparsed = diags_count(&cfg->diags, DIAG_ERROR) };

    libxl_domain_config_init(config_out);
    set_defaults(&b);
    for (unsigned i = 0; i < key_row_count; i++)
        row_run(&b, &key_rows[i]);
    for (unsigned i = 0; i < cfg->settings->len; i++)
        report_unused(&b, g_ptr_array_index(cfg->settings, i));
    if (b.unparsed && !b.exit_code)
        b.exit_code = 1;
    return -b.exit_code;
}
