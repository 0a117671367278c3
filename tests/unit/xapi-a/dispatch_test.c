/* The entry for calls: sessions, roles, parameters, tasks, events. */
#include "tests/unit/xapi-a/xapi_fixture.h"

static void checks_calls(void)
{
    struct fixture fx;
    fixture_open(&fx);
    CHECK_CALL(&fx, "MESSAGE_METHOD_UNKNOWN: [ VM.explode ]", "VM.explode",
               "%s", "");
    CHECK_CALL(&fx, "MESSAGE_PARAMETER_COUNT_MISMATCH: [ VM.get_record; 2; 1 ]",
               "VM.get_record", "%s", "");
    CHECK_CALL(&fx, "HANDLE_INVALID: [ VM; OpaqueRef:none ]", "VM.get_record",
               "\"OpaqueRef:none\"");
    CHECK_CALL(&fx, "UUID_INVALID: [ VM; 1-2 ]", "VM.get_by_uuid", "\"1-2\"");
    CHECK_CALL(&fx, "FIELD_TYPE_ERROR: [ uuid ]", "VM.get_by_uuid", "[]");
    CHECK_CALL(&fx, "MESSAGE_METHOD_UNKNOWN: [ Async.VM.get_uuid ]",
               "Async.VM.get_uuid", "\"\"");
    CHECK_CALL(&fx, "NOT_IMPLEMENTED: [ pool.test_archive_target ]",
               "pool.test_archive_target", "[], {}");
    CHECK_CALL(&fx, "[]", "DR_task.get_all", "%s", "");
    CHECK_CALL(&fx, "{}", "PVS_site.get_all_records", "%s", "");
    g_autofree char *bad =
        fixture_raw(&fx, "VM.get_all", "[\"OpaqueRef:x\"]", true);
    UNIT_EQUAL(bad, "SESSION_INVALID: [ OpaqueRef:x ]");
    fixture_close(&fx);
}

static void lists_what_answers(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *list = fixture_raw(&fx, "system.listMethods", "[]", true);
    CU_ASSERT_PTR_NOT_NULL(strstr(list, "\"VM.get_all_records\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(list, "\"session.login_with_password\""));
    CU_ASSERT_PTR_NULL(strstr(list, "\"pool.test_archive_target\""));
    CU_ASSERT_PTR_NULL(strstr(list, "\"Async.session."));
    fixture_close(&fx);
}

static void asks_for_passwords(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *no = fixture_raw(&fx, "session.login_with_password",
                                      "[\"root\",\"wrong\",\"1.0\"]", false);
    UNIT_EQUAL(no, "SESSION_AUTHENTICATION_FAILED: [ root; wrong password ]");
    g_autofree char *yes = fixture_raw(&fx, "session.login_with_password",
                                       "[\"root\",\"right\"]", false);
    CU_ASSERT(g_str_has_prefix(yes, "\"OpaqueRef:"));
    g_autofree char *nobody = fixture_raw(&fx, "session.login_with_password",
                                          "[\"nobody\",\"right\"]", false);
    UNIT_EQUAL(nobody, "SESSION_AUTHENTICATION_FAILED: "
                       "[ nobody; this user has no role here ]");
    fixture_close(&fx);
}

