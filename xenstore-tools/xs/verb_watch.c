/* xenstore-watch: a line for every change below some paths. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xen/io/xs_wire.h>

#include "xs/say.h"
#include "xs/verb.h"

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Milliseconds until `end`, for poll(); forever when there is no end. */
static int left(const struct job *job, long end)
{
    long ms = end - now_ms();

    if (job->opt.timeout < 0)
        return CHANNEL_FOREVER;
    return ms > 0 ? (int)ms : 0;
}

/* An event is the path that changed and the token of its watch. */
static void print(struct job *job, const struct wire_msg *m)
{
    struct out *o = &job->out;
    size_t path = strnlen(m->data, m->len);
    size_t token =
        path < m->len ? strnlen(m->data + path + 1, m->len - path - 1) : 0;

    if (!job->opt.json) {
        out_raw(o, m->data, path);
        out_char(o, '\n');
        return;
    }
    out_text(o, "{\"path\":");
    out_json(o, m->data, path);
    out_text(o, ",\"watch\":");
    out_json(o, token ? m->data + path + 1 : "", token);
    out_text(o, "}\n");
}

struct watch_state {
    long seen; /* events printed */
    int asked; /* watches whose reply is outstanding */
};

/* One message: an event, or the answer to a watch request. */
static int handle(struct job *job, struct watch_state *s,
                  const struct wire_msg *m)
{
    if (m->type == XS_WATCH_EVENT) {
        if (job->opt.number >= 0 && s->seen >= job->opt.number)
            return XS_OK; /* enough, but watches are still being set */
        print(job, m);
        s->seen++;
        return XS_OK;
    }
    s->asked--;
    if (m->type != XS_ERROR)
        return XS_OK;
    out_reset(&job->out);
    errno = wire_errno(m->data, m->len);
    return verb_failed(job, "Unable to add watch on",
                       job->args[m->id % (uint32_t)job->n_args]);
}

static int ask(struct job *job, struct watch_state *s)
{
    for (int i = 0; i < job->n_args; i++) {
        struct wire_msg m = { .type = XS_WATCH, .id = (uint32_t)i };
        struct wire_part parts[] = { wire_text(job->args[i]),
                                     wire_text(job->args[i]) };

        if (channel_queue(&job->client.channel, &m, parts, 2) ||
            (job->client.channel.ring && channel_flush(&job->client.channel)))
            return verb_failed(job, "Unable to add watch on", job->args[i]);
        s->asked++;
    }
    return XS_OK;
}

int verb_watch(struct job *job)
{
    struct watch_state s = { 0 };
    long end = now_ms() + job->opt.timeout;
    int code = ask(job, &s);

    while (code == XS_OK &&
           (s.asked || job->opt.number < 0 || s.seen < job->opt.number)) {
        struct wire_msg m;
        int r;

        /* nothing is said before all watches are in place */
        if (!s.asked && out_flush(&job->out))
            return XS_FAILED;
        r = channel_next(&job->client.channel, &m, left(job, end));
        if (r == 0)
            return XS_TIMEOUT;
        code = r < 0 ? verb_failed(job, "stopped watching", job->args[0])
                     : handle(job, &s, &m);
    }
    return code;
}
