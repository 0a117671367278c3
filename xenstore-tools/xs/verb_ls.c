/* xenstore-ls: a tree, as lines or as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xs/perm.h"
#include "xs/say.h"
#include "xs/verb.h"
#include "xs/walk.h"

/* Layout of a line: ` = "..."` takes 8 columns besides the value, and the
 * permissions begin at column 60. */
enum { TAG = 8, PERM_COLUMN = 60, NO_LIMIT = 1 << 30 };

struct listing {
    struct job *job;
    long width;  /* columns of a line; NO_LIMIT: nothing is cut */
    long column; /* where permissions begin */
    bool first;  /* nothing printed in the JSON array */
    bool trouble;
};

static void spaces(struct out *o, long n)
{
    char *p = n > 0 ? out_reserve(o, (size_t)n) : NULL;

    if (!p)
        return;
    memset(p, ' ', (size_t)n);
    out_commit(o, (size_t)n);
}

/* The name of the node; returns the column behind it, 0 for a full path. */
static long print_name(struct listing *l, const struct walk_node *n)
{
    struct out *o = &l->job->out;
    size_t len;
    long room = l->width - TAG - n->depth;

    if (l->job->opt.flat) {
        out_raw(o, n->path, strlen(n->path));
        return 0;
    }
    len = strlen(n->name);
    if (room >= 0 && (long)len > room)
        len = (size_t)room;
    spaces(o, n->depth);
    out_raw(o, n->name, len);
    return n->depth + (long)len;
}

/* Two signs for every other column up to the permissions: " . . .". */
static void print_leader(struct listing *l, long column)
{
    struct out *o = &l->job->out;
    long end = l->column < l->width ? l->column : l->width;

    out_char(o, ' ');
    for (column++; column < end; column++)
        out_char(o, column & 1 ? '.' : ' ');
}

static void print_value(struct listing *l, const struct walk_node *n,
                        long column)
{
    struct out *o = &l->job->out;
    size_t before;
    long room = l->width - TAG - column;

    out_text(o, " = \"");
    before = o->len;
    out_quoted(o, n->value, n->len);
    if (l->width < column + (long)n->len + TAG) {
        if (room >= 0 && o->len - before > (size_t)room)
            o->len = before + (size_t)room;
        out_text(o, "\\...\"");
        return;
    }
    column += 5 + (long)(o->len - before);
    out_char(o, '"');
    if (l->job->opt.prefix)
        print_leader(l, column);
}

static void print_perms(struct listing *l, const struct walk_node *n)
{
    struct out *o = &l->job->out;

    if (n->perms_errnum == ENOENT)
        return; /* it went away between two questions */
    if (n->perms_errnum) {
        l->trouble = true;
        say_failed(l->job->prog, "could not access permissions for", n->name,
                   n->perms_errnum);
        return;
    }
    out_text(o, "  ");
    if (l->job->opt.words)
        perm_print_words(o, n->perms, n->perms_len);
    else
        perm_print_short(o, n->perms, n->perms_len);
}

static void print_line(void *arg, const struct walk_node *n)
{
    struct listing *l = arg;
    struct out *o = &l->job->out;
    long column = print_name(l, n);

    if (n->value_errnum)
        out_text(o, ":\n");
    else
        print_value(l, n, column);
    if (l->job->opt.prefix)
        print_perms(l, n);
    out_char(o, '\n');
}

static void print_json(void *arg, const struct walk_node *n)
{
    struct listing *l = arg;
    struct out *o = &l->job->out;

    out_text(o, l->first ? "[\n {\"path\":" : ",\n {\"path\":");
    l->first = false;
    out_json(o, n->path, strlen(n->path));
    out_char(o, ',');
    if (n->value_errnum)
        out_text(o, "\"value\":null");
    else
        out_json_value(o, n->value, n->len);
    if (n->perms) {
        out_text(o, ",\"perms\":");
        perm_print_json(o, n->perms, n->perms_len);
    }
    out_char(o, '}');
}

static void trouble(void *arg, const char *path, int errnum)
{
    struct listing *l = arg;

    l->trouble = true;
    say_failed(l->job->prog, "could not list path", path, errnum);
}

/* A consistent listing is printed when it is known to be one. Another is
 * written on the way as long as its reader keeps up. */
static bool wants_pause(void *arg)
{
    struct listing *l = arg;
    struct out *o = &l->job->out;

    if (l->job->opt.consistent || o->len <= OUT_FULL)
        return false;
    if (!out_ready(o))
        return true;
    out_flush(o);
    return false;
}

static void write_out(void *arg)
{
    struct listing *l = arg;

    out_flush(&l->job->out);
}

static int list_all(void *arg)
{
    static char *root[] = { "/" };
    struct listing *l = arg;
    struct job *job = l->job;
    int n_args = job->n_args ? job->n_args : 1;
    char **args = job->n_args ? job->args : root;
    struct walk w = {
        .client = &job->client,
        .perms = job->opt.prefix,
        .max_depth = job->opt.depth,
        .arg = l,
        .node = job->opt.json ? print_json : print_line,
        .trouble = trouble,
        .wanted = wants_pause,
        .pause = write_out,
    };

    out_reset(&job->out);
    l->first = true;
    l->trouble = false;
    for (int i = 0; i < n_args && !job->out.failed; i++)
        if (walk_run(&w, args[i]))
            return verb_failed(job, "could not list path", args[i]);
    if (job->opt.json)
        out_text(&job->out, l->first ? "[]\n" : "\n]\n");
    return XS_OK;
}

int verb_ls(struct job *job)
{
    struct listing l = { .job = job, .width = NO_LIMIT, .column = PERM_COLUMN };
    int r;

    job->opt.prefix |= job->opt.words;
    if (job->opt.flat)
        l.column = 0;
    if (job->out.tty)
        l.width = job->out.width - 2;
    if (job->opt.depth == 0)
        return XS_OK;
    if (!job->opt.consistent)
        r = list_all(&l);
    else
        r = client_transaction(&job->client, list_all, &l);
    if (r < 0)
        return verb_failed(job, "could not list path",
                           job->n_args ? job->args[0] : "/");
    return l.trouble ? XS_FAILED : r;
}
