/* xenstore-control: commands to xenstored itself. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "xs/control.h"
#include "xs/say.h"

/* The words as one payload, each with its NUL. */
static char *join(char **words, int n, size_t *len_out)
{
    size_t len = 0;
    char *p, *at;

    for (int i = 0; i < n; i++)
        len += strlen(words[i]) + 1;
    at = p = malloc(len + 1);
    for (int i = 0; i < n && p; i++)
        at = stpcpy(at, words[i]) + 1;
    *len_out = len;
    return p;
}

int control_call(struct job *job, char **words, int n,
                 struct client_text *reply)
{
    struct wire_part part = { 0 };
    char *payload = join(words, n, &part.len);
    int r = -1, e;

    part.data = payload;
    if (payload)
        r = client_call(&job->client, XS_CONTROL, &part, 1, reply);
    e = errno;
    free(payload);
    errno = e;
    return r;
}

void control_print(struct job *job, const struct client_text *reply)
{
    struct out *o = &job->out;
    size_t len = strnlen(reply->data, reply->len);

    for (size_t i = 0; i < len; i++)
        if (strchr("\n\t", reply->data[i]))
            out_char(o, reply->data[i]);
        else
            out_raw(o, reply->data + i, 1);
    if (len)
        out_char(o, '\n');
}

static int refused(struct job *job)
{
    static char *help[] = { "help" };
    struct client_text reply = { 0 };
    int e = errno;

    if (e != EINVAL || control_call(job, help, 1, &reply)) {
        errno = e;
        verb_failed(job, "xenstored did not carry out", job->args[0]);
        return CONTROL_REFUSED;
    }
    say(job->prog,
        "xenstored does not take '%s' with these arguments; it knows:",
        job->args[0]);
    out_flush(&job->out);
    job->out.fd = 2;
    control_print(job, &reply);
    free(reply.data);
    return CONTROL_REFUSED;
}

int verb_control(struct job *job)
{
    struct client_text reply = { 0 };

    if (!strcmp(job->args[0], "live-update"))
        return control_live_update(job);
    if (control_call(job, job->args, job->n_args, &reply))
        return refused(job);
    control_print(job, &reply);
    free(reply.data);
    return XS_OK;
}
