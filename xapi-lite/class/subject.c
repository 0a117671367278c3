/* XenAPI auth, subject and role: users and groups of this host (way B). */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "class/handler.h"
#include "class/sessions.h"
#include "class/setup.h"

void login_as_dispose(struct login_as *who)
{
    g_clear_pointer(&who->identifier, g_free);
    g_clear_pointer(&who->subject, g_free);
}

/* ---- users and groups of the host -----------------------------------------
 */

struct account {
    char *identifier, *name, *full_name;
    bool group;
    uid_t id;
    gid_t gid;
};

static void account_dispose(struct account *a)
{
    g_free(a->identifier);
    g_free(a->name);
    g_free(a->full_name);
}
#define ACCOUNT_AUTO __attribute__((cleanup(account_dispose))) struct account

static bool user_account(const char *name, uid_t uid, struct account *out)
{
    struct passwd pw, *found = NULL;
    char buf[8192];
    int r = name ? getpwnam_r(name, &pw, buf, sizeof buf, &found)
                 : getpwuid_r(uid, &pw, buf, sizeof buf, &found);
    if (r || !found)
        return false;
    out->identifier = g_strdup_printf("uid:%u", pw.pw_uid);
    out->name = g_strdup(pw.pw_name);
    out->full_name = g_strndup(pw.pw_gecos, strcspn(pw.pw_gecos, ","));
    out->id = pw.pw_uid;
    out->gid = pw.pw_gid;
    return true;
}

static bool group_account(const char *name, gid_t gid, struct account *out)
{
    struct group gr, *found = NULL;
    g_autofree char *buf = g_malloc(65536);
    int r = name ? getgrnam_r(name, &gr, buf, 65536, &found)
                 : getgrgid_r(gid, &gr, buf, 65536, &found);
    if (r || !found)
        return false;
    out->identifier = g_strdup_printf("gid:%u", gr.gr_gid);
    out->name = g_strdup(gr.gr_name);
    out->full_name = g_strdup(gr.gr_name);
    out->group = true;
    out->id = gr.gr_gid;
    return true;
}

static bool account_of(const char *identifier, struct account *out)
{
    char *end;
    if (!g_str_has_prefix(identifier, "uid:") &&
        !g_str_has_prefix(identifier, "gid:"))
        return false;
    unsigned long n = strtoul(identifier + 4, &end, 10);
    if (*end || end == identifier + 4)
        return false;
    return identifier[0] == 'u' ? user_account(NULL, (uid_t)n, out)
                                : group_account(NULL, (gid_t)n, out);
}

/* gid:N of every group of the user. */
static GPtrArray *groups_of(const struct account *a)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    gid_t list[256];
    int n = G_N_ELEMENTS(list);
    if (getgrouplist(a->name, a->gid, list, &n) < 0)
        n = G_N_ELEMENTS(list);
    for (int i = 0; i < n; i++)
        g_ptr_array_add(ids, g_strdup_printf("gid:%u", list[i]));
    return ids;
}

/* ---- roles of a user
 * --------------------------------------------------------- */

static int level_of_subject(const struct snapshot *s, const struct record *r)
{
    int level = -1;
    for (size_t i = 0; i < record_count(r, F_subject_roles); i++) {
        const struct record *role =
            snapshot_find(s, CLASS_role, record_item(r, F_subject_roles, i));
        if (role)
            level = MAX(level, role_level(record_str(role, F_role_name_label)));
    }
    return level;
}

static void consider(const struct snapshot *s, const char *identifier,
                     struct login_as *out)
{
    for (size_t i = 0; i < snapshot_count(s, CLASS_subject); i++) {
        const struct record *r = snapshot_at(s, CLASS_subject, i);
        if (strcmp(record_str(r, F_subject_subject_identifier), identifier))
            continue;
        int level = level_of_subject(s, r);
        if (level <= out->level)
            continue;
        out->level = level;
        g_free(out->subject);
        out->subject = g_strdup(record_ref(r));
    }
}

