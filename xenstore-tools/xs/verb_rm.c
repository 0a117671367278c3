/* xenstore-rm: nodes with everything below, and on request the parents that
 * this leaves empty. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xs/verb.h"

/* Whether a node has neither a value nor children. */
static bool is_empty(struct client *c, const char *path)
{
    struct client_text value = { 0 }, names = { 0 };
    bool empty = !client_read(c, path, &value) && value.len == 0 &&
                 !client_list(c, path, &names) && names.len == 0;

    free(value.data);
    free(names.data);
    return empty;
}

static int remove_tidily(struct client *c, char *path)
{
    char *slash;
    int r;

    do {
        r = client_remove(c, path);
        slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    } while (!r && slash && *path && is_empty(c, path));
    return r;
}

static int remove_one(struct job *job, const char *path)
{
    char *copy = strdup(path);
    int r, e;

    if (!copy)
        return -1;
    r = job->opt.tidy ? remove_tidily(&job->client, copy)
                      : client_remove(&job->client, copy);
    e = errno;
    free(copy);
    errno = e;
    return r;
}

static int remove_all(void *arg)
{
    struct job *job = arg;

    for (int i = 0; i < job->n_args; i++)
        if (remove_one(job, job->args[i]))
            return verb_failed(job, "could not remove path", job->args[i]);
    return XS_OK;
}

int verb_rm(struct job *job)
{
    int r;

    if (job->n_args == 1 && !job->opt.tidy)
        return remove_all(job);
    r = client_transaction(&job->client, remove_all, job);
    return r < 0 ? verb_failed(job, "could not remove path", job->args[0]) : r;
}
