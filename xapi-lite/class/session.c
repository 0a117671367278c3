/* XenAPI session: who may call, for how long (way B). */
#include "class/session.h"

#include <string.h>

#include "class/handler.h"
#include "class/sessions.h"

enum {
    MAX_SESSIONS = 1000,
    MAX_PER_ORIGINATOR = 500,
    MAX_FAILING = 64,           /* wrong passwords being delayed, in all */
    MAX_FAILING_PER_CLIENT = 8, /* and of one address */
    MAX_TRYING_PER_CLIENT = 32, /* passwords of one address being checked */
    NOTE_S = 60,                /* last_active is written this often */
};

/* What is asked at every call, beside the record. */
struct entry {
    char *user, *originator;
    int level;
    bool superuser;
    gint64 last_us, noted_us; /* monotonic */
};

struct sessions {
    GMutex lock;
    GHashTable *entries;          /* ref -> struct entry * */
    GHashTable *failing, *trying; /* client -> count */
    unsigned n_failing;
};

static void entry_free(void *p)
{
    struct entry *e = p;
    g_free(e->user);
    g_free(e->originator);
    g_free(e);
}

struct sessions *sessions_open(void)
{
    struct sessions *s = g_new0(struct sessions, 1);
    g_mutex_init(&s->lock);
    s->entries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    s->failing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    s->trying = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return s;
}

void sessions_close(struct sessions *s)
{
    if (!s)
        return;
    g_hash_table_destroy(s->entries);
    g_hash_table_destroy(s->failing);
    g_hash_table_destroy(s->trying);
    g_mutex_clear(&s->lock);
    g_free(s);
}

void session_info_dispose(struct session_info *s)
{
    g_clear_pointer(&s->ref, g_free);
    g_clear_pointer(&s->user, g_free);
}

/* ---- use ----------------------------------------------------------------- */

static void note_use(struct xapi *x, const char *ref)
{
    struct txn *t = store_begin(x->store);
    if (txn_find(t, CLASS_session, ref))
        store_set_time(t, ref, F_session_last_active,
                       g_get_real_time() / G_USEC_PER_SEC);
    store_commit(t, NULL);
}

int session_check(struct xapi *x, const char *ref, struct session_info *out,
                  struct fault *f)
{
    struct sessions *s = x->sessions;
    gint64 now = g_get_monotonic_time();
    bool note = false, expired = false;
    g_mutex_lock(&s->lock);
    struct entry *e = g_hash_table_lookup(s->entries, ref);
    expired = e && now - e->last_us >
                       x->config.session_idle_s * (gint64)G_USEC_PER_SEC;
    if (e && !expired) {
        e->last_us = now;
        note = now - e->noted_us > NOTE_S * (gint64)G_USEC_PER_SEC;
        if (note)
            e->noted_us = now;
        *out = (struct session_info){ g_strdup(ref), g_strdup(e->user),
                                      e->level, e->superuser };
    }
    g_mutex_unlock(&s->lock);
    if (note)
        note_use(x, ref);
    if (expired)
        session_logout(x, ref);
    return e && !expired ? 0 : fault_set(f, "SESSION_INVALID", ref, NULL);
}

int session_require(const struct session_info *s, const char *role,
                    const char *what, struct fault *f)
{
    if (s->level >= role_level(role))
        return 0;
    return fault_set(f, "RBAC_PERMISSION_DENIED", what,
                     "the role of this session does not permit it", NULL);
}

void session_logout(struct xapi *x, const char *ref)
{
    g_mutex_lock(&x->sessions->lock);
    bool there = g_hash_table_remove(x->sessions->entries, ref);
    g_mutex_unlock(&x->sessions->lock);
    if (!there)
        return;
    event_session_ended(x->events, ref);
    struct txn *t = store_begin(x->store);
    store_delete(t, CLASS_session, ref);
    store_commit(t, NULL);
}

/* ---- login -----------------------------------------------------------------
 */

/* The oldest session of those that count against a limit, when it is reached.
 * Caller frees. */
