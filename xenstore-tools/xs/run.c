/* Way C of the XenStore tools: the verb is found, connected, run. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "xs/say.h"
#include "xs/verb.h"

static const struct verb verbs[] = {
#define VERB(name, function, options, min_args, synopsis, help)                \
    { name, options, synopsis, help, min_args, function },
#include "xs/verbs.def"
#undef VERB
};

enum { N_VERBS = sizeof(verbs) / sizeof(*verbs) };

const struct verb *verb_find(const char *name)
{
    for (int i = 0; i < N_VERBS; i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

int verb_failed(struct job *job, const char *what, const char *path)
{
    say_failed(job->prog, what, path, errno);
    return XS_FAILED;
}

static int connect_and_run(struct job *job, const struct verb *v)
{
    int code;

    if (channel_open(&job->client.channel)) {
        say_no_xenstored(job->prog, errno);
        return XS_FAILED;
    }
    code = v->run(job);
    if (out_flush(&job->out)) {
        say(job->prog, "cannot write the output: %s",
            strerror(job->out.errnum));
        code = XS_FAILED;
    }
    channel_close(&job->client.channel);
    return code;
}

static int unknown(const char *prog, const char *name)
{
    char list[128], *at = list;

    for (int i = 0; i < N_VERBS; i++)
        at = stpcpy(stpcpy(at, i ? ", " : ""), verbs[i].name);
    if (name)
        say(prog, "there is no verb '%s'; the verbs are %s", name, list);
    else
        say(prog, "say what to do: %s VERB [-h] ..., the verbs are %s", prog,
            list);
    return XS_FAILED;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

int xenstore_run(int argc, char **argv)
{
    static const char prefix[] = "xenstore-";
    const char *prog = argc > 0 ? base_name(argv[0]) : "xenstore";
    struct job job = { .prog = prog, .client.channel.fd = -1 };
    const struct verb *v;
    char called_as[64];
    int code = XS_FAILED;

    if (!strncmp(prog, prefix, sizeof(prefix) - 1)) {
        v = verb_find(prog + sizeof(prefix) - 1);
        snprintf(called_as, sizeof(called_as), "%s", prog);
    } else {
        v = argc > 1 ? verb_find(argv[1]) : NULL;
        snprintf(called_as, sizeof(called_as), "%s %s", prog, v ? v->name : "");
        argc--;
        argv++;
    }
    if (!v)
        return unknown(prog, argc > 0 ? argv[0] : NULL);
    out_init(&job.out, STDOUT_FILENO);
    if (!options_parse(&job, v, called_as, argc, argv))
        code = connect_and_run(&job, v);
    out_dispose(&job.out);
    return code;
}
