/* Where samples come from: live.c or a recorded file; and --record (way C,
 * first arrow). */
#include "top/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top/replay.h"

enum { PRIME_US = 200000 };

struct source {
    struct live *live;
    FILE *replay, *record;
    const char *path; /* of either file */
    uint64_t line;
    char *buffer;
    size_t room;
    GString *text;
};

struct source *source_open(const struct options *o, unsigned want,
                           struct err *err)
{
    struct source *src = g_new0(struct source, 1);
    src->path = o->replay ? o->replay : o->record;
    src->text = g_string_new(NULL);
    if (o->record)
        want |= LIVE_VCPUS | LIVE_PLACES | LIVE_PCPUS | LIVE_DETAIL;
    if (o->replay) {
        src->replay =
            g_str_equal(o->replay, "-") ? stdin : fopen(o->replay, "re");
        if (!src->replay)
            err_errno(err, ERR_IO, errno, "cannot read %s", o->replay);
    } else {
        src->live = live_open(want, err);
    }
    if (src->live && o->record) {
        src->record = fopen(o->record, "we");
        if (!src->record)
            err_errno(err, ERR_IO, errno, "cannot write %s", o->record);
    }
    if ((!src->live && !src->replay) || (o->record && !src->record)) {
        source_close(src);
        return NULL;
    }
    return src;
}

void source_close(struct source *src)
{
    if (!src)
        return;
    live_close(src->live);
    if (src->replay && src->replay != stdin)
        fclose(src->replay);
    if (src->record)
        fclose(src->record);
    free(src->buffer);
    g_string_free(src->text, TRUE);
    g_free(src);
}

static int next_line(struct source *src, struct sample *s, struct err *err)
{
    ssize_t n = getline(&src->buffer, &src->room, src->replay);
    if (n < 0)
        return ferror(src->replay)
                   ? err_errno(err, ERR_IO, errno, "cannot read %s", src->path)
                   : 0;
    src->line++;
    while (n && g_ascii_isspace(src->buffer[n - 1]))
        n--;
    if (replay_parse(s, src->buffer, (size_t)n, err))
        return err_context(err, "reading line %" G_GUINT64_FORMAT " of %s",
                           src->line, src->path);
    return 1;
}

static int record(struct source *src, const struct sample *s, struct err *err)
{
    g_string_truncate(src->text, 0);
    replay_format(src->text, s);
    if (fwrite(src->text->str, src->text->len, 1, src->record) != 1 ||
        fflush(src->record))
        return err_errno(err, ERR_IO, errno, "cannot write %s", src->path);
    return 0;
}

int source_next(struct source *src, struct sample *s, struct err *err)
{
    if (src->replay)
        return next_line(src, s, err);
    if (live_take(src->live, s, err) || (src->record && record(src, s, err)))
        return -1;
    return 1;
}

int source_prime(struct source *src, struct sample *s, struct err *err)
{
    if (!src->live)
        return 0;
    if (live_take(src->live, s, err))
        return -1;
    g_usleep(PRIME_US);
    return 1;
}