/* A user with a subject record of the role read-only looks but cannot write. */
static void roles_limit(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *id =
        fixture_str(&fx, "auth.get_subject_identifier", "\"nobody\"");
    g_autofree char *subject =
        fixture_str(&fx, "subject.create",
                    "{\"subject_identifier\":\"%s\",\"other_config\":{}}", id);
    CHECK_CALL(&fx, "\"\"", "subject.remove_from_roles",
               "\"%s\",\"OpaqueRef:0165f154-ba3e-034e-6b27-5d271af109ba\"",
               subject);
    CHECK_CALL(&fx, "\"\"", "subject.add_to_roles",
               "\"%s\",\"OpaqueRef:7233b8e3-eacb-d7da-2c95-f2e581cdbf4e\"",
               subject);
    g_autofree char *session = fixture_unquote(fixture_raw(
        &fx, "session.login_with_password", "[\"nobody\",\"right\"]", false));
    g_autofree G_GNUC_UNUSED char *params =
        g_strdup_printf("[\"%s\",\"l\",\"d\"]", session);
    g_autofree char *all = g_strdup_printf("[\"%s\"]", session);
    g_autofree char *ok = fixture_raw(&fx, "pool.get_all", all, false);
    CU_ASSERT(g_str_has_prefix(ok, "[\"OpaqueRef:"));
    g_autofree char *secret = g_strdup_printf(
        "[\"%s\",{\"value\":\"x\",\"other_config\":{}}]", session);
    g_autofree char *no = fixture_raw(&fx, "secret.create", secret, false);
    CU_ASSERT(g_str_has_prefix(no, "RBAC_PERMISSION_DENIED"));
    fixture_close(&fx);
}

/* Failing logins wait; others are served meanwhile. */
static void wrong_passwords_wait_alone(void)
{
    struct fixture fx;
    fixture_open(&fx);
    gint64 begin = g_get_monotonic_time();
    g_autofree G_GNUC_UNUSED char *no = fixture_raw(
        &fx, "session.login_with_password", "[\"root\",\"wrong\"]", false);
    CU_ASSERT(g_get_monotonic_time() - begin >= 50000);
    fixture_close(&fx);
}

static void logout_ends(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *old = g_strdup(fx.session);
    CHECK_CALL(&fx, "\"\"", "session.logout", "%s", "");
    g_autofree char *want = g_strdup_printf("SESSION_INVALID: [ %s ]", old);
    CHECK_CALL(&fx, want, "VM.get_all", "%s", "");
    fixture_close(&fx);
}

static void maps_and_sets(void)
{
    struct fixture fx;
    fixture_open(&fx);
    const char *pool = fx.x->pool_ref;
    CHECK_CALL(&fx, "\"\"", "pool.set_other_config", "\"%s\",{}", pool);
    CHECK_CALL(&fx, "\"\"", "pool.add_to_other_config", "\"%s\",\"a\",\"1\"",
               pool);
    g_autofree char *twice = g_strdup_printf(
        "MAP_DUPLICATE_KEY: [ pool; other_config; %s; a ]", pool);
    CHECK_CALL(&fx, twice, "pool.add_to_other_config", "\"%s\",\"a\",\"2\"",
               pool);
    CHECK_CALL(&fx, "{\"a\":\"1\"}", "pool.get_other_config", "\"%s\"", pool);
    CHECK_CALL(&fx, "\"\"", "pool.remove_from_other_config", "\"%s\",\"a\"",
               pool);
    CHECK_CALL(&fx, "{}", "pool.get_other_config", "\"%s\"", pool);
    CHECK_CALL(&fx, "\"\"", "pool.add_tags", "\"%s\",\"x\"", pool);
    CHECK_CALL(&fx, "\"\"", "pool.add_tags", "\"%s\",\"x\"", pool);
    CHECK_CALL(&fx, "[\"x\"]", "pool.get_tags", "\"%s\"", pool);
    fixture_close(&fx);
}

static void queries(void)
{
    struct fixture fx;
    fixture_open(&fx);
    static const struct {
        const char *expr;
        bool hit;
    } rows[] = {
        { "true", true },
        { "false", false },
        { "not (false)", true },
        { "field \\\"is_control_domain\\\" = \\\"true\\\"", true },
        { "field \\\"name__label\\\" = \\\"x\\\"", false },
        { "(field \\\"power_state\\\"=\\\"Running\\\") and not (field "
          "\\\"uuid\\\"=\\\"1\\\")",
          true },
        { "false or field 'domid'='0'", true },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = fixture_call(&fx, "VM.get_all_records_where",
                                            "\"%s\"", rows[i].expr);
        bool dom0 = strstr(got, "Control domain on host");
        if (dom0 != rows[i].hit)
            fprintf(stderr, "# %s -> %.200s\n", rows[i].expr, got);
        CU_ASSERT_EQUAL(dom0, rows[i].hit);
    }
    CHECK_CALL(&fx, "INVALID_VALUE: [ expr; class VM has no field colour ]",
               "VM.get_all_records_where",
               "\"field \\\"colour\\\" = \\\"red\\\"\"");
    fixture_close(&fx);
}

