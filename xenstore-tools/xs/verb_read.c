/* xenstore-read: values of nodes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xs/verb.h"

static void print_json(struct out *o, int i, const char *path,
                       const struct client_text *v)
{
    out_text(o, i ? ",\n {\"path\":" : "[\n {\"path\":");
    out_json(o, path, strlen(path));
    out_char(o, ',');
    out_json_value(o, v->data, v->len);
    out_char(o, '}');
}

static void print(struct job *job, const char *path,
                  const struct client_text *v)
{
    struct out *o = &job->out;

    if (job->opt.prefix) {
        out_raw(o, path, strlen(path));
        out_text(o, ": ");
    }
    if (job->opt.raw) {
        out_raw(o, v->data, v->len);
        return;
    }
    out_quoted(o, v->data, v->len);
    out_char(o, '\n');
}

static int read_all(void *arg)
{
    struct job *job = arg;

    out_reset(&job->out);
    for (int i = 0; i < job->n_args; i++) {
        struct client_text v = { 0 };

        if (client_read(&job->client, job->args[i], &v))
            return verb_failed(job, "couldn't read path", job->args[i]);
        if (job->opt.json)
            print_json(&job->out, i, job->args[i], &v);
        else
            print(job, job->args[i], &v);
        free(v.data);
    }
    if (job->opt.json)
        out_text(&job->out, "\n]\n");
    return XS_OK;
}

int verb_read(struct job *job)
{
    int r;

    if (job->n_args == 1)
        r = read_all(job);
    else
        r = client_transaction(&job->client, read_all, job);
    if (r && job->opt.json)
        out_reset(&job->out); /* half an array helps nobody */
    return r < 0 ? verb_failed(job, "couldn't read path", job->args[0]) : r;
}
