/* Way A, in dom/: how many vcpus, and the cpus they may run on. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "dom/build.h"
#include "dom/cpus.h"

/* More than any Xen takes; keeps a slip of the finger from filling memory. */
enum { VCPUS_MOST = 1 << 16, CPUS_MOST = 1 << 16 };

void cpus_vcpus(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    if (number < 0 || number > VCPUS_MOST) {
        build_refuse(b, 1, "not-in-range",
                     build_value_pos(cfg_find(b->cfg, row->name)),
                     "write how many virtual cpus the guest starts with",
                     "vcpus=%ld is not a number of cpus", number);
        return;
    }
    build_bitmap(&info->avail_vcpus,
                 number ? (unsigned)number : MAX(b->host->nr_cpus, 1));
    for (int i = 0; i < number; i++)
        libxl_bitmap_set(&info->avail_vcpus, i);
}

void cpus_maxvcpus(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    if (number > VCPUS_MOST)
        build_refuse(b, 1, "not-in-range",
                     build_value_pos(cfg_find(b->cfg, row->name)), NULL,
                     "maxvcpus=%ld is more than Xen can give", number);
    else
        b->config->b_info.max_vcpus = (int)number;
}

/* --- cpu lists ------------------------------------------------------------ */

struct list_part {
    const char *text; /* without ^ and node: */
    bool not, nodes, all;
    unsigned long first, last;
};

static int parse_number(const char **text, unsigned long *out)
{
    char *end;

    while (g_ascii_isspace(**text))
        ++*text;
    if (**text == '+')
        ++*text;
    if (!g_ascii_isdigit(**text))
        return -1;
    errno = 0;
    *out = strtoul(*text, &end, 10);
    *text = end;
    return errno || *out >= CPUS_MOST ? -1 : 0;
}

static int parse_range(const char *text, unsigned long *first,
                       unsigned long *last)
{
    if (parse_number(&text, first))
        return -1;
    *last = *first;
    if (*text == '-') {
        text++;
        if (parse_number(&text, last))
            return -1;
    }
    return *text || *last < *first ? -1 : 0;
}

/* One part of the list; NULL or what is wrong with it. */
static const char *parse_part(const char *text, struct list_part *part)
{
    *part = (struct list_part){ 0 };
    if (*text == '^') {
        part->not = true;
        text++;
    }
    if (g_str_has_prefix(text, "nodes:") || g_str_has_prefix(text, "node:")) {
        part->nodes = true;
        text = strchr(text, ':') + 1;
    }
    part->text = text;
    if (!strcmp(text, "all")) {
        part->all = true;
        return part->not ? "\"^\" cannot stand before \"all\"" : NULL;
    }
    if (parse_range(text, &part->first, &part->last))
        return "not a cpu, a range such as 0-3, node:N or all";
    return NULL;
}

static void set_range(libxl_bitmap *map, const struct list_part *part)
{
    for (unsigned long i = part->first; i <= part->last; i++)
        if (part->not )
            libxl_bitmap_reset(map, (int)i);
        else
            libxl_bitmap_set(map, (int)i);
}

static void apply_part(libxl_bitmap *map, const struct list_part *part,
                       const struct dom_host *host, unsigned bits)
{
    if (part->all) {
        /* as libxl fills a map: to the end of its last byte */
        for (unsigned i = 0; i < (host->nr_cpus ? map->size * 8 : bits); i++)
            libxl_bitmap_set(map, (int)i);
    } else if (!part->nodes) {
        set_range(map, part);
    } else {
        for (unsigned i = 0; host->cpu_node && i < host->nr_cpus; i++)
            if (host->cpu_node[i] >= part->first &&
                host->cpu_node[i] <= part->last) {
                struct list_part cpu = { .not = part->not,
                                         .first = i,
                                         .last = i };
                set_range(map, &cpu);
            }
    }
}

/* Bits the map needs: the host's cpus, or as many as are named. */
static unsigned count_bits(char **parts, const struct dom_host *host,
                           unsigned least)
{
    unsigned bits = MAX(least, 1);
    struct list_part part;

    if (host->nr_cpus)
        return host->nr_cpus;
    for (; *parts; parts++)
        if (!parse_part(*parts, &part) && !part.all && !part.nodes)
            bits = MAX(bits, (unsigned)part.last + 1);
    return bits;
}