/* ---- tasks -----------------------------------------------------------------
 */

static void async_makes_tasks(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *task =
        fixture_str(&fx, "Async.secret.create", "{\"value\":\"x\"}");
    g_autofree char *status = NULL;
    for (int i = 0; i < 200; i++) {
        g_free(status);
        status = fixture_str(&fx, "task.get_status", "\"%s\"", task);
        if (!strcmp(status, "success"))
            break;
        g_usleep(5000);
    }
    UNIT_EQUAL(status, "success");
    g_autofree char *result =
        fixture_str(&fx, "task.get_result", "\"%s\"", task);
    CU_ASSERT(g_str_has_prefix(result, "<value>OpaqueRef:"));
    CHECK_CALL(&fx, "\"Async.secret.create\"", "task.get_name_label", "\"%s\"",
               task);
    CHECK_CALL(&fx, "\"\"", "task.destroy", "\"%s\"", task);
    CHECK_CALL(&fx, "[]", "task.get_all", "%s", "");
    fixture_close(&fx);
}

static void tasks_of_clients(void)
{
    struct fixture fx;
    FAULT_AUTO f = { 0 };
    fixture_open(&fx);
    g_autofree char *ref = fixture_str(&fx, "task.create", "\"upload\",\"d\"");
    struct task *t = task_bind(fx.x->tasks, ref, &f);
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    task_progress(t, 0.5);
    CHECK_CALL(&fx, "0.5", "task.get_progress", "\"%s\"", ref);
    CHECK_CALL(&fx, "\"\"", "task.cancel", "\"%s\"", ref);
    CU_ASSERT(task_cancelled(t));
    fault_set(&f, "TASK_CANCELLED", ref, NULL);
    task_fail(t, &f);
    task_unref(t);
    CHECK_CALL(&fx, "\"cancelled\"", "task.get_status", "\"%s\"", ref);
    g_autofree char *over = fixture_call(&fx, "task.cancel", "\"%s\"", ref);
    CU_ASSERT(g_str_has_prefix(over, "OPERATION_NOT_ALLOWED"));
    fixture_close(&fx);
}

/* ---- events
 * ------------------------------------------------------------------- */

static char *token_of(const char *batch)
{
    const char *p = strstr(batch, "\"token\":\"");
    return p ? g_strndup(p + 9, 41) : g_strdup("");
}

static void tells_everything_first(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *all =
        fixture_call(&fx, "event.from", "[\"pool\",\"VM\"],\"\",5.0");
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"class\":\"pool\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"class\":\"vm\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"operation\":\"add\""));
    CU_ASSERT_PTR_NULL(strstr(all, "\"class\":\"host\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"valid_ref_counts\":{"));
    CU_ASSERT_PTR_NOT_NULL(strstr(all, "\"host\":1"));
    g_autofree char *token = token_of(all);
    g_autofree char *none =
        fixture_call(&fx, "event.from", "[\"pool\",\"VM\"],\"%s\",0.05", token);
    CU_ASSERT(g_str_has_prefix(none, "{\"events\":[]"));
    CHECK_CALL(&fx, "EVENT_FROM_TOKEN_PARSE_FAILURE: [ 7 ]", "event.from",
               "[\"*\"],\"7\",1");
    CHECK_CALL(&fx, "EVENT_SUBSCRIPTION_PARSE_FAILURE: [ / ]", "event.from",
               "[\"/\"],\"\",1");
    CHECK_CALL(&fx, "EVENTS_LOST", "event.from",
               "[\"*\"],\"00000000000000000001,0\",1");
    CHECK_CALL(&fx, "EVENTS_LOST", "event.from",
               "[\"*\"],\"99999999999999999999,0\",1");
    fixture_close(&fx);
}

