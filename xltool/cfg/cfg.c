/* The tree of a config: its settings, found by name, joined by += (way A). */
#include "cfg/cfg.h"

#include <string.h>

#include "cfg/tree.h"

void cfg_node_free(struct cfg_node *node)
{
    if (!node)
        return;
    g_free(node->text);
    g_free(node->places);
    if (node->items)
        g_ptr_array_unref(node->items);
    g_free(node);
}

static void node_free(void *node)
{
    cfg_node_free(node);
}

struct cfg_node *cfg_list_new(struct diag_pos pos)
{
    struct cfg_node *node = g_new0(struct cfg_node, 1);
    node->kind = CFG_LIST;
    node->pos = pos;
    node->items = g_ptr_array_new_with_free_func(node_free);
    return node;
}

static void setting_free(void *p)
{
    struct cfg_setting *setting = p;
    g_free(setting->name);
    cfg_node_free(setting->value);
    g_free(setting);
}

struct cfg *cfg_new(const char *file)
{
    struct cfg *cfg = g_new0(struct cfg, 1);
    cfg->file = g_strdup(file);
    cfg->settings = g_ptr_array_new_with_free_func(setting_free);
    cfg->index = g_hash_table_new(g_str_hash, g_str_equal);
    return cfg;
}

void cfg_free(struct cfg *cfg)
{
    if (!cfg)
        return;
    g_hash_table_unref(cfg->index);
    g_ptr_array_unref(cfg->settings);
    diags_dispose(&cfg->diags);
    g_free(cfg->file);
    g_free(cfg);
}

struct cfg_setting *cfg_find(const struct cfg *cfg, const char *name)
{
    return g_hash_table_lookup(cfg->index, name);
}

/* Of the byte at offset, which is at most text_len. */
static struct cfg_place place_at(const struct cfg_node *node, size_t offset)
{
    unsigned i = node->n_places - 1;
    while (node->places[i].offset > offset)
        i--;
    struct cfg_place place = node->places[i];
    place.column += (unsigned)(offset - place.offset);
    return place;
}

struct diag_pos cfg_node_pos(const struct cfg_node *node, size_t offset,
                             size_t length)
{
    if (!node->places || !length || offset >= node->text_len)
        return node->pos;
    struct cfg_place first = place_at(node, offset);
    struct cfg_place behind =
        place_at(node, MIN(offset + length, node->text_len));
    bool one_line = behind.file == first.file && behind.line == first.line;
    return (struct diag_pos){ first.file, first.line, first.column,
                              one_line ? behind.column - first.column
                                       : (unsigned)length };
}

void cfg_node_place(struct cfg_node *node, struct cfg_place place)
{
    unsigned n = node->n_places;
    if ((n & (n - 1)) == 0) /* full: the room doubles */
        node->places = g_renew(struct cfg_place, node->places, n ? 2 * n : 1);
    node->places[n] = place;
    node->n_places = n + 1;
}

static void append_text(struct cfg_node *to, const struct cfg_node *from)
{
    size_t n = to->text_len, add = from->text_len + 1; /* with its end */
    to->text = g_realloc(to->text, n + add);
    memcpy(to->text + n, from->text, add);
    if (to->places[to->n_places - 1].offset == n)
        to->n_places--; /* it was that of the end only */
    for (unsigned i = 0; i < from->n_places; i++) {
        struct cfg_place place = from->places[i];
        place.offset += n;
        cfg_node_place(to, place);
    }
    to->text_len += from->text_len;
    to->kind = CFG_STRING;
}

static void append_items(struct cfg_node *to, struct cfg_node *from)
{
    for (guint i = 0; i < from->items->len; i++)
        g_ptr_array_add(to->items, from->items->pdata[i]);
    g_ptr_array_set_free_func(from->items, NULL);
}

/* Joins value to the setting; false when one is a list and the other is not. */
static bool append(struct cfg_setting *setting, struct cfg_node *value)
{
    struct cfg_node *old = setting->value;
    if ((old->kind == CFG_LIST) != (value->kind == CFG_LIST))
        return false;
    if (old->kind == CFG_LIST)
        append_items(old, value);
    else
        append_text(old, value);
    cfg_node_free(value);
    return true;
}

static struct cfg_setting *find_or_add(struct cfg *cfg, const char *name)
{
    struct cfg_setting *setting = cfg_find(cfg, name);
    if (setting)
        return setting;
    setting = g_new0(struct cfg_setting, 1);
    setting->name = g_strdup(name);
    g_ptr_array_add(cfg->settings, setting);
    g_hash_table_insert(cfg->index, setting->name, setting);
    return setting;
}

bool cfg_store_take(struct cfg *cfg, const char *name, struct diag_pos pos,
                    bool is_append, struct cfg_node *value, bool broken)
{
    struct cfg_setting *setting = find_or_add(cfg, name);
    bool fresh = !setting->value || !is_append;
    setting->pos = pos;
    setting->last_was_append = is_append;
    setting->broken = broken || (!fresh && setting->broken);
    if (fresh) {
        cfg_node_free(setting->value);
        setting->value = value;
        return true;
    }
    if (append(setting, value))
        return true;
    setting->broken = true;
    cfg_node_free(value);
    return false;
}