int cpus_parse(const char *text, const struct dom_host *host, unsigned least,
               libxl_bitmap *map, struct cpus_error *error_out)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    unsigned bits = count_bits(parts, host, least);
    size_t at = 0;

    build_bitmap(map, bits);
    for (char **p = parts; *p; at += strlen(*p) + 1, p++) {
        struct list_part part;
        if (!**p)
            continue;
        const char *why = parse_part(*p, &part);
        if (why) {
            *error_out = (struct cpus_error){ why, at, strlen(*p) };
            return -1;
        }
        apply_part(map, &part, host, bits);
    }
    return 0;
}

/* --- cpus= and cpus_soft= ---------------------------------------------------
 */

/* Where the maps of one of the two keys go. */
struct affinity {
    const char *name;
    int *count;
    libxl_bitmap **maps;
};

static int parse_item(struct dom_build *b, const struct affinity *a,
                      const struct cfg_node *node, libxl_bitmap *map)
{
    struct cpus_error error;

    if (!cpus_parse(node->text, b->host,
                    (unsigned)MAX(b->config->b_info.max_vcpus, 1), map, &error))
        return 0;
    build_refuse(
        b, 1, "bad-cpu-list", cfg_node_pos(node, error.offset, error.length),
        "write a list such as \"0-3,^1\" or \"node:0\"", "\"%.*s\" in %s: %s",
        (int)error.length, node->text + error.offset, a->name, error.why);
    return -1;
}

/* The original refuses cpus= (but not cpus_soft=) that leaves no cpu. */
static void check_empty(struct dom_build *b, const struct affinity *a,
                        const struct cfg_node *node, const libxl_bitmap *map)
{
    if (strcmp(a->name, "cpus") || !b->host->nr_cpus ||
        !libxl_bitmap_is_empty(map))
        return;
    build_refuse(b, 1, "no-cpu-left", node->pos, NULL,
                 "\"%s\" in cpus leaves the guest no cpu of this host (it has "
                 "%u)",
                 node->text, b->host->nr_cpus);
}

static void one_for_all(struct dom_build *b, const struct affinity *a,
                        const struct cfg_node *node)
{
    libxl_bitmap map;
    int vcpus = b->config->b_info.max_vcpus;

    libxl_bitmap_init(&map);
    if (!parse_item(b, a, node, &map)) {
        for (int i = 0; i < vcpus; i++) {
            libxl_bitmap *copy = BUILD_ADD(*a->maps, *a->count);
            libxl_bitmap_init(copy);
            build_bitmap(copy, map.size * 8);
            memcpy(copy->map, map.map, map.size);
        }
        if (vcpus > 0)
            check_empty(b, a, node, &map);
    }
    libxl_bitmap_dispose(&map);
}

static void one_each(struct dom_build *b, const struct affinity *a,
                     const struct cfg_setting *list)
{
    const GPtrArray *items = list->value->items;

    for (int i = 0; items && i < (int)items->len; i++) {
        const struct cfg_node *node = g_ptr_array_index(items, i);
        if (i >= b->config->b_info.max_vcpus) {
            build_note(b, "no-such-vcpu", node->pos, NULL,
                       "the guest has %d vcpus; this entry of %s is not used",
                       MAX(b->config->b_info.max_vcpus, 1), a->name);
            return;
        }
        if (node->kind == CFG_LIST) {
            build_refuse(b, 1, "list-in-list", node->pos, NULL,
                         "%s is a list of strings, one for each vcpu", a->name);
            return;
        }
        libxl_bitmap *map = BUILD_ADD(*a->maps, *a->count);
        libxl_bitmap_init(map);
        if (!parse_item(b, a, node, map))
            check_empty(b, a, node, map);
    }
}

void cpus_affinity(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_any(b, row->name);
    bool hard = !strcmp(row->name, "cpus");
    struct affinity a = {
        row->name,
        hard ? &info->num_vcpu_hard_affinity : &info->num_vcpu_soft_affinity,
        hard ? &info->vcpu_hard_affinity : &info->vcpu_soft_affinity,
    };

    if (!s)
        return;
    if (value_is_list(s))
        one_each(b, &a, s);
    else
        one_for_all(b, &a, s->value);
    if (value_is_list(s) || !hard)
        libxl_defbool_set(&info->numa_placement, false);
}
