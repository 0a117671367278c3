/* xe: who besides root may log in, and with which role. */
#include <string.h>

#include "cli/internal.h"

int cmd_subject_add(struct cli *c)
{
    const char *name = cli_param(c, "subject-name");
    VALUE_AUTO *id =
        cli_call(c, "auth.get_subject_identifier", value_string(name), NULL);
    struct value *info =
        id ? cli_call(c, "auth.get_subject_information_from_identifier",
                      value_copy(id), NULL)
           : NULL;
    if (!info)
        return -1;
    struct value *rec = value_object();
    value_set(rec, "subject_identifier", value_copy(id));
    value_set(rec, "other_config", info);
    VALUE_AUTO *ref = cli_call(c, "subject.create", rec, NULL);
    return ref ? cli_print_uuid(c, CLASS_subject, value_get_string(ref)) : -1;
}

int cmd_subject_remove(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_subject, "subject-uuid");
    return r ? cli_do(c, "subject.destroy", value_string(record_ref(r)), NULL)
             : -1;
}

/* The role of role-uuid= or role-name=, or NULL after a failure. */
static const char *role_param(struct cli *c, const struct snapshot *s)
{
    const char *uuid = cli_param(c, "role-uuid");
    const char *name = uuid ? NULL : cli_need(c, "role-name");
    if (uuid)
        return cli_ref_of_uuid(c, s, CLASS_role, uuid);
    if (!name)
        return NULL;
    g_autoptr(GPtrArray) named = snapshot_find_name(s, CLASS_role, name);
    if (named->len)
        return record_ref(named->pdata[0]);
    cli_fail(c, "There is no role '%s'; xe role-list shows them", name);
    return NULL;
}

static int change_role(struct cli *c, const char *method)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = cli_record(c, s, CLASS_subject, "uuid");
    const char *role = r ? role_param(c, s) : NULL;
    return role ? cli_do(c, method, value_string(record_ref(r)),
                         value_string(role), NULL)
                : -1;
}

int cmd_subject_role_add(struct cli *c)
{
    return change_role(c, "subject.add_to_roles");
}

int cmd_subject_role_remove(struct cli *c)
{
    return change_role(c, "subject.remove_from_roles");
}

int cmd_session_subject_identifier_list(struct cli *c)
{
    VALUE_AUTO *ids = cli_call(c, "session.get_all_subject_identifiers", NULL);
    for (size_t i = 0; i < value_count(ids); i++) {
        GArray *row = cli_row_new();
        cli_row_add(row, g_strdup("subject-identifier ( RO)"),
                    g_strdup(value_get_string(value_at(ids, i))));
        cli_print_row(c, row);
        g_array_unref(row);
    }
    return ids ? 0 : -1;
}

int cmd_session_subject_identifier_logout(struct cli *c)
{
    return cli_do(c, "session.logout_subject_identifier",
                  value_string(cli_param(c, "subject-identifier")), NULL);
}

int cmd_session_subject_identifier_logout_all(struct cli *c)
{
    VALUE_AUTO *all = cli_call(c, "session.get_all_subject_identifiers", NULL);
    for (size_t i = 0; i < value_count(all); i++) {
        const char *who = value_get_string(value_at(all, i));
        if (cli_do(c, "session.logout_subject_identifier", value_string(who),
                   NULL))
            return -1;
    }
    return all ? 0 : -1;
}