static void tells_add_mod_del(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *secret = fixture_str(&fx, "task.create", "\"one\",\"\"");
    g_autofree char *all = fixture_call(&fx, "event.from", "[\"task\"],\"\",5");
    g_autofree char *token = token_of(all);
    g_autofree char *two = fixture_str(&fx, "task.create", "\"two\",\"\"");
    CHECK_CALL(&fx, "\"\"", "task.destroy", "\"%s\"", secret);
    g_autofree char *three = fixture_str(&fx, "task.create", "\"3\",\"\"");
    CHECK_CALL(&fx, "\"\"", "task.destroy", "\"%s\"", three);
    g_autofree char *got =
        fixture_call(&fx, "event.from", "[\"task\"],\"%s\",5", token);
    const char *add = strstr(got, "\"operation\":\"add\"");
    const char *del = strstr(got, "\"operation\":\"del\"");
    CU_ASSERT(add && del && add < del);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, two));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, secret));
    CU_ASSERT_PTR_NULL(strstr(got, three)); /* came and went */
    fixture_close(&fx);
}

static void subscribes_to_one_object(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *token =
        fixture_str(&fx, "event.inject", "\"pool\",\"%s\"", fx.x->pool_ref);
    g_autofree char *got = fixture_call(
        &fx, "event.from", "[\"pool/%s\"],\"%s\",5", fx.x->pool_ref, token);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "\"operation\":\"mod\""));
    g_autofree G_GNUC_UNUSED char *next = token_of(got);
    g_autofree char *none = fixture_call(
        &fx, "event.from", "[\"pool/OpaqueRef:1\"],\"%s\",0.02", token);
    CU_ASSERT(g_str_has_prefix(none, "{\"events\":[]"));
    fixture_close(&fx);
}

struct waiter {
    struct fixture *fx;
    gint64 answered;
    char *got;
};

static void *wait_for_pool(void *data)
{
    struct waiter *w = data;
    g_autofree char *params = g_strdup_printf("[\"%s\",[\"pool\"],\"%s\",20.0]",
                                              w->fx->session, w->got);
    g_free(w->got);
    w->got = fixture_raw(w->fx, "event.from", params, true);
    w->answered = g_get_monotonic_time();
    return NULL;
}

static void wakes_waiters_at_once(void)
{
    struct fixture fx;
    fixture_open(&fx);
    struct waiter w[20];
    GThread *threads[20];
    g_autofree char *all = fixture_call(&fx, "event.from", "[\"pool\"],\"\",5");
    for (int i = 0; i < 20; i++) {
        w[i] = (struct waiter){ &fx, 0, token_of(all) };
        threads[i] = g_thread_new("waiter", wait_for_pool, &w[i]);
    }
    g_usleep(50000);
    CHECK_CALL(&fx, "\"\"", "pool.set_name_label", "\"%s\",\"renamed\"",
               fx.x->pool_ref);
    for (int i = 0; i < 20; i++) {
        g_thread_join(threads[i]);
        CU_ASSERT_PTR_NOT_NULL(strstr(w[i].got, "renamed"));
        g_free(w[i].got);
    }
    fixture_close(&fx);
}

static void logout_ends_waiting(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *all = fixture_call(&fx, "event.from", "[\"pool\"],\"\",5");
    struct waiter w = { &fx, 0, token_of(all) };
    GThread *thread = g_thread_new("waiter", wait_for_pool, &w);
    g_usleep(30000);
    session_logout(fx.x, fx.session);
    g_thread_join(thread);
    CU_ASSERT(g_str_has_prefix(w.got, "SESSION_INVALID"));
    g_free(w.got);
    fixture_close(&fx);
}

