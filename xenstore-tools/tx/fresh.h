/* What is known of the permissions of nodes that a transaction has made. A node
 * gets its parent's when it is made, so giving it the same again changes
 * nothing, but is a request and, with it, an event for everybody who watches
 * the node. */
#ifndef TX_FRESH_H
#define TX_FRESH_H

#include <stdbool.h>
#include <stddef.h>

struct fresh_node {
    char *path;
    char *perms; /* as in XS_SET_PERMS, a blank behind each; NULL: unknown */
    bool there;  /* made after it was removed */
};

/* {0} knows nothing. Without memory it knows less than it could. */
struct fresh {
    struct fresh_node *nodes;
    size_t nr, room;
};

/* The node and all below it went away: what is made there is new. */
void fresh_removed(struct fresh *f, const char *path);
/* The node was written, and with it the nodes above that were missing. */
void fresh_made(struct fresh *f, const char *path);
/* The node is to have these permissions. False: it has them already. */
bool fresh_permit(struct fresh *f, const char *path, const char *perms);
void fresh_dispose(struct fresh *f);

#endif
