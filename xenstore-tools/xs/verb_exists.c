/* xenstore-exists: an answer by exit code. */
#include <errno.h>
#include <stdlib.h>

#include "xs/verb.h"

static int all_exist(void *arg)
{
    struct job *job = arg;

    for (int i = 0; i < job->n_args; i++) {
        struct client_text v = { 0 };

        if (!client_read(&job->client, job->args[i], &v))
            free(v.data);
        else if (errno == ENOENT)
            return XS_FAILED;
        else
            return verb_failed(job, "cannot look at", job->args[i]);
    }
    return XS_OK;
}

int verb_exists(struct job *job)
{
    int r;

    if (job->n_args == 1)
        return all_exist(job);
    r = client_transaction(&job->client, all_exist, job);
    return r < 0 ? verb_failed(job, "cannot look at", job->args[0]) : r;
}
