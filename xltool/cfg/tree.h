/* Building the tree of a config; for the parser. */
#ifndef CFG_TREE_H
#define CFG_TREE_H

#include "cfg/cfg.h"

/* Free with cfg_free. */
struct cfg *cfg_new(const char *file);
struct cfg_node *cfg_list_new(struct diag_pos pos);
void cfg_node_free(struct cfg_node *node);
/* Adds a place; its offset is behind those of the others. */
void cfg_node_place(struct cfg_node *node, struct cfg_place place);
/* Assigns or (is_append) joins value, which is taken over. false when a list
 * met a single value; the setting then is broken. */
bool cfg_store_take(struct cfg *cfg, const char *name, struct diag_pos pos,
                    bool is_append, struct cfg_node *value, bool broken);

#endif
