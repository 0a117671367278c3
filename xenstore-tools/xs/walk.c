/* The walk of xenstore-ls. The items below are kept in output order: nodes
 * whose answers are on their way, and between them the rests of directories
 * whose children have not been asked for. Requests are made for the first rest,
 * so that what is in memory stays close to the place of output. */
#include "xs/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xen/io/xs_wire.h>

/* Requests in flight on sockets. xenstored keeps the answers that we have not
 * fetched in its memory: 4 KiB each at worst. A connection of its own for each
 * SHARE of them, because xenstored takes one request from every connection in
 * one round of its loop (which costs oxenstored a look at every domain), and
 * because a socket holds no more than some 35 answers. */
enum { WINDOW = 96, SLOTS = WINDOW, SHARE = WINDOW / CHANNEL_MANY };

/* Nanoseconds of a nap, see nap(). */
enum { NAP_FIRST = 50000, NAP_MIN = 20000, NAP_MAX = 20000000 };

enum question { VALUE, PERMS, CHILDREN, CHILDREN_PART, QUESTIONS };

struct item {
    struct item *prev, *next;
    char *path;
    size_t path_len, name_at;
    long depth;
    unsigned waiting; /* answers still to come; 0 for a rest */
    bool rest;        /* names of children, from `cursor` on */
    size_t cursor;
    struct client_text value, perms;
    int value_errnum, perms_errnum;
    struct client_part children;
};

/* A question that is under way; its index is the id of the request. */
struct slot {
    struct item *item; /* NULL: free */
    enum question question;
};

struct state {
    const struct walk *w;
    struct item list; /* ring; its prev and next are the ends */
    struct item *first_rest;
    struct slot slots[SLOTS];
    int free_slots[SLOTS], n_free;
    int window;
    int parts;                              /* directories that come in parts */
    struct channel *channels[CHANNEL_MANY]; /* the client's, then `more` */
    struct channel more[CHANNEL_MANY - 1];
    int n_channels;
    bool no_more; /* connections, that is */
    long nap;     /* nanoseconds */
    int answers;  /* since the last nap */
};

static const uint32_t types[QUESTIONS] = {
    [VALUE] = XS_READ,
    [PERMS] = XS_GET_PERMS,
    [CHILDREN] = XS_DIRECTORY,
    [CHILDREN_PART] = XS_DIRECTORY_PART,
};

static struct item *item_new(const char *parent, size_t parent_len,
                             const char *name, size_t name_len)
{
    struct item *it = calloc(1, sizeof(*it));
    bool slash = parent_len && name && parent[parent_len - 1] != '/';

    if (!it)
        return NULL;
    it->path_len = parent_len + slash + name_len;
    it->path = malloc(it->path_len + 1);
    if (!it->path) {
        free(it);
        return NULL;
    }
    it->name_at = parent_len + slash;
    memcpy(it->path, parent, parent_len);
    if (slash)
        it->path[parent_len] = '/';
    if (name)
        memcpy(it->path + it->name_at, name, name_len);
    it->path[it->path_len] = '\0';
    return it;
}

static void insert_before(struct item *place, struct item *it)
{
    it->prev = place->prev;
    it->next = place;
    it->prev->next = it->next->prev = it;
}

static void item_free(struct item *it)
{
    if (it->next) {
        it->prev->next = it->next;
        it->next->prev = it->prev;
    }
    free(it->path);
    free(it->value.data);
    free(it->perms.data);
    free(it->children.names.data);
    free(it);
}

static void find_first_rest(struct state *s)
{
    s->first_rest = s->list.next;
    while (s->first_rest != &s->list && !s->first_rest->rest)
        s->first_rest = s->first_rest->next;
}

/* Opens one connection more when those there have their share. A transaction
 * belongs to the connection that began it. */
static void widen(struct state *s)
{
    struct channel *c = &s->more[s->n_channels - 1];

    if (s->no_more || s->w->client->tx || s->channels[0]->ring ||
        s->n_channels == CHANNEL_MANY ||
        SLOTS - s->n_free < s->n_channels * SHARE)
        return;
    if (channel_open(c) || c->ring)
        s->no_more = true;
    if (s->no_more)
        channel_close(c);
    else
        s->channels[s->n_channels++] = c;
}

