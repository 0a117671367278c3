/* The nodes that a transaction has made, and their permissions. Pure. */
#include "tx/fresh.h"

#include <stdlib.h>
#include <string.h>

static struct fresh_node *find(const struct fresh *f, const char *path,
                               size_t len)
{
    for (size_t i = 0; i < f->nr; i++)
        if (!strncmp(f->nodes[i].path, path, len) && !f->nodes[i].path[len])
            return &f->nodes[i];
    return NULL;
}

/* Length of the parent's path; 0 above the first component. */
static size_t parent_len(const char *path, size_t len)
{
    while (len && path[--len] != '/')
        ;
    return len;
}

static void drop(struct fresh_node *n)
{
    free(n->path);
    free(n->perms);
}

static void add(struct fresh *f, const char *path, size_t len,
                const char *perms, bool there)
{
    if (f->nr == f->room) {
        size_t room = f->room ? f->room * 2 : 64;
        void *p = realloc(f->nodes, room * sizeof(*f->nodes));
        if (!p)
            return;
        f->nodes = p;
        f->room = room;
    }
    struct fresh_node n = { strndup(path, len), perms ? strdup(perms) : NULL,
                            there };
    if (n.path)
        f->nodes[f->nr++] = n;
    else
        drop(&n);
}

void fresh_removed(struct fresh *f, const char *path)
{
    size_t len = strlen(path), kept = 0;
    for (size_t i = 0; i < f->nr; i++) {
        const char *p = f->nodes[i].path;
        if (!strncmp(p, path, len) && (!p[len] || p[len] == '/'))
            drop(&f->nodes[i]);
        else
            f->nodes[kept++] = f->nodes[i];
    }
    f->nr = kept;
    add(f, path, len, NULL, false);
}

/* Where a node that was removed is the nearest known one above, all between is
 * new too. */
static void make(struct fresh *f, const char *path, size_t len)
{
    size_t above = parent_len(path, len);
    struct fresh_node *n = find(f, path, len);
    if (n) {
        const struct fresh_node *parent = find(f, path, above);
        if (!n->there && parent && parent->perms)
            n->perms = strdup(parent->perms);
        n->there = true;
        return;
    }
    if (!above)
        return;
    make(f, path, above);
    n = find(f, path, above);
    if (n)
        add(f, path, len, n->perms, true);
}

void fresh_made(struct fresh *f, const char *path)
{
    make(f, path, strlen(path));
}

bool fresh_permit(struct fresh *f, const char *path, const char *perms)
{
    struct fresh_node *n = find(f, path, strlen(path));
    if (!n || !n->there)
        return true;
    if (n->perms && !strcmp(n->perms, perms))
        return false;
    free(n->perms);
    n->perms = strdup(perms);
    return true;
}

void fresh_dispose(struct fresh *f)
{
    for (size_t i = 0; i < f->nr; i++)
        drop(&f->nodes[i]);
    free(f->nodes);
    *f = (struct fresh){ 0 };
}
