/* The documents of the figures, to the letter, and the parameters that ask for
 * them. */
#include <glib/gstdio.h>
#include <string.h>

#include "rrd/restore.h"
#include "rrd/rrd.h"
#include "tests/unit/unit.h"

enum { T0 = 1727999940 - 1727999940 % 86400 };
#define UUID "0c3a4ddc-5a53-4a3e-9f1d-8f6ce84f7f9f"

struct bench {
    struct rrd r;
    char dir[64], path[96];
};

/* A VM of two sources after `n` samples. */
static void bench_open(struct bench *b, int n)
{
    ERR_AUTO err = { 0 };
    struct rrd_rows rows;
    rrd_init(&b->r, RRD_VM);
    rrd_rows_init(&rows);
    strcpy(b->dir, "/tmp/rrd-text-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL(g_mkdtemp(b->dir));
    g_snprintf(b->path, sizeof b->path, "%s/a.rrd", b->dir);
    for (int i = 0; i <= n; i++) {
        struct rrd_reading v[2] = { { "memory", 1e9 * i }, { "cpu0", i } };
        rrd_meet(&b->r, v, 2);
        rrd_feed(&b->r, T0 + 5.0 * i, v, 2, rrd_rows_take, &rows);
    }
    CU_ASSERT_EQUAL(rrd_file_make(b->path, &b->r, &err), 0);
    CU_ASSERT_EQUAL(rrd_file_put(b->path, &b->r, &rows, &err), 0);
    rrd_rows_dispose(&rows);
}

static void bench_close(struct bench *b)
{
    rrd_dispose(&b->r);
    g_unlink(b->path);
    g_rmdir(b->dir);
}

static int append(void *user, const char *text, size_t len)
{
    g_string_append_len(user, text, (gssize)len);
    return 0;
}

static char *updates(struct bench *b, struct rrd_query q)
{
    GString *out = g_string_new(NULL);
    struct rrd_target t = { RRD_VM, UUID, b->path };
    CU_ASSERT_EQUAL(rrd_updates(&q, &t, 1, NULL, append, out), 0);
    return g_string_free(out, FALSE);
}

#define E(cf, name) "<entry>" cf ":vm:" UUID ":" name "</entry>"

static void xport(void)
{
    struct bench b;
    bench_open(&b, 3);
    g_autofree char *got = updates(
        &b, (struct rrd_query){ .start = T0 + 10, .cf = -1, .last = T0 + 16 });
    UNIT_EQUAL(
        got, "<?xml version=\"1.0\"?><xport><meta><start>1727913615</start>"
             "<step>5</step><end>1727913615</end><rows>2</rows>"
             "<columns>2</columns><legend>" E("AVERAGE", "memory")
                 E("AVERAGE",
                   "cpu0") "</legend></meta><data>"
                           "<row><t>1727913615</t><v>3e+09</v><v>0.2</v></row>"
                           "<row><t>1727913610</t><v>2e+09</v><v>0.2</v></row>"
                           "</data></xport>");
    bench_close(&b);
}

static void xport_json(void)
{
    struct bench b;
    bench_open(&b, 3);
    g_autofree char *got = updates(&b, (struct rrd_query){ .start = -6,
                                                           .cf = RRD_AVERAGE,
                                                           .last = T0 + 21,
                                                           .json = true });
    UNIT_EQUAL(got, "{\"meta\":{\"start\":\"1727913620\",\"step\":\"5\","
                    "\"end\":\"1727913620\",\"rows\":\"2\",\"columns\":\"2\","
                    "\"legend\":[\"AVERAGE:vm:" UUID
                    ":memory\",\"AVERAGE:vm:" UUID ":cpu0\"]},\"data\":["
                    "{\"t\":\"1727913620\",\"values\":[\"NaN\",\"NaN\"]},"
                    "{\"t\":\"1727913615\",\"values\":[\"3e+09\",\"0.2\"]}]}");
    bench_close(&b);
}

static void all_functions(void)
{
    struct bench b;
    bench_open(&b, 24);
    g_autofree char *got = updates(
        &b, (struct rrd_query){
                .start = T0 + 61, .interval = 60, .cf = -1, .last = T0 + 120 });
    CU_ASSERT_PTR_NOT_NULL(
        strstr(got, "<columns>6</columns><legend>" E("AVERAGE", "memory")
                        E("AVERAGE", "cpu0") E("MIN", "memory") E("MIN", "cpu0")
                            E("MAX", "memory") E("MAX", "cpu0") "</legend>"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(got, "<data><row><t>1727913720</t><v>1.85e+10</v><v>0.2</v>"
                    "<v>1.3e+10</v><v>0.2</v><v>2.4e+10</v><v>0.2</v></row>"
                    "</data>"));
    bench_close(&b);
}

/* The answer comes from the finest archive that has what is asked for. */
static void scales(void)
{
    struct {
        struct rrd_query q;
        unsigned scale;
    } cases[] = {
        { { .start = -60, .cf = RRD_AVERAGE }, 0 },
        { { .start = -599, .cf = RRD_AVERAGE }, 0 },
        { { .start = -600, .cf = RRD_AVERAGE }, 1 },
        { { .start = -60, .cf = RRD_MAX }, 1 },
        { { .start = -60, .interval = 60, .cf = -1 }, 1 },
        { { .start = -60, .interval = 3600, .cf = -1 }, 2 },
        { { .start = -7200, .cf = -1 }, 2 },
        { { .start = -604800, .cf = -1 }, 3 },
        { { .start = 0, .cf = -1 }, 3 },
        { { .start = -60, .interval = 1000000, .cf = -1 }, 3 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        cases[i].q.last = T0;
        CU_ASSERT_EQUAL(rrd_query_scale(&cases[i].q), cases[i].scale);
    }
}

static void whole(void)
{
    struct bench b;
    bench_open(&b, 3);
    struct rrd_file *f = rrd_file_open(b.path);
    g_autoptr(GString) out = g_string_new(NULL);
    CU_ASSERT_EQUAL(rrd_dump(&b.r, f, false, append, out), 0);
    CU_ASSERT(g_str_has_prefix(
        out->str,
        "<?xml version=\"1.0\"?><rrd><version>0003</version><step>5</step>"
        "<lastupdate>1727913615</lastupdate>"
        "<ds><name>memory</name><type>GAUGE</type>"
        "<minimal_heartbeat>300</minimal_heartbeat><min>0.0</min>"
        "<max>Infinity</max><last_ds>3000000000</last_ds><value>0.0</value>"
        "<unknown_sec>0</unknown_sec></ds>"
        "<ds><name>cpu0</name><type>DERIVE</type>"
        "<minimal_heartbeat>300</minimal_heartbeat><min>0.0</min><max>1</max>"
        "<last_ds>3</last_ds><value>0.0</value><unknown_sec>0</unknown_sec>"
        "</ds><rra><cf>AVERAGE</cf><pdp_per_row>1</pdp_per_row>"
        "<params><xff>0.5</xff></params><cdp_prep><ds>"
        "<primary_value>0.0</primary_value>"
        "<secondary_value>0.0</secondary_value>"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out->str, "<row><v>2e+09</v><v>0.2</v></row>"
                         "<row><v>3e+09</v><v>0.2</v></row></database></rra>"
                         "<rra><cf>AVERAGE</cf><pdp_per_row>12<"));
    int rows = 0;
    for (const char *p = out->str; (p = strstr(p, "<row>")); p++)
        rows++;
    CU_ASSERT_EQUAL(rows, 120 + 3 * (120 + 168 + 366));
    g_string_truncate(out, 0);
    CU_ASSERT_EQUAL(rrd_dump(&b.r, f, true, append, out), 0);
    ERR_AUTO err = { 0 };
    VALUE_AUTO *v = value_json_parse(out->str, out->len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(v);
    UNIT_EQUAL(value_get_string(value_find(v, "lastupdate")), "1727913615");
    CU_ASSERT_EQUAL(value_count(value_find(v, "rra")), 10);
    rrd_file_close(f);
    bench_close(&b);
}

/* All rows of a document, without what stands between the archives. */
static char *rows_of(const char *xml)
{
    GString *out = g_string_new(NULL);
    for (const char *p = xml; (p = strstr(p, "<database>")); p++)
        g_string_append_len(out, p, strstr(p, "</database>") - p);
    return g_string_free(out, FALSE);
}

static void comes_back(void)
{
    ERR_AUTO err = { 0 };
    struct bench b, c;
    struct rrd_rows rows;
    bench_open(&b, 900); /* 75 minutes: rows of three archives */
    bench_open(&c, 1);
    rrd_dispose(&c.r);
    rrd_init(&c.r, RRD_VM);
    rrd_rows_init(&rows);
    struct rrd_file *f = rrd_file_open(b.path);
    g_autoptr(GString) one = g_string_new(NULL), two = g_string_new(NULL);
    CU_ASSERT_EQUAL(rrd_dump(&b.r, f, false, append, one), 0);
    rrd_file_close(f);
    g_unlink(c.path);
    CU_ASSERT_EQUAL(rrd_restore(one->str, one->len, &c.r, &rows, &err), 0);
    CU_ASSERT_EQUAL(rrd_file_make(c.path, &c.r, &err), 0);
    CU_ASSERT_EQUAL(rrd_file_put(c.path, &c.r, &rows, &err), 0);
    f = rrd_file_open(c.path);
    CU_ASSERT_EQUAL(rrd_dump(&c.r, f, false, append, two), 0);
    rrd_file_close(f);
    g_autofree char *was = rows_of(one->str), *is = rows_of(two->str);
    CU_ASSERT(strstr(was, "<v>1</v>") || strstr(was, "<v>0.2</v>"));
    UNIT_EQUAL(is, was);
    rrd_rows_dispose(&rows);
    bench_close(&b);
    bench_close(&c);
}

static void damaged_is_refused(void)
{
#define HEAD "<rrd><step>5</step><lastupdate>1727913615</lastupdate>"
#define DS "<ds><name>memory</name></ds>"
#define RRA "<rra><cf>AVERAGE</cf><pdp_per_row>1</pdp_per_row><database>"
    static const struct {
        const char *xml, *why;
    } cases[] = {
        { "", "no XML" },
        { "<rrd><step>5</step>", "no XML" },
        { "<html/>", "no <rrd> document" },
        { "<!DOCTYPE rrd [<!ENTITY a \"aa\">]><rrd>&a;</rrd>",
          "no <rrd> document" },
        { "<rrd><step>60</step></rrd>", "step is not 5" },
        { "<rrd><step>5</step><lastupdate>soon</lastupdate></rrd>",
          "lastupdate" },
        { HEAD "</rrd>", "none of its data sources" },
        { HEAD "<ds><name>of nobody</name></ds></rrd>", "none of its" },
        { HEAD DS DS "</rrd>", "two data sources are called memory" },
        { HEAD DS RRA "<row><v>1</v><v>2</v></row></database></rra></rrd>",
          "2 values for 1" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        ERR_AUTO err = { 0 };
        struct rrd r;
        struct rrd_rows rows;
        rrd_init(&r, RRD_VM);
        rrd_rows_init(&rows);
        CU_ASSERT_EQUAL(
            rrd_restore(cases[i].xml, strlen(cases[i].xml), &r, &rows, &err),
            -1);
        CU_ASSERT(err.message && strstr(err.message, cases[i].why));
        rrd_rows_dispose(&rows);
        rrd_dispose(&r);
    }
}

static int refuse(void *user, const char *text, size_t len)
{
    (void)text, (void)len;
    ++*(int *)user;
    return -1;
}

static void client_goes(void)
{
    struct bench b;
    int calls = 0;
    bench_open(&b, 3);
    struct rrd_query q = { .start = 0, .cf = -1, .last = T0 + 15 };
    g_autofree struct rrd_target *t = g_new(struct rrd_target, 500);
    for (int i = 0; i < 500; i++)
        t[i] = (struct rrd_target){ RRD_VM, UUID, b.path };
    CU_ASSERT_EQUAL(rrd_updates(&q, t, 500, NULL, refuse, &calls), -1);
    CU_ASSERT_EQUAL(calls, 1);
    bench_close(&b);
}

/* ---- parameters
 * -------------------------------------------------------------------- */

static int ask(const char *json, struct rrd_ask *out, struct err *err)
{
    VALUE_AUTO *v = value_json_parse(json, strlen(json), err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(v);
    return rrd_ask_parse(v, NULL, out, err);
}

static void good_parameters(void)
{
    struct rrd_ask a;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL(ask("{\"start\":\"-60\"}", &a, &err), 0);
    CU_ASSERT_EQUAL(a.query.start, -60);
    CU_ASSERT(!a.host && !a.query.json && a.query.cf == -1);
    UNIT_EQUAL(a.vm, "all");
    UNIT_EQUAL(a.sr, "none");
    CU_ASSERT_EQUAL(ask("{\"start\":\"1\",\"host\":\"true\",\"cf\":\"MAX\","
                        "\"interval\":\"60\",\"json\":\"true\","
                        "\"vm_uuid\":\"" UUID "\",\"session_id\":\"x\"}",
                        &a, &err),
                    0);
    CU_ASSERT(a.host && a.query.json && a.query.cf == RRD_MAX);
    CU_ASSERT_EQUAL(a.query.interval, 60);
    UNIT_EQUAL(a.vm, UUID);
    VALUE_AUTO *none = value_object();
    CU_ASSERT(rrd_ask_json(none, "application/json"));
    CU_ASSERT(!rrd_ask_json(none, "text/xml, application/json"));
    CU_ASSERT(!rrd_ask_json(none, NULL));
}

static void bad_parameters(void)
{
    static const struct {
        const char *params, *says;
    } cases[] = {
        { "{}", "start= is missing: the first second that is wanted, since "
                "1970, or negative: before now" },
        { "{\"start\":\"\"}", "start= is no whole number of seconds" },
        { "{\"start\":\"1.5\"}", "start=1.5 is no whole number of seconds" },
        { "{\"start\":\"99999999999999999999\"}",
          "start=99999999999999999999 is no whole number of seconds" },
        { "{\"start\":\"0\",\"interval\":\"day\"}",
          "interval=day is no whole number of seconds" },
        { "{\"start\":\"0\",\"cf\":\"SUM\"}",
          "cf=SUM is none of AVERAGE, MIN, MAX" },
        { "{\"start\":\"0\",\"host\":\"maybe\"}",
          "host=maybe is neither true nor false" },
        { "{\"start\":\"0\",\"vm_uuid\":\"../x\"}",
          "vm_uuid=../x is neither a uuid nor \"all\" nor \"none\"" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct rrd_ask a;
        ERR_AUTO err = { 0 };
        CU_ASSERT_EQUAL(ask(cases[i].params, &a, &err), -1);
        UNIT_EQUAL(err.message, cases[i].says);
    }
}

const struct unit_test unit_tests[] = {
    { "rows since a time are rrdtool's xport, newest first", xport },
    { "or JSON whose numbers are texts", xport_json },
    { "without cf= all functions stand side by side", all_functions },
    { "the finest archive that has what is asked answers", scales },
    { "whole archives are rrdtool's XML 0003, or JSON", whole },
    { "nothing more is read for a client that has gone", client_goes },
    { "parameters are taken as XenServer takes them", good_parameters },
    { "a bad parameter is named with the reason", bad_parameters },
    { "what is written as XML can be read again", comes_back },
    { "what is no such XML is refused with the reason", damaged_is_refused },
    { 0 },
};