static int ask(struct state *s, struct item *it, enum question q)
{
    char offset[24];
    struct wire_part parts[] = { { it->path, it->path_len + 1 }, { NULL, 0 } };
    struct wire_msg m = { .type = types[q], .tx = s->w->client->tx };
    int slot = s->free_slots[--s->n_free];

    widen(s);
    s->slots[slot] = (struct slot){ it, q };
    it->waiting++;
    m.id = (uint32_t)slot;
    if (q == CHILDREN_PART) {
        snprintf(offset, sizeof(offset), "%zu", it->children.names.len);
        parts[1] = wire_text(offset);
    }
    return channel_queue(s->channels[slot % s->n_channels], &m, parts, 2);
}

/* A request that never reached the wire because the path is too long for one:
 * its answer is known. */
static int ask_all(struct state *s, struct item *it, bool children)
{
    if (it->path_len >= WIRE_PAYLOAD_MAX) {
        it->value_errnum = it->perms_errnum = EINVAL;
        return 0;
    }
    if (ask(s, it, VALUE) || (s->w->perms && ask(s, it, PERMS)))
        return -1;
    return children ? ask(s, it, CHILDREN) : 0;
}

/* Makes the next child of the first rest a node of its own. */
static int open_child(struct state *s)
{
    struct item *rest = s->first_rest;
    const struct client_text *names = &rest->children.names;
    const char *name = names->data + rest->cursor;
    size_t len = strlen(name);
    struct item *it = item_new(rest->path, rest->path_len, name, len);
    long max = s->w->max_depth;

    if (!it)
        return -1;
    it->depth = rest->depth;
    insert_before(rest, it);
    rest->cursor += len + 1;
    if (rest->cursor >= names->len) {
        item_free(rest);
        find_first_rest(s);
    }
    return ask_all(s, it, max < 0 || it->depth + 1 < max);
}

static int fill(struct state *s)
{
    int need = s->w->perms ? 3 : 2;

    if (s->channels[0]->ring && s->n_free < SLOTS)
        return 0;
    while (!s->parts && s->first_rest != &s->list &&
           (s->n_free - (SLOTS - s->window) >= need || s->n_free == SLOTS))
        if (open_child(s))
            return -1;
    return 0;
}

/* Behind a node whose children are known stands the rest that they are taken
 * from. */
static int add_rest(struct state *s, struct item *it)
{
    struct item *rest;

    if (it->children.names.len == 0)
        return 0;
    rest = item_new(it->path, it->path_len, NULL, 0);
    if (!rest)
        return -1;
    rest->rest = true;
    rest->depth = it->depth + 1;
    rest->children = it->children;
    memset(&it->children, 0, sizeof(it->children));
    insert_before(it->next, rest);
    find_first_rest(s);
    return 0;
}

static int keep(struct client_text *t, const struct wire_msg *m)
{
    t->data = malloc(m->len + 1);
    if (!t->data)
        return -1;
    memcpy(t->data, m->data, m->len);
    t->data[m->len] = '\0';
    t->len = m->len;
    return 0;
}

static int take_part(struct state *s, struct item *it, const struct wire_msg *m)
{
    int r = client_part_add(&it->children, m->data, m->len);

    if (r == 0)
        return ask(s, it, CHILDREN_PART);
    s->parts--;
    return r < 0 ? -1 : add_rest(s, it);
}

static int no_children(struct state *s, struct item *it, enum question q,
                       int errnum)
{
    if (q == CHILDREN && errnum == E2BIG) {
        s->parts++;
        return ask(s, it, CHILDREN_PART);
    }
    if (q == CHILDREN_PART)
        s->parts--;
    if (errnum != ENOENT || it->depth < 0)
        s->w->trouble(s->w->arg, it->path, errnum);
    return 0;
}

static int take_answer(struct state *s, const struct wire_msg *m)
{
    struct slot *slot = &s->slots[m->id];
    struct item *it = slot->item;
    int e = m->type == XS_ERROR ? wire_errno(m->data, m->len) : 0;

    s->free_slots[s->n_free++] = (int)m->id;
    slot->item = NULL;
    s->answers++;
    it->waiting--;
    if (slot->question == VALUE) {
        it->value_errnum = e;
        return e ? 0 : keep(&it->value, m);
    }
    if (slot->question == PERMS) {
        it->perms_errnum = e;
        return e ? 0 : keep(&it->perms, m);
    }
    if (e)
        return no_children(s, it, slot->question, e);
    if (slot->question == CHILDREN_PART)
        return take_part(s, it, m);
    return keep(&it->children.names, m) ? -1 : add_rest(s, it);
}

