/* XenAPI host.call_plugin: programs of the administrator that clients may run
 * (way B). A plugin is an executable file in PLUGIN_DIR; it gets the call as
 * XML-RPC in its first argument and prints an XML-RPC response, as XenAPI's
 * plugins do, so that existing ones run unchanged. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "class/handler.h"
#include "rpc/rpc.h"

#define PLUGIN_DIR "/etc/xapi.d/plugins"
/* A plugin has this long; then it is ended, and its status is 124. */
#define PLUGIN_S "1800"

/* A plain file name, so that nothing outside of the folder is run. */
static bool good_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

static char *find_plugin(const char *name)
{
    const char *dir = g_getenv("XAPI_LITE_PLUGINS");
    char *path = g_build_filename(dir ? dir : PLUGIN_DIR, name, NULL);
    if (good_name(name) && g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
        access(path, X_OK) == 0)
        return path;
    g_free(path);
    return NULL;
}

/* Caller frees. */
static char *format_call(struct ctx *c)
{
    GString *s =
        g_string_new("<?xml version=\"1.0\"?><methodCall><methodName>");
    g_autofree char *name = g_markup_escape_text(arg_str(c, 2), -1);
    VALUE_AUTO *session = value_string(c->session.ref);
    g_string_append(s, name);
    g_string_append(s, "</methodName><params><param>");
    rpc_xml_format_value(s, session);
    g_string_append(s, "</param><param>");
    rpc_xml_format_value(s, arg(c, 3));
    g_string_append(s, "</param></params></methodCall>");
    return g_string_free(s, FALSE);
}

/* Text of the one member of an object, or NULL. */
static const char *member(const struct value *o, const char *key)
{
    const struct value *v = value_find(o, key);
    return v ? value_get_string(v) : NULL;
}

static int failed(struct ctx *c, const char *status, const char *out,
                  const char *said)
{
    return ctx_fault(c, "XENAPI_PLUGIN_FAILURE", status, out, said);
}

/* A struct with Status Failure and its ErrorDescription. */
static int take_failure(struct ctx *c, const struct value *answer)
{
    const struct value *why = value_find(answer, "ErrorDescription");
    const char *code = value_get_string(value_at(why, 0));
    if (!code)
        return failed(c, "non-zero exit", "", "no ErrorDescription");
    fault_set(c->fault, code, NULL);
    for (size_t i = 1; i < value_count(why); i++)
        fault_add(c->fault, value_get_string(value_at(why, i)));
    return -1;
}

/* From `<?xml..?><methodResponse><params><param><value>..` to the value. */
static int take_answer(struct ctx *c, const char *out,
                       struct value **result_out)
{
    ERR_AUTO err = { 0 };
    const char *start = strstr(out, "<value>");
    const char *end = start ? g_strrstr(start, "</value>") : NULL;
    VALUE_AUTO *answer =
        end ? rpc_xml_parse_value(start, (size_t)(end + 8 - start), &err)
            : NULL;
    if (!answer)
        return failed(c, "bad response", out, end ? err.message : "");
    if (!g_strcmp0(member(answer, "Status"), "Failure"))
        return take_failure(c, answer);
    const char *text = member(answer, "Value");
    if (!text)
        text = value_get_string(answer);
    if (!text)
        return failed(c, "bad response", out, "the result is no string");
    *result_out = value_string(text);
    return 0;
}

/* The daemon's threads block the signals that main waits for; a program must
 * not. */
static void in_child(gpointer data)
{
    sigset_t none;
    (void)data;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int handle_host_call_plugin(struct ctx *c, struct value **result_out)
{
    g_autofree char *path = find_plugin(arg_str(c, 1));
    g_autofree char *call = path ? format_call(c) : NULL;
    g_autofree char *out = NULL, *said = NULL;
    g_autoptr(GError) e = NULL;
    int status = 0;
    if (!path)
        return ctx_fault(c, "XENAPI_MISSING_PLUGIN", arg_str(c, 1));
    const char *limit = g_getenv("XAPI_LITE_PLUGIN_S");
    const char *argv[] = {
        "timeout", "--kill-after=5", limit ? limit : PLUGIN_S, path, call, NULL
    };
    if (!g_spawn_sync("/", (char **)argv, NULL, G_SPAWN_SEARCH_PATH, in_child,
                      NULL, &out, &said, &status, &e))
        return failed(c, "not started", "", e->message);
    if (status) {
        char text[16];
        g_snprintf(text, sizeof text, "%d",
                   WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        return failed(c, text, out, said);
    }
    return take_answer(c, out, result_out);
}
