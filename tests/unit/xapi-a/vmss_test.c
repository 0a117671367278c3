/* When snapshots by schedule are due, and that old ones go. */
#include "class/vmss.h"

#include "tests/unit/xapi-a/xapi_fixture.h"

static time_t at(int year, int mon, int day, int hour, int min)
{
    struct tm t = { .tm_year = year - 1900,
                    .tm_mon = mon - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = min,
                    .tm_isdst = -1 };
    return mktime(&t);
}

static char *text(time_t when)
{
    struct tm t;
    char s[32];
    localtime_r(&when, &t);
    strftime(s, sizeof s, "%Y-%m-%d %H:%M", &t);
    return g_strdup(s);
}

static void slots(void)
{
    static const struct {
        const char *frequency, *schedule;
        int day, hour, min; /* of July 2026; the 6th is a Monday */
        const char *want;
    } rows[] = {
        { "hourly", "{\"min\":\"30\"}", 7, 10, 45, "2026-07-07 10:30" },
        { "hourly", "{\"min\":\"30\"}", 7, 10, 15, "2026-07-07 09:30" },
        { "hourly", "{}", 7, 10, 0, "2026-07-07 10:00" },
        { "hourly", "{\"min\":\"45\"}", 7, 0, 5, "2026-07-06 23:45" },
        { "daily", "{\"hour\":\"3\",\"min\":\"15\"}", 7, 10, 0,
          "2026-07-07 03:15" },
        { "daily", "{\"hour\":\"3\",\"min\":\"15\"}", 7, 3, 14,
          "2026-07-06 03:15" },
        { "daily", "{\"hour\":\"23\"}", 1, 0, 0, "2026-06-30 23:00" },
        { "weekly", "{\"days\":\"Monday, friday\",\"hour\":\"4\"}", 9, 12, 0,
          "2026-07-06 04:00" },
        { "weekly", "{\"days\":\"Monday,Friday\",\"hour\":\"4\"}", 10, 4, 0,
          "2026-07-10 04:00" },
        { "weekly", "{\"hour\":\"4\"}", 6, 3, 59, "2026-06-29 04:00" },
    };
    struct fixture fx;
    fixture_open(&fx);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *ref = fixture_str(
            &fx, "VMSS.create",
            "{\"name_label\":\"s\",\"type\":\"snapshot\",\"frequency\":\"%s\","
            "\"schedule\":%s}",
            rows[i].frequency, rows[i].schedule);
        SNAPSHOT_AUTO *s = store_read(fx.x->store);
        g_autofree char *got = text(
            vmss_slot(snapshot_find(s, CLASS_VMSS, ref),
                      at(2026, 7, rows[i].day, rows[i].hour, rows[i].min)));
        UNIT_EQUAL(got, rows[i].want);
    }
    fixture_close(&fx);
}

static void wrong_schedules(void)
{
    static const char *const wrong[] = { "{\"min\":\"60\"}", "{\"hour\":\"x\"}",
                                         "{\"days\":\"Someday\"}",
                                         "{\"day\":\"1\"}" };
    struct fixture fx;
    fixture_open(&fx);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *said =
            fixture_call(&fx, "VMSS.create",
                         "{\"name_label\":\"s\",\"type\":\"snapshot\","
                         "\"frequency\":\"daily\",\"schedule\":%s}",
                         wrong[i]);
        CU_ASSERT(g_str_has_prefix(said, "INVALID_VALUE: [ schedule:"));
    }
    CHECK_CALL(&fx, "[]", "VMSS.get_all", "%s", "");
    fixture_close(&fx);
}

const struct unit_test unit_tests[] = {
    { "the latest slot of a schedule, in local time", slots },
    { "a schedule that means nothing is refused", wrong_schedules },
    { 0 },
};
