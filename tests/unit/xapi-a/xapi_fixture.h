/* A daemon without hypervisor for tests of the classes: calls as JSON. */
#ifndef TESTS_XAPI_FIXTURE_H
#define TESTS_XAPI_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "class/dispatch.h"
#include "class/session.h"
#include "store/store.h"
#include "task/task.h"
#include "tests/unit/unit.h"

struct fixture {
    struct xapi *x;
    char dir[40];
    char *session;
};

static inline int fixture_auth(const char *user, const char *password,
                               char **reason_out)
{
    (void)user;
    if (!strcmp(password, "right"))
        return 0;
    *reason_out = g_strdup("wrong password");
    return -1;
}

/* The answer as JSON text, or "CODE: [ parameters ]". Caller frees. */
static inline char *fixture_raw(struct fixture *fx, const char *method,
                                const char *params, bool unix_socket)
{
    ERR_AUTO err = { 0 };
    FAULT_AUTO fault = { 0 };
    struct reply *reply = NULL;
    VALUE_AUTO *p = value_json_parse(params, strlen(params), &err);
    if (!p) {
        CU_FAIL("bad JSON in the test");
        return g_strdup(err.message);
    }
    struct call c = { method, p, unix_socket, "test", NULL };
    if (dispatch_call(fx->x, &c, &reply, &fault) < 0)
        return fault_format(&fault);
    VALUE_AUTO *v = reply_to_value(reply);
    GString *s = g_string_new(NULL);
    value_json_format(s, v, false);
    reply_free(reply);
    return g_string_free(s, FALSE);
}

/* As above, in the fixture's session: params are a printf text of JSON members.
 */
static inline char *fixture_call(struct fixture *fx, const char *method,
                                 const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static inline char *fixture_call(struct fixture *fx, const char *method,
                                 const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    g_autofree char *rest = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_autofree char *params =
        g_strdup_printf("[\"%s\"%s%s]", fx->session, *rest ? "," : "", rest);
    return fixture_raw(fx, method, params, true);
}

/* A call that must answer a string, without its quotes. */
#define fixture_str(fx, method, ...)                                           \
    fixture_unquote(fixture_call(fx, method, __VA_ARGS__))
static inline char *fixture_unquote(char *json)
{
    size_t n = strlen(json);
    if (n < 2 || json[0] != '"') {
        CU_FAIL("not a string");
        fprintf(stderr, "# answer: %s\n", json);
        return json;
    }
    json[n - 1] = '\0';
    memmove(json, json + 1, n - 1);
    return json;
}

static inline void fixture_start(struct fixture *fx)
{
    ERR_AUTO err = { 0 };
    struct xapi_config config = {
        .state_dir = fx->dir,
        .no_xen = true,
        .auth = fixture_auth,
        .login_delay_ms = 50,
        .templates_file = "configs/xapi-lite/templates.json",
    };
    fx->x = xapi_open(&config, &err);
    if (!fx->x)
        err_print(stderr, "test", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(fx->x);
    fx->session = fixture_unquote(fixture_raw(fx, "session.login_with_password",
                                              "[\"root\", \"\"]", true));
}

static inline void fixture_stop(struct fixture *fx)
{
    xapi_close(fx->x);
    g_free(fx->session);
}

static inline void fixture_open(struct fixture *fx)
{
    strcpy(fx->dir, "/tmp/xapi-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(fx->dir));
    fixture_start(fx);
}

static inline void fixture_close(struct fixture *fx)
{
    g_autofree char *cmd = g_strdup_printf("rm -rf %s", fx->dir);
    fixture_stop(fx);
    CU_ASSERT_EQUAL(system(cmd), 0);
}

#define CHECK_CALL(fx, want, method, ...)                                      \
    do {                                                                       \
        g_autofree char *got_ = fixture_call(fx, method, __VA_ARGS__);         \
        UNIT_EQUAL(got_, want);                                                \
    } while (0)

#endif
