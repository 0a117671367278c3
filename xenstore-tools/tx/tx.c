/* XenStore transactions with all their writes in flight at once (way A). The
 * functions are libxenstore's, standing before it in a program: libxl calls
 * them for each node of a guest, and libxenstore waits for each reply.
 *
 * Transactions have a connection of their own. What a write within one has
 * come to is learned with the next answer that is needed, at the latest at the
 * end, which fails if a write has failed. All else goes to libxenstore.
 *
 * For programs that use libxl in one thread. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>
#include <xenstore.h>
#include <xenstore_lib.h>

#include "base/real.h"
#include "tx/fresh.h"
#include "xs/channel.h"

/* xenstored permits ten at a time to each connection */
enum { OPEN_MAX_TX = 16, PERMS_MAX = 64, PERM_TEXT = 16 };

struct tx {
    xs_transaction_t id; /* 0: free */
    int failed;          /* errno of the first write that failed */
    struct fresh fresh;
};

static struct channel channel = { .fd = -1 };
static struct tx open_tx[OPEN_MAX_TX];
static unsigned waiting; /* requests whose replies were not read yet */

static void forget(struct tx *t)
{
    fresh_dispose(&t->fresh);
    *t = (struct tx){ 0 };
}

static struct tx *tx_find(xs_transaction_t id)
{
    for (int i = 0; i < OPEN_MAX_TX; i++)
        if (open_tx[i].id == id)
            return &open_tx[i];
    return NULL;
}

/* A transaction of this connection, or NULL: it is libxenstore's, or none. */
static struct tx *own(xs_transaction_t id)
{
    return id == XBT_NULL ? NULL : tx_find(id);
}

/* The connection belongs to the parent: closed without a word. */
static void in_child(void)
{
    channel_close(&channel);
    for (int i = 0; i < OPEN_MAX_TX; i++)
        forget(&open_tx[i]);
    waiting = 0;
}

static bool connect_once(void)
{
    static bool guarded;
    if (channel.fd >= 0)
        return true;
    if (!guarded)
        guarded = !pthread_atfork(NULL, NULL, in_child);
    return guarded && !channel_open(&channel);
}

/* The connection is of no use any more, nor is what was open on it. */
static void lose(int e)
{
    channel_close(&channel);
    waiting = 0;
    for (int i = 0; i < OPEN_MAX_TX; i++)
        if (open_tx[i].id && !open_tx[i].failed)
            open_tx[i].failed = e;
    errno = e;
}

/* 0, or -1 with errno. */
static int queue(uint32_t type, xs_transaction_t id,
                 const struct wire_part *parts, size_t nr)
{
    const struct wire_msg head = { .type = type, .id = type, .tx = id };
    if (channel.fd < 0) {
        errno = EIO;
        return -1;
    }
    if (channel_queue(&channel, &head, parts, nr))
        return -1;
    waiting++;
    return 0;
}

/* Notes the first failure of a change. What was to go away and is not there is
 * no mistake; a text that is too long for xenstored (a kernel's command line)
 * is left out, as libxl would have it. */
static void note(const struct wire_msg *reply)
{
    struct tx *t = own(reply->tx);
    if (!t || t->failed || reply->type != XS_ERROR)
        return;
    int e = wire_errno(reply->data, reply->len);
    if ((reply->id == XS_WRITE && e != E2BIG) || reply->id == XS_MKDIR ||
        reply->id == XS_SET_PERMS || (reply->id == XS_RM && e != ENOENT))
        t->failed = e;
}

/* Sends what is queued and reads every reply; the last one stays valid until
 * the next request. 0, or -1 with errno: the connection is lost. */
static int settle(struct wire_msg *last)
{
    while (waiting) {
        int r = channel_next(&channel, last, CHANNEL_PATIENCE);
        if (r <= 0) {
            lose(r ? errno : ETIMEDOUT);
            return -1;
        }
        if (last->type == XS_WATCH_EVENT)
            continue;
        waiting--;
        note(last);
    }
    return 0;
}

/* A request whose answer is needed: 0, or -1 with errno, also xenstored's. */
static int ask(uint32_t type, xs_transaction_t id, const char *text,
               struct wire_msg *reply)
{
    const struct wire_part part = wire_text(text);
    if (queue(type, id, &part, 1) || settle(reply))
        return -1;
    if (reply->type != XS_ERROR)
        return 0;
    errno = wire_errno(reply->data, reply->len);
    return -1;
}

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
    struct tx *t = tx_find(XBT_NULL);
    struct wire_msg reply;
    if (!t || !connect_once())
        return REAL(xs_transaction_start)(h);
    if (ask(XS_TRANSACTION_START, XBT_NULL, "", &reply))
        return XBT_NULL;
    t->id = (xs_transaction_t)strtoul(reply.data, NULL, 10);
    return t->id;
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t id, bool abort)
{
    struct tx *t = own(id);
    struct wire_msg reply;
    if (!t)
        return REAL(xs_transaction_end)(h, id, abort);
    /* all of it has to be right before it is committed */
    if (!abort)
        settle(&reply);
    int failed = abort ? 0 : t->failed;
    int r = ask(XS_TRANSACTION_END, id, abort || failed ? "F" : "T", &reply);
    forget(t);
    if (failed)
        errno = failed;
    return !r && !failed;
}

