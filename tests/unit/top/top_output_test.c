/* Options, records, metrics and what is made safe for a terminal. */
#include <arpa/inet.h>
#include <string.h>

#include "base/prom.h"
#include "tests/unit/unit.h"
#include "top/columns.h"
#include "top/listen.h"
#include "top/options.h"
#include "top/replay.h"
#include "top/safe.h"

static void check_safe(const char *text, const char *want)
{
    g_autoptr(GString) out = g_string_new(NULL);
    safe_append(out, text);
    UNIT_EQUAL(out->str, want);
}

static void nothing_drives_the_terminal(void)
{
    check_safe("plain étage 日本", "plain étage 日本");
    check_safe("\x1b[31mred", "\\x1b[31mred");
    check_safe("a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f");
    check_safe("\xc2\x9b", "\\xc2\\x9b");            /* CSI as one character */
    check_safe("\xff\xc3", "\\xff\\xc3");            /* no UTF-8 */
    check_safe("a\xe2\x80\xae", "a\\xe2\\x80\\xae"); /* writing direction */
    CU_ASSERT_EQUAL(safe_cut("été", 4), 3);
    CU_ASSERT_EQUAL(safe_cut("été", 9), 5);
}

static int parse(struct options *o, const char *line, struct err *err)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    return top_options_parse(o, (int)g_strv_length(argv), argv, err);
}

static void options_as_in_xens_xentop(void)
{
    ERR_AUTO err = { 0 };
    struct options o;
    CU_ASSERT_EQUAL(parse(&o, "xentop", &err), 0);
    CU_ASSERT_EQUAL(o.mode, MODE_SCREEN);
    CU_ASSERT_EQUAL(o.delay, 3);
    CU_ASSERT_EQUAL(o.iterations, 0);
    CU_ASSERT_EQUAL(parse(&o, "xentop -bfnxrvz -i2 -d 0.5", &err), 0);
    CU_ASSERT_EQUAL(o.mode, MODE_TEXT);
    CU_ASSERT_EQUAL(o.iterations, 2);
    CU_ASSERT_EQUAL(o.delay, 0.5);
    CU_ASSERT_TRUE(o.text.full_name && o.text.nets && o.text.vbds &&
                   o.text.repeat_header && o.text.vcpus && o.dom0_first);
    CU_ASSERT_EQUAL(parse(&o, "xentop --batch --json", &err), 0);
    CU_ASSERT_EQUAL(o.mode, MODE_JSON);
    CU_ASSERT_EQUAL(parse(&o, "xentop --sort CPU(%)", &err), 0);
    CU_ASSERT_EQUAL(o.sort, COLUMN_CPU_PCT);
}

static void check_refused(const char *line, const char *want)
{
    ERR_AUTO err = { 0 };
    struct options o;
    CU_ASSERT_EQUAL(parse(&o, line, &err), -1);
    UNIT_EQUAL(err.message, want);
    CU_ASSERT_EQUAL(err_exit_code(&err), 2);
}

static void wrong_options_are_named(void)
{
    check_refused("xentop -y", "there is no option \"-y\"");
    check_refused("xentop --bogus", "there is no option \"--bogus\"");
    check_refused("xentop -d", "option \"-d\" needs a value");
    check_refused("xentop -i x", "--iterations takes a number, not \"x\"");
    check_refused("xentop -i -1", "--iterations takes a number, not \"-1\"");
    check_refused("xentop -d -3", "--delay takes seconds between 0 and 86400, "
                                  "as 3 or 0.5, not \"-3\"");
    check_refused("xentop -d nan", "--delay takes seconds between 0 and 86400, "
                                   "as 3 or 0.5, not \"nan\"");
    check_refused("xentop -b g1", "\"g1\" is one word too many");
    check_refused("xentop --sort height",
                  "--sort takes the name of a column, not \"height\"");
    check_refused("xentop --json --listen :1",
                  "only one of --batch, --json, --prometheus and --listen can "
                  "be asked for");
    check_refused("xentop --record a --replay b",
                  "--record and --replay cannot be asked for together");
}

static void check_address(const char *text, const char *want)
{
    ERR_AUTO err = { 0 };
    struct sockaddr_storage a;
    char shown[INET6_ADDRSTRLEN + 8] = "refused";
    if (!listen_parse(text, &a, &err)) {
        const struct sockaddr_in *v4 = (void *)&a;
        const struct sockaddr_in6 *v6 = (void *)&a;
        bool six = a.ss_family == AF_INET6;
        char host[INET6_ADDRSTRLEN];
        inet_ntop(a.ss_family,
                  six ? (const void *)&v6->sin6_addr : &v4->sin_addr, host,
                  sizeof host);
        g_snprintf(shown, sizeof shown, "%s %u", host,
                   ntohs(six ? v6->sin6_port : v4->sin_port));
    }
    UNIT_EQUAL(shown, want);
}