/* Hands out the nodes at the head that wait for nothing. */
static void hand_out(struct state *s)
{
    struct item *it;

    while ((it = s->list.next) != &s->list && !it->rest && !it->waiting) {
        struct walk_node n = {
            .path = it->path,
            .name = it->path + it->name_at,
            .depth = it->depth,
            .value = it->value.data,
            .len = it->value.len,
            .value_errnum = it->value_errnum,
            .perms = it->perms.data,
            .perms_len = it->perms.len,
            .perms_errnum = it->perms_errnum,
        };

        if (it->depth >= 0)
            s->w->node(s->w->arg, &n);
        item_free(it);
    }
}

static bool has_message(const struct state *s)
{
    for (int i = 0; i < s->n_channels; i++)
        if (channel_has_message(s->channels[i]))
            return true;
    return false;
}

static bool flush_all(const struct state *s)
{
    for (int i = 0; i < s->n_channels; i++)
        if (channel_flush(s->channels[i]))
            return false;
    return true;
}

/* A short sleep while much is under way. A reader that waits in poll() is woken
 * for every half of an answer, which costs xenstored more than the answer;
 * asleep it costs nothing, and the requests sent keep xenstored busy. A nap
 * should last as long as half of the answers take, which differs a
 * thousandfold between machines: it grows while fewer than a quarter have come
 * in one, and shrinks quickly when xenstored was near running out of work. */
static void nap(struct state *s)
{
    if (has_message(s) || SLOTS - s->n_free < WINDOW / 2 || !flush_all(s))
        return;
    if (s->answers < WINDOW / 4 && s->nap < NAP_MAX)
        s->nap += s->nap / 2;
    else if (s->answers > WINDOW * 3 / 4 && s->nap > NAP_MIN)
        s->nap /= 2;
    s->answers = 0;
    nanosleep(&(struct timespec){ .tv_nsec = s->nap }, NULL);
}

static int receive(struct state *s)
{
    struct wire_msg m;
    int r;

    nap(s);
    r = channel_next_of(s->channels, s->n_channels, &m, CHANNEL_PATIENCE);

    if (r == 0)
        errno = ETIMEDOUT;
    if (r <= 0)
        return -1;
    if (m.type == XS_WATCH_EVENT)
        return 0;
    if (m.id >= SLOTS || !s->slots[m.id].item) {
        errno = EPROTO;
        return -1;
    }
    return take_answer(s, &m);
}

static int step(struct state *s)
{
    bool hold = s->w->wanted(s->w->arg);

    if (hold && s->n_free == SLOTS) {
        s->w->pause(s->w->arg);
        hold = false;
    }
    if (!hold && fill(s))
        return -1;
    if (s->n_free < SLOTS && receive(s))
        return -1;
    hand_out(s);
    return 0;
}

int walk_run(const struct walk *w, const char *start)
{
    struct state *s = calloc(1, sizeof(*s));
    struct item *top = s ? item_new(start, strlen(start), NULL, 0) : NULL;
    int r = top ? 0 : -1, e;

    if (top) {
        s->w = w;
        s->list.prev = s->list.next = s->first_rest = &s->list;
        s->channels[0] = &w->client->channel;
        s->n_channels = 1;
        s->window = w->client->channel.ring ? 1 : WINDOW;
        s->nap = NAP_FIRST;
        for (s->n_free = 0; s->n_free < SLOTS; s->n_free++)
            s->free_slots[s->n_free] = s->n_free;
        top->depth = -1;
        insert_before(&s->list, top);
        r = ask(s, top, CHILDREN);
    }
    while (r == 0 && s->list.next != &s->list)
        r = step(s);
    e = errno;
    while (s && s->list.next && s->list.next != &s->list)
        item_free(s->list.next);
    for (int i = 1; s && i < s->n_channels; i++)
        channel_close(s->channels[i]);
    free(s);
    errno = e;
    return r;
}
