/* What VBD.qos_algorithm_type and its parameters mean. */
#include <string.h>

#include "driver/driver.h"
#include "tests/unit/unit.h"

/* Parameters as key, value, ..., NULL. */
static struct value *params_of(const char *const *words)
{
    struct value *v = value_object();
    for (; *words; words += 2)
        value_set(v, words[0], value_string(words[1]));
    return v;
}

#define PARSE(out, err, type, ...)                                             \
    parse(out, err, type,                                                      \
          (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
static int parse(struct disk_qos *out, struct err *err, const char *type,
                 const char *const *words)
{
    VALUE_AUTO *v = params_of(words);
    return driver_disk_qos_parse(type, v, out, err);
}

static void ionice(void)
{
    static const struct {
        const char *sched, *class;
        int want_class, want_level;
    } cases[] = { { "rt", "5", 1, 5 },
                  { "real-time", "highest", 1, 0 },
                  { "best-effort", "high", 2, 2 },
                  { "best-effort", "lowest", 2, 7 },
                  { "idle", "", 3, 4 },
                  { "", "low", 2, 6 } };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct disk_qos q;
        CU_ASSERT_EQUAL(PARSE(&q, NULL, "ionice", "sched", cases[i].sched,
                              "class", cases[i].class),
                        0);
        CU_ASSERT_EQUAL(q.io_class, cases[i].want_class);
        CU_ASSERT_EQUAL(q.io_level, cases[i].want_level);
    }
}

static void throttle(void)
{
    struct disk_qos q;
    CU_ASSERT_EQUAL(PARSE(&q, NULL, "throttle", "kbps", "2048", "iops", "100"),
                    0);
    CU_ASSERT_EQUAL(q.kib_s, 2048);
    CU_ASSERT_EQUAL(q.iops, 100);
    CU_ASSERT_EQUAL(PARSE(&q, NULL, ""), 0);
    CU_ASSERT_EQUAL(q.kib_s + q.iops + (unsigned)q.io_class, 0);
}

static void refused(const char *why, const char *type, const char *key,
                    const char *value)
{
    struct disk_qos q;
    ERR_AUTO err = { 0 };
    CU_ASSERT_EQUAL(PARSE(&q, &err, type, key, value), -1);
    if (!err.message || !strstr(err.message, why))
        UNIT_EQUAL(err.message, why);
}

static void bad_words(void)
{
    refused("sched=fast", "ionice", "sched", "fast");
    refused("class=8", "ionice", "class", "8");
    refused("kbps=0", "throttle", "kbps", "0");
    refused("kbps=much", "throttle", "kbps", "much");
    refused("needs kbps=", "throttle", "mbps", "1");
    refused("neither ionice nor throttle", "ratelimit", "kbps", "1");
}

static void support(void)
{
    struct disk_spec raw = { .path = "/dev/x", .format = "raw" };
    struct disk_spec image = { .path = "/x.qcow2", .format = "qcow2" };
    CU_ASSERT_FALSE(
        g_strv_contains(driver_disk_qos_supported(&raw), "throttle"));
    CU_ASSERT_TRUE(g_strv_contains(driver_disk_qos_supported(&raw), "ionice"));
    CU_ASSERT_TRUE(
        g_strv_contains(driver_disk_qos_supported(&image), "throttle"));
}

const struct unit_test unit_tests[] = {
    { "ionice takes XenServer's words", ionice },
    { "throttle takes KiB and requests per second", throttle },
    { "a wrong word is named", bad_words },
    { "only disks that QEMU serves can be throttled", support },
    { NULL, NULL },
};