static void listens_on_loopback_unless_told(void)
{
    check_address("9617", "127.0.0.1 9617");
    check_address(":9617", "127.0.0.1 9617");
    check_address("localhost:9617", "127.0.0.1 9617");
    check_address("0.0.0.0:80", "0.0.0.0 80");
    check_address("[::1]:9617", "::1 9617");
    check_address("::1:9617", "refused");
    check_address("127.0.0.1", "refused");
    check_address("host.example:1", "refused");
    check_address("127.0.0.1:99999", "refused");
    check_address("127.0.0.1:", "refused");
    check_address("", "refused");
}

static struct sample *full_sample(void)
{
    struct sample *s = sample_new();
    s->host.clock_us = 5;
    s->host.total_bytes = 1 << 20;
    s->host.xen_version = sample_text(s, "4.17");
    sample_add_pcpu(s)->idle_ns = 7;
    struct domain *d = sample_add_domain(s, 3);
    d->name = sample_text(s, "a \"b\"\n\x1b");
    d->max_bytes = UINT64_MAX;
    d->cpu_ns = 10000000000000000000u; /* above INT64_MAX */
    d->running = true;
    d->target_bytes = 0;
    d->vcpu.count = d->net.count = d->vbd.count = 1;
    sample_add_vcpu(s)->online = true;
    sample_add_net(s)->ifname = sample_text(s, "vif3.0");
    sample_add_vbd(s)->error = true;
    return s;
}

static void a_record_keeps_all(void)
{
    ERR_AUTO err = { 0 };
    SAMPLE_AUTO *a = full_sample(), *b = sample_new();
    g_autoptr(GString) one = g_string_new(NULL);
    g_autoptr(GString) two = g_string_new(NULL);
    replay_format(one, a);
    CU_ASSERT_EQUAL_FATAL(replay_parse(b, one->str, one->len, &err), 0);
    replay_format(two, b);
    UNIT_EQUAL(two->str, one->str);
    const struct domain *d = sample_find(b, 3);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    UNIT_EQUAL(d->name, "a \"b\"\n\x1b");
    CU_ASSERT_EQUAL(d->max_bytes, UINT64_MAX);
    CU_ASSERT_EQUAL(d->cpu_ns, 10000000000000000000u);
    CU_ASSERT_EQUAL(d->target_bytes, 0);
    CU_ASSERT_EQUAL(d->start_time, -1);
    CU_ASSERT_EQUAL(d->vbd.count, 1);
    CU_ASSERT_PTR_NULL(sample_find(b, 4));
}

static void check_record(const char *text, const char *want)
{
    ERR_AUTO err = { 0 };
    SAMPLE_AUTO *s = sample_new();
    int r = replay_parse(s, text, strlen(text), &err);
    UNIT_EQUAL(r ? err.message : "read", want);
}

static void damaged_records_are_refused(void)
{
    check_record("{\"xentop\":1}", "read");
    check_record("{\"xentop\":1,\"domains\":[{}],\"later\":[1,2]}", "read");
    check_record("{}", "this is no record of xentop: the key \"xentop\" with "
                       "the value 1 is not there");
    check_record("{\"xentop\":1,\"domains\":[{\"id\":2},{\"id\":1}]}",
                 "domain 1 is not above the domain before it");
    check_record("{\"xentop\":1,\"domains\":{\"id\":2}}", "read");
}

static void metrics_are_escaped(void)
{
    g_autoptr(GString) labels = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    prom_label(labels, "name", "a\"b\\c\nd");
    prom_label(labels, "domid", NULL);
    prom_head(out, "x_total", "counter", "Line\nand \\.");
    prom_u64(out, "x_total", labels->str, UINT64_MAX);
    prom_ns(out, "y", "", 1000000001);
    prom_double(out, "z", "", 0.5);
    UNIT_EQUAL(out->str,
               "# HELP x_total Line\\nand \\\\.\n# TYPE x_total counter\n"
               "x_total{name=\"a\\\"b\\\\c\\nd\",domid=\"\"} "
               "18446744073709551615\ny 1.000000001\nz 0.5\n");
}

static void memory_does_not_grow(void)
{
    ERR_AUTO err = { 0 };
    SAMPLE_AUTO *a = full_sample(), *b = sample_new();
    g_autoptr(GString) text = g_string_new(NULL);
    replay_format(text, a);
    replay_parse(b, text->str, text->len, &err);
    const void *domains = b->domains->data, *nets = b->nets->data;
    for (int i = 0; i < 1000; i++)
        replay_parse(b, text->str, text->len, &err);
    CU_ASSERT_PTR_EQUAL(b->domains->data, domains);
    CU_ASSERT_PTR_EQUAL(b->nets->data, nets);
}

const struct unit_test unit_tests[] = {
    { "no text from outside drives the terminal", nothing_drives_the_terminal },
    { "options are those of Xen's xentop and more", options_as_in_xens_xentop },
    { "a wrong option is named, exit 2", wrong_options_are_named },
    { "--listen is loopback unless told otherwise",
      listens_on_loopback_unless_told },
    { "a record keeps all of a sample", a_record_keeps_all },
    { "a damaged record is refused", damaged_records_are_refused },
    { "metrics are escaped", metrics_are_escaped },
    { "a thousand samples use the memory of one", memory_does_not_grow },
    { 0 },
};