static char *one_too_many(struct sessions *s, const char *originator)
{
    GHashTableIter it;
    void *ref, *value;
    const char *oldest = NULL, *oldest_same = NULL;
    gint64 first = G_MAXINT64, first_same = G_MAXINT64;
    unsigned n = 0, same = 0;
    g_hash_table_iter_init(&it, s->entries);
    while (g_hash_table_iter_next(&it, &ref, &value)) {
        const struct entry *e = value;
        n++;
        if (e->last_us < first) {
            first = e->last_us;
            oldest = ref;
        }
        if (strcmp(e->originator, originator))
            continue;
        same++;
        if (e->last_us < first_same) {
            first_same = e->last_us;
            oldest_same = ref;
        }
    }
    return g_strdup(same >= MAX_PER_ORIGINATOR ? oldest_same
                    : n >= MAX_SESSIONS        ? oldest
                                               : NULL);
}

static void make_record(struct xapi *x, struct txn *t, const char *ref,
                        const struct entry *e, const struct login_as *who)
{
    int64_t now = g_get_real_time() / G_USEC_PER_SEC;
    store_create(t, CLASS_session, ref, NULL);
    store_set_str(t, ref, F_session_this_host, x->host_ref);
    store_set_time(t, ref, F_session_last_active, now);
    store_set_time(t, ref, F_session_validation_time, now);
    store_set_bool(t, ref, F_session_is_local_superuser, e->superuser);
    store_set_str(t, ref, F_session_auth_user_name, e->user);
    store_set_str(t, ref, F_session_auth_user_sid, who->identifier);
    store_set_str(t, ref, F_session_subject, who->subject);
    store_set_str(t, ref, F_session_originator, e->originator);
}

static char *add_session(struct xapi *x, const char *user,
                         const struct login_as *who, const char *originator)
{
    struct sessions *s = x->sessions;
    struct entry *e = g_new0(struct entry, 1);
    g_autofree char *id = g_uuid_string_random();
    char *ref = g_strconcat("OpaqueRef:", id, NULL);
    e->user = g_strdup(user);
    e->originator = g_strdup(originator ? originator : "");
    e->level = who->level;
    e->superuser = who->superuser;
    e->last_us = e->noted_us = g_get_monotonic_time();
    g_mutex_lock(&s->lock);
    g_autofree char *old = one_too_many(s, e->originator);
    g_mutex_unlock(&s->lock);
    if (old)
        session_logout(x, old);
    struct txn *t = store_begin(x->store);
    make_record(x, t, ref, e, who);
    store_commit(t, NULL);
    g_mutex_lock(&s->lock);
    g_hash_table_insert(s->entries, g_strdup(ref), e);
    g_mutex_unlock(&s->lock);
    return ref;
}

static unsigned counted(GHashTable *counts, const char *client)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(counts, client));
}

static void count(GHashTable *counts, const char *client, int by)
{
    unsigned n = (unsigned)((int)counted(counts, client) + by);
    if (n)
        g_hash_table_insert(counts, g_strdup(client), GUINT_TO_POINTER(n));
    else
        g_hash_table_remove(counts, client);
}

/* Counts a client that tries; false when too many of its passwords are being
 * checked, or were wrong and are still being delayed. */
static bool begin_try(struct sessions *s, const char *client)
{
    g_mutex_lock(&s->lock);
    bool ok = s->n_failing < MAX_FAILING &&
              counted(s->failing, client) < MAX_FAILING_PER_CLIENT &&
              counted(s->trying, client) < MAX_TRYING_PER_CLIENT;
    if (ok)
        count(s->trying, client, 1);
    g_mutex_unlock(&s->lock);
    return ok;
}

static void end_try(struct sessions *s, const char *client)
{
    g_mutex_lock(&s->lock);
    count(s->trying, client, -1);
    g_mutex_unlock(&s->lock);
}

static void count_failing(struct sessions *s, const char *client, int by)
{
    g_mutex_lock(&s->lock);
    s->n_failing = (unsigned)((int)s->n_failing + by);
    count(s->failing, client, by);
    g_mutex_unlock(&s->lock);
}

static int refuse(struct xapi *x, const char *user, const char *client,
                  const char *why, struct fault *f)
{
    count_failing(x->sessions, client, 1);
    g_message("login of %s from %s refused: %s", user, client, why);
    g_usleep(x->config.login_delay_ms * 1000UL);
    count_failing(x->sessions, client, -1);
    return fault_set(f, "SESSION_AUTHENTICATION_FAILED", user, why, NULL);
}

