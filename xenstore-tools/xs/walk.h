/* Walks a tree of XenStore with many requests in flight, and hands the nodes
 * out in the order of a plain depth-first walk: a node, then what is below it,
 * children in the store's order. */
#ifndef XS_WALK_H
#define XS_WALK_H

#include <stdbool.h>

#include "xs/client.h"

struct walk_node {
    const char *path; /* full path as reached from the start */
    const char *name; /* last part of it */
    long depth;       /* 0 for the children of the start */
    const char *value;
    size_t len;
    int value_errnum;  /* not 0: there is no value, and this is why */
    const char *perms; /* entries with a NUL each; NULL unless asked for */
    size_t perms_len;
    int perms_errnum;
};

struct walk {
    struct client *client;
    bool perms;     /* ask for permissions, too */
    long max_depth; /* levels below the start; -1: all */
    void *arg;
    void (*node)(void *arg, const struct walk_node *n);
    /* The children of a node cannot be had; nodes that have vanished (ENOENT)
     * are not told, except for the start. */
    void (*trouble)(void *arg, const char *path, int errnum);
    /* Called when nothing is in flight, so that it may block (write to a slow
     * reader) without holding up xenstored. `wanted` asks for that moment. */
    bool (*wanted)(void *arg);
    void (*pause)(void *arg);
};

/* Returns 0, or -1 with errno when the connection broke (what had come until
 * then has been handed out) or memory ran out. */
int walk_run(const struct walk *w, const char *start);

#endif