bool login_find(struct xapi *x, const char *user, struct login_as *out)
{
    ACCOUNT_AUTO a = { 0 };
    login_as_dispose(out);
    *out = (struct login_as){ .level = -1, .subject = g_strdup(REF_NULL) };
    if (!user_account(user, 0, &a))
        return false;
    out->identifier = g_strdup(a.identifier);
    if (a.id == 0) {
        out->level = role_level("pool-admin");
        out->superuser = true;
        return true;
    }
    SNAPSHOT_AUTO *s = store_read(x->store);
    g_autoptr(GPtrArray) groups = groups_of(&a);
    consider(s, a.identifier, out);
    for (guint i = 0; i < groups->len; i++)
        consider(s, groups->pdata[i], out);
    return out->level >= 0;
}

/* ---- auth
 * ------------------------------------------------------------------------ */

static int no_subject(struct ctx *c)
{
    return ctx_fault(c, "SUBJECT_CANNOT_BE_RESOLVED", arg_str(c, 0));
}

int handle_auth_get_subject_identifier(struct ctx *c, struct value **result_out)
{
    ACCOUNT_AUTO a = { 0 };
    if (!user_account(arg_str(c, 0), 0, &a) &&
        !group_account(arg_str(c, 0), 0, &a))
        return no_subject(c);
    *result_out = value_string(a.identifier);
    return 0;
}

int handle_auth_get_subject_information_from_identifier(
    struct ctx *c, struct value **result_out)
{
    ACCOUNT_AUTO a = { 0 };
    if (!account_of(arg_str(c, 0), &a))
        return no_subject(c);
    struct value *o = value_object();
    value_set(o, "subject-name", value_string(a.name));
    value_set(o, "subject-gecos", value_string(a.full_name));
    value_set(o, "subject-displayname", value_string(a.full_name));
    value_set(o, "subject-is-group", value_string(a.group ? "true" : "false"));
    value_set(o, "subject-sid", value_string(a.identifier));
    *result_out = o;
    return 0;
}

int handle_auth_get_group_membership(struct ctx *c, struct value **result_out)
{
    ACCOUNT_AUTO a = { 0 };
    if (!account_of(arg_str(c, 0), &a))
        return no_subject(c);
    *result_out = value_array();
    if (a.group)
        return 0;
    g_autoptr(GPtrArray) groups = groups_of(&a);
    for (guint i = 0; i < groups->len; i++)
        value_push(*result_out, value_string(groups->pdata[i]));
    return 0;
}

/* ---- subject
 * ----------------------------------------------------------------------- */

int handle_subject_create(struct ctx *c, struct value **result_out)
{
    const char *id =
        value_get_string(value_find(arg(c, 0), "subject_identifier"));
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    for (size_t i = 0; i < snapshot_count(s, CLASS_subject); i++) {
        const struct record *r = snapshot_at(s, CLASS_subject, i);
        if (!g_strcmp0(record_str(r, F_subject_subject_identifier), id))
            return ctx_fault(c, "SUBJECT_ALREADY_EXISTS");
    }
    return ctx_implicit(c, result_out);
}

int handle_subject_add_to_roles(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_subject, arg_str(c, 0)) ||
        !ctx_txn_find(c, t, CLASS_role, arg_str(c, 1)) ||
        !store_set_add(t, arg_str(c, 0), F_subject_roles, arg_str(c, 1))) {
        store_rollback(t);
        return ctx_fault(c, "ROLE_ALREADY_EXISTS");
    }
    return ctx_commit(c, t);
}

int handle_subject_remove_from_roles(struct ctx *c, struct value **result_out)
{
    (void)result_out;
    struct txn *t = store_begin(c->x->store);
    if (!ctx_txn_find(c, t, CLASS_subject, arg_str(c, 0)) ||
        !store_set_remove(t, arg_str(c, 0), F_subject_roles, arg_str(c, 1))) {
        store_rollback(t);
        return ctx_fault(c, "ROLE_NOT_FOUND");
    }
    return ctx_commit(c, t);
}

/* ---- role: permissions are the names of messages, in lower case
 * ------------------- */

/* A permission is an object that is in no database: its reference holds the
 * name. Caller frees. */
static char *permission_ref(const char *name)
{
    return g_strdup_printf("DummyRef:||%s", name);
}

