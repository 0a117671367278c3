/* The thin-CLI protocol's messages, and the command line of xe. */
#include <string.h>

#include "../unit.h"
#include "base/thincli.h"
#include "xe/args.h"
#include "xe/request.h"

static char *hex(const GByteArray *b)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < b->len; i++)
        g_string_append_printf(s, "%02x", b->data[i]);
    return g_string_free(s, FALSE);
}

static void encoded(struct thin_message m, const char *want, int line)
{
    g_autoptr(GByteArray) b = g_byte_array_new();
    struct thin_message back;
    thin_encode(b, &m);
    g_autofree char *got = hex(b);
    unit_equal(got, want, __FILE__, line);
    CU_ASSERT_FATAL(thin_decode(b->data + 4, b->len - 4, &back, NULL) == 0);
    CU_ASSERT(back.tag == m.tag && back.number == m.number);
    CU_ASSERT(!g_strcmp0(back.text, m.text) && !g_strcmp0(back.url, m.url));
    thin_message_dispose(&back);
}
#define ENCODED(want, ...)                                                     \
    encoded((struct thin_message){ __VA_ARGS__ }, want, __LINE__)

static void messages_have_the_bytes_of_the_protocol(void)
{
    ENCODED("0e000000"
            "09000000"
            "00000000"
            "02000000"
            "6869",
            .tag = THIN_PRINT, .text = (char *)"hi");
    ENCODED("0c000000"
            "09000000"
            "04000000"
            "01000000",
            .tag = THIN_EXIT, .number = 1);
    ENCODED("08000000"
            "0a000000"
            "05000000",
            .tag = THIN_OK);
    ENCODED("0c000000"
            "0b000000"
            "07000000"
            "00010000",
            .tag = THIN_CHUNK, .number = 256);
    ENCODED("12000000"
            "09000000"
            "0d000000"
            "01000000"
            "66"
            "01000000"
            "2f",
            .tag = THIN_HTTP_PUT, .text = (char *)"f", .url = (char *)"/");
}

static void an_error_carries_its_parameters(void)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    g_autoptr(GByteArray) b = g_byte_array_new();
    struct thin_message m = { .tag = THIN_ERROR, .text = (char *)"C" }, back;
    g_ptr_array_add(list, (char *)"a");
    g_ptr_array_add(list, (char *)"");
    m.list = list;
    thin_encode(b, &m);
    CU_ASSERT_FATAL(thin_decode(b->data + 4, b->len - 4, &back, NULL) == 0);
    CU_ASSERT_FATAL(back.list->len == 2);
    UNIT_EQUAL(back.list->pdata[0], "a");
    UNIT_EQUAL(back.list->pdata[1], "");
    thin_message_dispose(&back);
}

static void cut_and_unknown_messages_are_refused(void)
{
    static const uint8_t cut[] = { 9, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 'a' };
    static const uint8_t tag[] = { 9, 0, 0, 0, 99, 0, 0, 0 };
    static const uint8_t huge[] = { 0xff, 0xff, 0xff, 0x7f };
    struct thin_message m;
    uint32_t len;
    for (size_t n = 0; n <= sizeof(cut); n++)
        CU_ASSERT(thin_decode(cut, n, &m, NULL) == -1);
    CU_ASSERT(thin_decode(tag, sizeof(tag), &m, NULL) == -1);
    CU_ASSERT(thin_length(huge, &len, NULL) == -1);
}

static void the_greeting_is_checked(void)
{
    uint8_t g[THIN_GREETING];
    int32_t minor = -1;
    thin_greet(g);
    CU_ASSERT(thin_check_greeting(g, &minor, NULL) == 0 && minor == 2);
    g[27] = 9;
    CU_ASSERT(thin_check_greeting(g, &minor, NULL) == -1);
    g[0] = 'H';
    CU_ASSERT(thin_check_greeting(g, &minor, NULL) == -1);
}

/* The body of the request for a command line, "|" for each line's end. */
static char *body_of(const char *line, const char *extra, const char *file,
                     struct xe_args *a)
{
    ERR_AUTO err = { 0 };
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    if (xe_args_parse(a, words, extra, file, &err))
        return g_strdup(err.message);
    char *body = xe_args_body(a);
    g_strdelimit(body, "\n", '|');
    return body;
}

static const struct {
    const char *line, *extra, *file, *want;
} command_lines[] = {
    { "vm-list params=all --minimal -u root -pw pw", NULL, NULL,
      "vm-list|params=all|--minimal|username=root|password=pw" },
    { "vm-list", "username=u,password=a\\,b,x=1", "password=late\nserver=h\n",
      "vm-list|x=1|username=u|password=a,b" },
    { "-s host -p 8443 vm-start vm=a=b", NULL, NULL, "vm-start|vm=a=b" },
    { "vm-list --nossl username=me", NULL, "# note\n\n params=uuid \n",
      "vm-list|params=uuid|username=me" },
    { "vm-list -x", NULL, NULL, "Unknown switch: -x" },
    { "vm-list -u", NULL, NULL, "-u needs a value" },
    { "vm-list -p 70000", NULL, NULL,
      "\"70000\" is not a port: a number from 1 to 65535" },
    { "vm-list nossl=maybe", NULL, NULL,
      "\"maybe\" is neither true nor false" },
};

static void connection_options_are_taken_out_of_the_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(command_lines); i++) {
        struct xe_args a;
        g_autofree char *got =
            body_of(command_lines[i].line, command_lines[i].extra,
                    command_lines[i].file, &a);
        UNIT_EQUAL(got, command_lines[i].want);
        xe_args_dispose(&a);
    }
}

static void what_is_typed_first_wins(void)
{
    struct xe_args a;
    g_free(
        body_of("vm-list -s typed", "server=extra,port=1", "server=file", &a));
    UNIT_EQUAL(a.server, "typed");
    CU_ASSERT(a.port == 1);
    xe_args_dispose(&a);
}

static void only_files_of_the_command_line_may_be_touched(void)
{
    struct xe_args a;
    g_free(body_of("vm-export filename=/tmp/x.xva", NULL, NULL, &a));
    CU_ASSERT(xe_args_names_file(&a, "/tmp/x.xva"));
    CU_ASSERT(!xe_args_names_file(&a, "/etc/shadow"));
    CU_ASSERT(!xe_args_names_file(&a, "filename=/tmp/x.xva"));
    xe_args_dispose(&a);
}

static void answers_of_servers_are_read(void)
{
    struct response r;
    CU_ASSERT(response_parse("HTTP/1.1 302 Found\nLocation: https://h/x\n"
                             "Content-Length: 5\n\n",
                             &r, NULL) == 0);
    CU_ASSERT(r.status == 302 && r.length == 5);
    UNIT_EQUAL(r.location, "https://h/x");
    g_free(r.location);
    CU_ASSERT(response_parse("XenSource thin", &r, NULL) == -1);
}

const struct unit_test unit_tests[] = {
    { "messages have the bytes of the protocol",
      messages_have_the_bytes_of_the_protocol },
    { "an error carries its parameters", an_error_carries_its_parameters },
    { "cut and unknown messages are refused",
      cut_and_unknown_messages_are_refused },
    { "the greeting is checked", the_greeting_is_checked },
    { "connection options are taken out of the words",
      connection_options_are_taken_out_of_the_words },
    { "what is typed first wins", what_is_typed_first_wins },
    { "only files of the command line may be touched",
      only_files_of_the_command_line_may_be_touched },
    { "answers of servers are read", answers_of_servers_are_read },
    { 0 },
};
