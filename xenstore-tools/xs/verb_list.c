/* xenstore-list: names of children. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xs/verb.h"

static void print(struct job *job, const char *path,
                  const struct client_text *names)
{
    struct out *o = &job->out;

    for (size_t at = 0; at < names->len; at += strlen(names->data + at) + 1) {
        const char *name = names->data + at;

        if (job->opt.prefix) {
            out_raw(o, path, strlen(path));
            out_char(o, '/');
        }
        out_raw(o, name, strlen(name));
        out_char(o, '\n');
    }
}

static void print_json(struct out *o, int i, const char *path,
                       const struct client_text *names)
{
    out_text(o, i ? ",\n {\"path\":" : "[\n {\"path\":");
    out_json(o, path, strlen(path));
    out_text(o, ",\"children\":[");
    for (size_t at = 0; at < names->len; at += strlen(names->data + at) + 1) {
        if (at)
            out_char(o, ',');
        out_json(o, names->data + at, strlen(names->data + at));
    }
    out_text(o, "]}");
}

static int list_all(void *arg)
{
    struct job *job = arg;

    out_reset(&job->out);
    for (int i = 0; i < job->n_args; i++) {
        struct client_text names = { 0 };

        if (client_list(&job->client, job->args[i], &names))
            return verb_failed(job, "could not list path", job->args[i]);
        if (job->opt.json)
            print_json(&job->out, i, job->args[i], &names);
        else
            print(job, job->args[i], &names);
        free(names.data);
    }
    if (job->opt.json)
        out_text(&job->out, "\n]\n");
    return XS_OK;
}

int verb_list(struct job *job)
{
    int r;

    if (job->n_args == 1)
        r = list_all(job);
    else
        r = client_transaction(&job->client, list_all, job);
    if (r && job->opt.json)
        out_reset(&job->out);
    return r < 0 ? verb_failed(job, "could not list path", job->args[0]) : r;
}
