/* xenstore-write: all pairs or none. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xs/quote.h"
#include "xs/say.h"
#include "xs/verb.h"

static int write_pair(struct job *job, const char *path, const char *text)
{
    char *value = strdup(text);
    size_t len;
    int r, e;

    if (!value)
        return -1;
    len = job->opt.raw ? strlen(value) : quote_undo(value);
    r = client_write(&job->client, path, value, len);
    e = errno;
    free(value);
    errno = e;
    return r;
}

static int write_all(void *arg)
{
    struct job *job = arg;

    for (int i = 0; i + 1 < job->n_args; i += 2)
        if (write_pair(job, job->args[i], job->args[i + 1]))
            return verb_failed(job, "could not write path", job->args[i]);
    return XS_OK;
}

int verb_write(struct job *job)
{
    int r;

    if (job->n_args % 2) {
        say(job->prog, "the value of the last key '%s' is missing",
            job->args[job->n_args - 1]);
        return XS_FAILED;
    }
    if (job->n_args == 2)
        return write_all(job);
    r = client_transaction(&job->client, write_all, job);
    return r < 0 ? verb_failed(job, "could not write path", job->args[0]) : r;
}