/* By password; *who is who he is when 0 is returned. */
static int check_password(struct xapi *x, const char *user,
                          const char *password, const char *client,
                          struct login_as *who, struct fault *f)
{
    g_autofree char *reason = NULL;
    if (!begin_try(x->sessions, client))
        return fault_set(f, "SESSION_AUTHENTICATION_FAILED", user,
                         "too many failed logins, try again later", NULL);
    int r = x->config.auth(user, password, &reason);
    end_try(x->sessions, client);
    if (r < 0)
        return refuse(x, user, client, reason ? reason : "wrong", f);
    if (!login_find(x, user, who))
        return refuse(x, user, client, "this user has no role here", f);
    return 0;
}

int session_login(struct xapi *x, const char *user, const char *password,
                  bool from_unix_socket, const char *originator,
                  const char *client, char **ref_out, struct fault *f)
{
    struct login_as who = { .level = role_level("pool-admin"),
                            .superuser = true,
                            .identifier = g_strdup("uid:0"),
                            .subject = g_strdup(REF_NULL) };
    int r = from_unix_socket ? 0
                             : check_password(x, user, password,
                                              client ? client : "", &who, f);
    if (r == 0)
        *ref_out = add_session(x, *user ? user : "root", &who, originator);
    login_as_dispose(&who);
    return r;
}

/* ---- messages
 * ---------------------------------------------------------------- */

int handle_session_login_with_password(struct ctx *c, struct value **result_out)
{
    const char *originator = arg_str(c, 3);
    g_autofree char *ref = NULL;
    if (session_login(c->x, arg_str(c, 0), arg_str(c, 1), c->from_unix_socket,
                      *originator ? originator : c->originator, c->client, &ref,
                      c->fault) < 0)
        return -1;
    *result_out = value_string(ref);
    return 0;
}

int handle_session_slave_local_login_with_password(struct ctx *c,
                                                   struct value **result_out)
{
    g_autofree char *ref = NULL;
    if (session_login(c->x, arg_str(c, 0), arg_str(c, 1), c->from_unix_socket,
                      c->originator, c->client, &ref, c->fault) < 0)
        return -1;
    *result_out = value_string(ref);
    return 0;
}

int handle_session_logout(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    session_logout(c->x, c->session.ref);
    return 0;
}

int handle_session_local_logout(struct ctx *c, struct value **result_out)
{
    return handle_session_logout(c, result_out);
}

/* The identifiers of everybody who is logged in as a subject. */
int handle_session_get_all_subject_identifiers(struct ctx *c,
                                               struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    *result_out = value_array();
    for (size_t i = 0; i < snapshot_count(s, CLASS_session); i++) {
        const struct record *r = snapshot_at(s, CLASS_session, i);
        const char *id = record_str(r, F_session_auth_user_sid);
        if (strcmp(record_str(r, F_session_subject), REF_NULL) &&
            g_hash_table_add(seen, (char *)id))
            value_push(*result_out, value_string(id));
    }
    return 0;
}

int handle_session_logout_subject_identifier(struct ctx *c,
                                             struct value **result_out)
{
    (void)result_out;
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_session); i++) {
        const struct record *r = snapshot_at(s, CLASS_session, i);
        if (!strcmp(record_str(r, F_session_auth_user_sid), arg_str(c, 0)) &&
            strcmp(record_ref(r), c->session.ref))
            session_logout(c->x, record_ref(r));
    }
    return 0;
}

/* The old password is asked even of those who are logged in already, but not on
 * the unix socket. */
int handle_session_change_password(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    g_autofree char *reason = NULL;
    const char *user = c->session.user;
    if (!c->from_unix_socket &&
        c->x->config.auth(user, arg_str(c, 0), &reason) < 0)
        return refuse(c->x, user, c->client, reason ? reason : "wrong",
                      c->fault);
    if (session_change_pam(user, arg_str(c, 1), &reason) < 0)
        return ctx_fault(c, "CHANGE_PASSWORD_REJECTED", reason);
    return 0;
}
