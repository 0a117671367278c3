/* Way A, in dom/: vnuma=, the guest's own NUMA nodes, and the sizes that
 * follow from them or from memory= and vcpus=. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "dom/spec.h"

enum { VCPUS_MOST = 1 << 16 };

struct vnuma {
    struct dom_build *b;
    const struct cfg_setting *setting;
    int count;              /* nodes */
    int max_vcpus;          /* sum over the nodes */
    uint64_t max_memkb;     /* sum over the nodes */
    libxl_vnode_info *node; /* being read */
};

/* One "key=value" of a node, blanks around both taken off. */
struct vnode_option {
    const struct cfg_node *item;
    const char *key;
    char *value;
    struct diag_pos pos; /* of the value */
};

static int parse_ulong(struct vnuma *v, const struct vnode_option *o,
                       const char *text, unsigned long *out)
{
    char *end;

    *out = strtoul(text, &end, 10);
    if (end != text && *out != ULONG_MAX) {
        if (*end)
            build_warn(v->b, "trailing-text", o->pos, NULL,
                       "%s=%s: \"%s\" behind the number is ignored", o->key,
                       text, end);
        return 0;
    }
    build_refuse(v->b, 1, "not-a-number", o->pos, NULL,
                 "\"%s\" in %s of vnuma is not a number", text, o->key);
    return -1;
}

static void set_pnode(struct vnuma *v, const struct vnode_option *o)
{
    unsigned nodes = v->b->host->nr_nodes;
    unsigned long number;

    if (parse_ulong(v, o, o->value, &number))
        return;
    if (nodes && number >= nodes) {
        build_refuse(v->b, 1, "not-in-range", o->pos, NULL,
                     "pnode=%lu: this host has NUMA nodes 0 to %u", number,
                     nodes - 1);
        return;
    }
    v->node->pnode = (uint32_t)number;
    libxl_defbool_set(&v->b->config->b_info.numa_placement, false);
}

static void set_size(struct vnuma *v, const struct vnode_option *o)
{
    unsigned long number;

    if (parse_ulong(v, o, o->value, &number))
        return;
    v->node->memkb = (uint64_t)number << 10;
    v->max_memkb += v->node->memkb;
}

/* A part of vcpus=: "N" or "N-M". Junk is told, and read as far as it goes, as
 * in the original. */
static void add_vcpus(struct vnuma *v, const struct vnode_option *o,
                      const char *text)
{
    char *end;
    unsigned long first = strtoul(text, &end, 10), last = first;
    bool bad = end == text;

    if (!bad && *end == '-') {
        const char *second = end + 1;
        last = strtoul(second, &end, 10);
        bad = end == second;
    }
    if (bad || *end || last < first)
        build_warn(v->b, "bad-range", o->pos, "write N or N-M",
                   "\"%s\" in vcpus of vnuma is not a range of vcpus", text);
    if (first > VCPUS_MOST || last > VCPUS_MOST) {
        build_refuse(v->b, 1, "not-in-range", o->pos, NULL,
                     "\"%s\" in vcpus of vnuma is more than Xen can give",
                     text);
        return;
    }
    for (unsigned long i = first; i <= last; i++, v->max_vcpus++)
        libxl_bitmap_set(&v->node->vcpus, (int)i);
}

static void set_vcpus(struct vnuma *v, const struct vnode_option *o)
{
    g_auto(GStrv) parts = g_strsplit(o->value, ",", -1);

    for (char **p = parts; *p; p++)
        if (**p)
            add_vcpus(v, o, *p);
}

static void set_distances(struct vnuma *v, const struct vnode_option *o)
{
    g_auto(GStrv) parts = g_strsplit(o->value, ",", -1);
    unsigned long number;
    int i = 0;

    for (char **p = parts; *p; p++) {
        if (!**p)
            continue;
        if (i == v->count) {
            build_refuse(v->b, 1, "too-many", o->pos,
                         "give one distance for each node",
                         "vdistances has more values than there are nodes "
                         "(%d)",
                         v->count);
            return;
        }
        if (parse_ulong(v, o, *p, &number))
            return;
        v->node->distances[i++] = (uint32_t)number;
    }
}

static const struct {
    const char *name;
    void (*set)(struct vnuma *, const struct vnode_option *);
} options[] = {
    { "pnode", set_pnode },
    { "size", set_size },
    { "vcpus", set_vcpus },
    { "vdistances", set_distances },
};

/* Bytes of a "key=value" in text. */
struct pair {
    size_t key, key_length, value, value_length;
};

static struct pair split(const char *text)
{
    /* the older rule: '=' before, between and behind do not count */
    struct pair p = { .key = SPEC_PAIR_CUT ? strspn(text, "=") : 0 };

    p.key_length = strcspn(text + p.key, "=");
    p.value = p.key + p.key_length;
    if (SPEC_PAIR_CUT) {
        p.value += strspn(text + p.value, "=");
        p.value_length = strcspn(text + p.value, "=");
    } else {
        p.value += text[p.value] == '=';
        p.value_length = strlen(text + p.value);
    }
    return p;
}

