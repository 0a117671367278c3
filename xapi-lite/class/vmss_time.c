/* XenAPI VMSS: when a schedule is due; pure (way B). */
#include <stdlib.h>
#include <string.h>

#include "class/vmss.h"

enum { WEEK = 7 };

static const char *const days[WEEK] = { "Sunday",    "Monday",   "Tuesday",
                                        "Wednesday", "Thursday", "Friday",
                                        "Saturday" };

static int number(const struct record *vmss, const char *key)
{
    const char *text = record_map_get(vmss, F_VMSS_schedule, key);
    return text ? atoi(text) : 0;
}

static bool is_day(const char *list, int wday)
{
    g_auto(GStrv) words = g_strsplit(list ? list : "Monday", ",", -1);
    for (char **w = words; *w; w++)
        if (!g_ascii_strcasecmp(g_strstrip(*w), days[wday]))
            return true;
    return false;
}

/* Local time `back` days before now, at hour and minute. */
static time_t moment(time_t now, int back, int hour, int min,
                     struct tm *parts_out)
{
    struct tm t;
    localtime_r(&now, &t);
    t.tm_mday -= back;
    t.tm_hour = hour;
    t.tm_min = min;
    t.tm_sec = 0;
    t.tm_isdst = -1;
    time_t at = mktime(&t);
    *parts_out = t;
    return at;
}

time_t vmss_slot(const struct record *vmss, time_t now)
{
    const char *frequency = record_str(vmss, F_VMSS_frequency);
    int hour = number(vmss, "hour"), min = number(vmss, "min");
    bool weekly = !strcmp(frequency, "weekly");
    const char *list = record_map_get(vmss, F_VMSS_schedule, "days");
    struct tm t;
    localtime_r(&now, &t);
    if (!strcmp(frequency, "hourly")) {
        time_t at = moment(now, 0, t.tm_hour, min, &t);
        return at <= now ? at : at - 3600;
    }
    for (int back = 0; back <= WEEK; back++) {
        time_t at = moment(now, back, hour, min, &t);
        if (at <= now && (!weekly || is_day(list, t.tm_wday)))
            return at;
    }
    return 0;
}

/* ---- what may stand in a schedule
 * ---------------------------------------------- */

static bool in_range(const char *text, long most)
{
    char *end;
    long n = strtol(text, &end, 10);
    return end != text && !*end && n >= 0 && n <= most;
}

static bool are_days(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    for (char **w = words; *w; w++) {
        bool known = false;
        for (int i = 0; i < WEEK; i++)
            known |= !g_ascii_strcasecmp(g_strstrip(*w), days[i]);
        if (!known)
            return false;
    }
    return *words;
}

int vmss_check(const struct value *schedule, struct fault *f)
{
    for (size_t i = 0; i < value_count(schedule); i++) {
        const char *key = value_key_at(schedule, i);
        const char *text = value_get_string(value_item_at(schedule, i));
        bool good = !strcmp(key, "min") ? in_range(text, 59)
                    : !strcmp(key, "hour")
                        ? in_range(text, 23)
                        : !strcmp(key, "days") && are_days(text);
        if (!good) {
            g_autofree char *name = g_strdup_printf("schedule:%s", key);
            return fault_set(f, "INVALID_VALUE", name, text, NULL);
        }
    }
    return 0;
}