static void old_events(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *none =
        g_strdup_printf("SESSION_NOT_REGISTERED: [ %s ]", fx.session);
    CHECK_CALL(&fx, none, "event.next", "%s", "");
    CHECK_CALL(&fx, "\"\"", "event.register", "[\"pool\"]");
    CHECK_CALL(&fx, "\"\"", "pool.set_name_label", "\"%s\",\"renamed\"",
               fx.x->pool_ref);
    g_autofree char *got = fixture_call(&fx, "event.next", "%s", "");
    CU_ASSERT(g_str_has_prefix(got, "[{\"id\":\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "renamed"));
    CHECK_CALL(&fx, "\"\"", "event.unregister", "[\"pool\"]");
    fixture_close(&fx);
}

static void count_done(void *user, struct reply *reply, struct fault *fault)
{
    (void)fault;
    reply_free(reply);
    g_atomic_int_inc((gint *)user);
}

/* A client that went away is not answered. */
static void abandons(void)
{
    struct fixture fx;
    gint answers = 0;
    fixture_open(&fx);
    g_autofree char *all = fixture_call(&fx, "event.from", "[\"pool\"],\"\",5");
    g_autofree char *token = token_of(all);
    g_autofree char *text =
        g_strdup_printf("[\"%s\",[\"pool\"],\"%s\",20.0]", fx.session, token);
    VALUE_AUTO *params = value_json_parse(text, strlen(text), NULL);
    struct call c = { "event.from", params, true, "test", NULL };
    struct dispatch_wait *w = dispatch_start(fx.x, &c, count_done, &answers);
    CU_ASSERT_PTR_NOT_NULL(w);
    dispatch_abandon(w);
    CHECK_CALL(&fx, "\"\"", "pool.set_name_label", "\"%s\",\"renamed\"",
               fx.x->pool_ref);
    g_usleep(20000);
    CU_ASSERT_EQUAL(g_atomic_int_get(&answers), 0);
    fixture_close(&fx);
}

static void restarts(void)
{
    struct fixture fx;
    fixture_open(&fx);
    g_autofree char *pool = g_strdup(fx.x->pool_ref);
    g_autofree char *host = g_strdup(fx.x->host_ref);
    g_autofree char *old = g_strdup(fx.session);
    CHECK_CALL(&fx, "\"\"", "pool.set_name_label", "\"%s\",\"kept\"", pool);
    fixture_stop(&fx);
    fixture_start(&fx);
    UNIT_EQUAL(fx.x->pool_ref, pool);
    UNIT_EQUAL(fx.x->host_ref, host);
    CHECK_CALL(&fx, "\"kept\"", "pool.get_name_label", "\"%s\"", pool);
    g_autofree char *params = g_strdup_printf("[\"%s\"]", old);
    g_autofree char *no = fixture_raw(&fx, "VM.get_all", params, true);
    CU_ASSERT(g_str_has_prefix(no, "SESSION_INVALID"));
    fixture_close(&fx);
}

const struct unit_test unit_tests[] = {
    { "wrong calls get their exact fault", checks_calls },
    { "system.listMethods lists exactly what answers", lists_what_answers },
    { "over TCP a password is asked, on the unix socket not",
      asks_for_passwords },
    { "a read-only subject looks and cannot write", roles_limit },
    { "a wrong password is answered late", wrong_passwords_wait_alone },
    { "a session ends with logout", logout_ends },
    { "maps and sets are changed by member", maps_and_sets },
    { "get_all_records_where finds by field", queries },
    { "Async calls answer a task that ends with the result",
      async_makes_tasks },
    { "a client's own task is bound, progresses and is cancelled",
      tasks_of_clients },
    { "event.from starts with everything, then waits", tells_everything_first },
    { "event.from tells what came, changed and went", tells_add_mod_del },
    { "event.from follows a single object", subscribes_to_one_object },
    { "a change wakes all who wait", wakes_waiters_at_once },
    { "logout ends a waiting event.from", logout_ends_waiting },
    { "event.register and event.next work", old_events },
    { "an abandoned call is not answered", abandons },
    { "pool, host and their changes survive a restart, sessions do not",
      restarts },
    { 0 },
};