static const char *permission_name(const char *ref)
{
    const char *bar = strrchr(ref, '|');
    return bar ? bar + 1 : "";
}

static void add_permissions(struct xapi *x, int level, bool refs,
                            struct value *list)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct class *c = model_class(x->model, i);
        for (unsigned k = 0; k < c->n_messages; k++) {
            const struct message *m = c->messages[k];
            if (role_level(m->role) > level ||
                !g_hash_table_add(seen, (char *)m->full_name))
                continue;
            g_autofree char *low = g_ascii_strdown(m->full_name, -1);
            g_autofree char *ref = refs ? permission_ref(low) : NULL;
            value_push(list, value_string(ref ? ref : low));
        }
    }
}

static int permissions_of_role(struct ctx *c, bool refs,
                               struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_role, arg_str(c, 0));
    if (!r)
        return -1;
    *result_out = value_array();
    add_permissions(c->x, role_level(record_str(r, F_role_name_label)), refs,
                    *result_out);
    return 0;
}

int handle_role_get_permissions(struct ctx *c, struct value **result_out)
{
    return permissions_of_role(c, true, result_out);
}

int handle_role_get_permissions_name_label(struct ctx *c,
                                           struct value **result_out)
{
    return permissions_of_role(c, false, result_out);
}

int handle_subject_get_permissions_name_label(struct ctx *c,
                                              struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = ctx_find(c, s, CLASS_subject, arg_str(c, 0));
    if (!r)
        return -1;
    *result_out = value_array();
    add_permissions(c->x, level_of_subject(s, r), false, *result_out);
    return 0;
}

static int roles_that_may(struct ctx *c, const char *name,
                          struct value **result_out)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    int need = -1;
    for (int i = 0; i < CLASS_COUNT && need < 0; i++) {
        const struct class *class = model_class(c->x->model, i);
        for (unsigned k = 0; k < class->n_messages; k++)
            if (!g_ascii_strcasecmp(class->messages[k]->full_name, name))
                need = role_level(class->messages[k]->role);
    }
    *result_out = value_array();
    for (size_t i = 0; need >= 0 && i < snapshot_count(s, CLASS_role); i++) {
        const struct record *r = snapshot_at(s, CLASS_role, i);
        if (role_level(record_str(r, F_role_name_label)) >= need)
            value_push(*result_out, value_string(record_ref(r)));
    }
    return 0;
}

int handle_role_get_by_permission(struct ctx *c, struct value **result_out)
{
    return roles_that_may(c, permission_name(arg_str(c, 0)), result_out);
}

int handle_role_get_by_permission_name_label(struct ctx *c,
                                             struct value **result_out)
{
    return roles_that_may(c, arg_str(c, 0), result_out);
}

/* The six roles, under the identities they have everywhere. */
void setup_roles(struct txn *t)
{
    static const struct {
        const char *uuid, *name, *description;
    } roles[] = {
        { "0165f154-ba3e-034e-6b27-5d271af109ba", "pool-admin",
          "May do everything" },
        { "b9ce9791-0604-50cd-0649-09b3284c7dfd", "pool-operator",
          "Manages hosts, storage and networks, but not users" },
        { "7955168d-7bec-10ed-105f-c6a7e6e63249", "vm-power-admin",
          "Makes and manages virtual machines, memory limits included" },
        { "aaa00ab5-7340-bfbc-0d1b-7cf342639a6e", "vm-admin",
          "Makes and manages virtual machines" },
        { "fb8d4ff9-310c-a959-0613-54101535d3d5", "vm-operator",
          "Uses virtual machines" },
        { "7233b8e3-eacb-d7da-2c95-f2e581cdbf4e", "read-only",
          "Looks and changes nothing" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autofree char *ref = g_strconcat("OpaqueRef:", roles[i].uuid, NULL);
        if (!txn_find(t, CLASS_role, ref))
            store_create(t, CLASS_role, ref, roles[i].uuid);
        store_set_str(t, ref, F_role_name_label, roles[i].name);
        store_set_str(t, ref, F_role_name_description, roles[i].description);
    }
}