static void read_option(struct vnuma *v, const struct cfg_node *item)
{
    struct pair p = split(item->text);
    g_autofree char *key =
        g_strstrip(g_strndup(item->text + p.key, p.key_length));
    g_autofree char *value =
        g_strstrip(g_strndup(item->text + p.value, p.value_length));
    struct vnode_option o = { item, key, value,
                              cfg_node_pos(item, p.value, p.value_length) };

    if (!p.key_length || !p.value_length) {
        build_refuse(v->b, 1, "bad-option", item->pos,
                     "write \"pnode=0\", \"size=512\", \"vcpus=0-1\" or "
                     "\"vdistances=10,20\"",
                     "\"%s\" in vnuma is not key=value", item->text);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
        if (!strcmp(options[i].name, o.key)) {
            options[i].set(v, &o);
            return;
        }
    build_warn(v->b, "unknown-option", item->pos, NULL,
               "\"%s\" is not an option of vnuma; it is ignored", o.key);
}

static void read_node(struct vnuma *v, const struct cfg_node *list, int i)
{
    libxl_domain_build_info *info = &v->b->config->b_info;

    v->node = &info->vnuma_nodes[i];
    libxl_vnode_info_init(v->node);
    v->node->num_distances = v->count;
    v->node->distances = g_new0(uint32_t, (gsize)v->count);
    build_bitmap(&v->node->vcpus, info->max_vcpus > 0
                                      ? (unsigned)info->max_vcpus
                                  : v->b->host->nr_cpus ? v->b->host->nr_cpus
                                                        : VCPUS_MOST + 1);
    if (list->kind != CFG_LIST) {
        build_refuse(v->b, 1, "not-a-list", list->pos,
                     "write vnuma=[ [ \"pnode=0\", \"size=512\", "
                     "\"vcpus=0-1\" ] ]",
                     "each node of vnuma is a list");
        return;
    }
    for (unsigned k = 0; list->items && k < list->items->len; k++) {
        const struct cfg_node *item = g_ptr_array_index(list->items, k);
        if (item->kind == CFG_LIST)
            build_warn(v->b, "list-in-list", item->pos, NULL,
                       "a list inside a node of vnuma is ignored");
        else
            read_option(v, item);
    }
}

/* vcpus and memory of the nodes against maxvcpus=, maxmem= and the host. */
static void check_sums(struct vnuma *v)
{
    libxl_domain_build_info *info = &v->b->config->b_info;
    unsigned cpus = v->b->host->nr_cpus;
    struct diag_pos pos = v->setting->pos;

    if (info->max_vcpus && info->max_vcpus != v->max_vcpus)
        build_refuse(v->b, 1, "mismatch", pos, NULL,
                     "the nodes of vnuma have %d vcpus, the guest %d",
                     v->max_vcpus, info->max_vcpus);
    else if (!info->max_vcpus && cpus && v->max_vcpus > (int)cpus)
        build_refuse(v->b, 1, "mismatch", pos,
                     "add maxvcpus= if it is meant so",
                     "the nodes of vnuma have %d vcpus, this host %u cpus",
                     v->max_vcpus, cpus);
    else
        info->max_vcpus = v->max_vcpus;
    if (info->max_memkb != LIBXL_MEMKB_DEFAULT &&
        info->max_memkb != v->max_memkb)
        build_refuse(v->b, 1, "mismatch", pos, NULL,
                     "the nodes of vnuma have %" PRIu64
                     " MiB, maxmem= says %" PRIu64,
                     v->max_memkb >> 10, info->max_memkb >> 10);
    else
        info->max_memkb = v->max_memkb;
}

/* What is left open by maxmem=, maxvcpus= and vnuma= follows from the rest. */
static void settle(struct dom_build *b)
{
    libxl_domain_build_info *info = &b->config->b_info;
    int online = libxl_bitmap_count_set(&info->avail_vcpus);
    const struct cfg_setting *s = cfg_find(b->cfg, "maxvcpus");

    if (info->max_memkb == LIBXL_MEMKB_DEFAULT)
        info->max_memkb = info->target_memkb;
    if (!info->max_vcpus)
        info->max_vcpus = online;
    if (info->max_vcpus < online)
        build_refuse(b, 1, "mismatch",
                     s ? build_value_pos(s) : cfg_find(b->cfg, "vcpus")->pos,
                     "maxvcpus= is the number of vcpus the guest can grow to",
                     "maxvcpus=%d is less than vcpus=%d", info->max_vcpus,
                     online);
}

void vnuma_set(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_list(b, row->name);
    const GPtrArray *items = s ? s->value->items : NULL;
    struct vnuma v = { .b = b, .setting = s };

    if (!items || !items->len) {
        settle(b);
        return;
    }
    v.count = info->num_vnuma_nodes = (int)items->len;
    info->vnuma_nodes = g_new0(libxl_vnode_info, items->len);
    for (int i = 0; i < v.count; i++)
        read_node(&v, g_ptr_array_index(items, i), i);
    check_sums(&v);
    settle(b);
}
