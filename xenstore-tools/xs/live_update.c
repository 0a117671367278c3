/* xenstore-control live-update: a new xenstored takes over from the running one
 * without losing the store. The steps are those of docs/misc/xenstore.txt. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xs/control.h"
#include "xs/say.h"

struct update {
    char *cmdline, *timeout, *file;
    bool force;
};

static int missing(struct job *job, const char *what)
{
    say(job->prog, "live-update: %s is missing", what);
    return CONTROL_USAGE;
}

static int parse(struct job *job, struct update *u)
{
    for (int i = 1; i < job->n_args; i++) {
        char *word = job->args[i];
        char **value = !strcmp(word, "-c")   ? &u->cmdline
                       : !strcmp(word, "-t") ? &u->timeout
                                             : NULL;

        if (!strcmp(word, "-F"))
            u->force = true;
        else if (!value)
            u->file = word;
        else if (++i == job->n_args)
            return missing(job, word[1] == 'c' ? "the command line behind -c"
                                               : "the number behind -t");
        else
            *value = job->args[i];
    }
    return u->file ? XS_OK : missing(job, "the path of the new xenstored");
}

/* One step; xenstored answers OK, or BUSY when it has to be asked again. */
static int step(struct job *job, const char *what, char **words, int n)
{
    static const struct timespec pause = { 1, 0 };
    struct client_text reply = { 0 };
    int code = CONTROL_REFUSED;

    for (;;) {
        if (control_call(job, words, n, &reply)) {
            say(job->prog, "live-update: %s failed: %s", what,
                say_reason(errno, NULL));
            return code;
        }
        if (strcmp(reply.data, "BUSY") != 0)
            break;
        free(reply.data);
        nanosleep(&pause, NULL);
    }
    if (!strcmp(reply.data, "OK"))
        code = XS_OK;
    else
        say(job->prog, "live-update: %s failed: %s", what, reply.data);
    free(reply.data);
    return code;
}

/* A xenstored in its own domain takes its program over the wire, which only
 * the domain builder's library can prepare. */
static int check_daemon(struct job *job)
{
    struct client_text domid = { 0 };
    bool elsewhere;

    if (client_read(&job->client, "/tool/xenstored/domid", &domid))
        return XS_OK;
    elsewhere = strcmp(domid.data, "0") != 0;
    free(domid.data);
    if (!elsewhere)
        return XS_OK;
    say(job->prog, "live-update: xenstored runs in a domain of its own; only "
                   "one that runs in Dom0 can be updated here");
    return CONTROL_REFUSED;
}

static int run(struct job *job, const struct update *u)
{
    char *file[] = { "live-update", "-f", u->file };
    char *cmdline[] = { "live-update", "-c", u->cmdline };
    char *start[6] = { "live-update", "-s" };
    int n = 2, code;

    if (u->timeout) {
        start[n++] = "-t";
        start[n++] = u->timeout;
    }
    if (u->force)
        start[n++] = "-F";
    code = step(job, "naming the new program", file, 3);
    if (code == XS_OK && u->cmdline)
        code = step(job, "setting its command line", cmdline, 3);
    return code ? code : step(job, "the change-over", start, n);
}

int control_live_update(struct job *job)
{
    static char *abandon[] = { "live-update", "-a" };
    struct update u = { 0 };
    int code = parse(job, &u);

    if (code == XS_OK)
        code = check_daemon(job);
    if (code != XS_OK)
        return code;
    code = run(job, &u);
    if (code != XS_OK)
        control_call(job, abandon, 2, NULL);
    return code;
}