/* Queued and believed to succeed: note() sees what it has come to. */
static bool change(uint32_t type, xs_transaction_t id, const char *path,
                   struct wire_part data)
{
    const struct wire_part parts[] = { wire_text(path), data };
    return !queue(type, id, parts, 2);
}

bool xs_write(struct xs_handle *h, xs_transaction_t id, const char *path,
              const void *data, unsigned int len)
{
    struct tx *t = own(id);
    if (!t)
        return REAL(xs_write)(h, id, path, data, len);
    fresh_made(&t->fresh, path);
    return change(XS_WRITE, id, path, (struct wire_part){ data, len });
}

bool xs_mkdir(struct xs_handle *h, xs_transaction_t id, const char *path)
{
    struct tx *t = own(id);
    if (!t)
        return REAL(xs_mkdir)(h, id, path);
    fresh_made(&t->fresh, path);
    return change(XS_MKDIR, id, path, (struct wire_part){ 0 });
}

bool xs_rm(struct xs_handle *h, xs_transaction_t id, const char *path)
{
    struct tx *t = own(id);
    if (!t)
        return REAL(xs_rm)(h, id, path);
    fresh_removed(&t->fresh, path);
    return change(XS_RM, id, path, (struct wire_part){ 0 });
}

bool xs_set_permissions(struct xs_handle *h, xs_transaction_t id,
                        const char *path, struct xs_permissions *perms,
                        unsigned int nr)
{
    struct tx *t = own(id);
    char text[PERMS_MAX * PERM_TEXT] = "";
    size_t len = 0;
    if (!t)
        return REAL(xs_set_permissions)(h, id, path, perms, nr);
    if (nr > PERMS_MAX) {
        errno = ENOSPC;
        return false;
    }
    for (unsigned i = 0; i < nr; i++)
        len += (size_t)snprintf(text + len, PERM_TEXT, "%c%u ",
                                "nrwb"[perms[i].perms & 3], perms[i].id);
    if (!fresh_permit(&t->fresh, path, text))
        return true;
    for (char *end = text; (end = strchr(end, ' ')); end++)
        *end = '\0';
    return change(XS_SET_PERMS, id, path, (struct wire_part){ text, len });
}

void *xs_read(struct xs_handle *h, xs_transaction_t id, const char *path,
              unsigned int *len_out)
{
    struct wire_msg reply;
    if (!own(id))
        return REAL(xs_read)(h, id, path, len_out);
    if (ask(XS_READ, id, path, &reply))
        return NULL;
    char *data = malloc(reply.len + 1);
    if (!data)
        return NULL;
    memcpy(data, reply.data, reply.len);
    data[reply.len] = '\0';
    if (len_out)
        *len_out = reply.len;
    return data;
}

/* NUL-terminated texts, one after the other. */
static unsigned count_texts(const char *data, size_t len)
{
    unsigned nr = 0;
    for (size_t i = 0; i < len; i++)
        nr += data[i] == '\0';
    return nr;
}

/* The names behind their pointers in one piece, as libxenstore returns them. */
char **xs_directory(struct xs_handle *h, xs_transaction_t id, const char *path,
                    unsigned int *nr_out)
{
    struct wire_msg reply;
    if (!own(id))
        return REAL(xs_directory)(h, id, path, nr_out);
    if (ask(XS_DIRECTORY, id, path, &reply))
        return NULL;
    unsigned nr = count_texts(reply.data, reply.len);
    char **names = malloc(nr * sizeof(*names) + reply.len + 1);
    if (!names)
        return NULL;
    char *p = memcpy(names + nr, reply.data, reply.len);
    for (unsigned i = 0; i < nr; i++, p += strlen(p) + 1)
        names[i] = p;
    *nr_out = nr;
    return names;
}

struct xs_permissions *xs_get_permissions(struct xs_handle *h,
                                          xs_transaction_t id, const char *path,
                                          unsigned int *nr_out)
{
    struct wire_msg reply;
    if (!own(id))
        return REAL(xs_get_permissions)(h, id, path, nr_out);
    if (ask(XS_GET_PERMS, id, path, &reply))
        return NULL;
    unsigned nr = count_texts(reply.data, reply.len);
    struct xs_permissions *perms = calloc(nr + 1, sizeof(*perms));
    if (!perms || !xs_strings_to_perms(perms, nr, reply.data)) {
        free(perms);
        return NULL;
    }
    *nr_out = nr;
    return perms;
}

/* The answer is the same for every domain, whether it is there or not
 * (docs/misc/xenstore.txt of Xen), so nobody has to be asked. */
char *xs_get_domain_path(struct xs_handle *h, unsigned int domid)
{
    char *path = NULL;
    (void)h;
    return asprintf(&path, "/local/domain/%u", domid) < 0 ? NULL : path;
}
