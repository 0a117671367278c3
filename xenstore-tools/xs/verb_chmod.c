/* xenstore-chmod: permissions of a node, its parents, everything below. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xs/perm.h"
#include "xs/say.h"
#include "xs/verb.h"

struct change {
    struct job *job;
    char *perms; /* entries, each with its NUL */
    size_t len;
};

static int set(struct change *ch, const char *path)
{
    if (!client_set_perms(&ch->job->client, path, ch->perms, ch->len))
        return XS_OK;
    if (errno == ENOENT) {
        say(ch->job->prog,
            "Error occurred setting permissions on '%s': there is no such "
            "node, or no such domain",
            path);
        return XS_FAILED;
    }
    return verb_failed(ch->job, "Error occurred setting permissions on", path);
}

static int set_below(struct change *ch, const char *path);

static int set_children(struct change *ch, const char *path,
                        const struct client_text *names)
{
    int r = XS_OK;

    for (size_t at = 0; at < names->len && r == XS_OK;
         at += strlen(names->data + at) + 1) {
        const char *name = names->data + at;
        char *child;

        if (asprintf(&child, "%s/%s", strcmp(path, "/") != 0 ? path : "",
                     name) < 0)
            return verb_failed(ch->job, "could not list path", path);
        r = set(ch, child);
        if (r == XS_OK)
            r = set_below(ch, child);
        free(child);
    }
    return r;
}

static int set_below(struct change *ch, const char *path)
{
    struct client_text names = { 0 };
    int r;

    if (client_list(&ch->job->client, path, &names))
        return verb_failed(ch->job, "could not list path", path);
    r = set_children(ch, path, &names);
    free(names.data);
    return r;
}

static int set_above(struct change *ch, const char *path)
{
    char *copy = strdup(path), *slash;
    int r = XS_OK;

    if (!copy)
        return verb_failed(ch->job, "out of memory at", path);
    while (r == XS_OK && (slash = strrchr(copy, '/')) != NULL && slash > copy) {
        *slash = '\0';
        r = set(ch, copy);
    }
    free(copy);
    return r;
}

static int change_all(void *arg)
{
    struct change *ch = arg;
    const struct options *o = &ch->job->opt;
    const char *path = ch->job->args[0];
    int r = set(ch, path);

    if (r == XS_OK && o->upto)
        r = set_above(ch, path);
    if (r == XS_OK && o->recurse)
        r = set_below(ch, path);
    return r;
}

static int parse_perms(struct change *ch)
{
    struct job *job = ch->job;

    ch->perms = malloc((size_t)job->n_args * 16);
    for (int i = 1; i < job->n_args && ch->perms; i++) {
        size_t n = perm_parse(job->args[i], ch->perms + ch->len);

        ch->len += n;
        if (n)
            continue;
        say(job->prog,
            "Invalid permission specification: '%s'; a permission is r, w, b "
            "or n and a domain id, such as r5",
            job->args[i]);
        return -1;
    }
    return ch->perms ? 0 : -1;
}

int verb_chmod(struct job *job)
{
    struct change ch = { .job = job };
    int r = XS_FAILED;

    if (job->opt.upto && !strchr(job->args[0], '/'))
        say(job->prog, "-u needs a path that begins with /, '%s' does not",
            job->args[0]);
    else if (!parse_perms(&ch))
        r = client_transaction(&job->client, change_all, &ch);
    free(ch.perms);
    if (r < 0)
        return verb_failed(job, "Error occurred setting permissions on",
                           job->args[0]);
    return r;
}
