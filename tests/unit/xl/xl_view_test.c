/* Tests: the bytes of the tables that scripts read. */
#include <libxl_utils.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "view/bitmap.h"
#include "view/info.h"
#include "view/list.h"
#include "view/uptime.h"
#include "view/vcpus.h"

static void bitmap_of(const char *bits, libxl_bitmap *map)
{
    libxl_bitmap_init(map);
    map->size = 2;
    map->map = calloc(1, 2);
    for (int i = 0; bits[i]; i++)
        if (bits[i] == '1')
            libxl_bitmap_set(map, i);
}

static void sets_of_cpus(void)
{
    static const struct {
        const char *bits, *text;
    } rows[] = {
        { "11111111", "all" }, { "00000000", "none" }, { "11110100", "0-3,5" },
        { "01000000", "1" },   { "10000001", "0,7" },  { "00000011", "6-7" },
        { "11111110", "0-6" },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        libxl_bitmap map;
        g_autoptr(GString) s = g_string_new(NULL);
        bitmap_of(rows[i].bits, &map);
        view_bitmap(s, &map, 8);
        UNIT_EQUAL(s->str, rows[i].text);
        libxl_bitmap_dispose(&map);
    }
}

static libxl_dominfo running(uint32_t domid)
{
    libxl_dominfo d;
    memset(&d, 0, sizeof(d));
    d.domid = domid;
    d.running = true;
    d.current_memkb = 512 * 1024;
    d.outstanding_memkb = 1024;
    d.vcpu_online = 2;
    d.cpu_time = 12345678901;
    return d;
}

static void list_has_the_known_bytes(void)
{
    libxl_dominfo d = running(7);
    struct view_domain v = { .info = &d, .name = (char *)"guest" };
    g_autoptr(GString) s = g_string_new(NULL);
    view_list_text(s, &v, 1, 0);
    UNIT_EQUAL(s->str,
               "Name                                        ID   Mem VCPUs\t"
               "State\tTime(s)\n"
               "guest                                        7   513     2    "
               " r-----      12.3\n");
}

static void list_shows_what_is_asked(void)
{
    libxl_dominfo d = running(7);
    d.shutdown = true;
    d.running = false;
    d.shutdown_reason = LIBXL_SHUTDOWN_REASON_CRASH;
    struct view_domain v = { .info = &d,
                             .name = (char *)"a",
                             .cpupool = (char *)"Pool-0",
                             .nodes = (char *)"all" };
    g_autoptr(GString) s = g_string_new(NULL);
    view_list_text(s, &v, 1,
                   VIEW_LIST_VERBOSE | VIEW_LIST_CONTEXT | VIEW_LIST_CLAIMS |
                       VIEW_LIST_CPUPOOL | VIEW_LIST_NODES);
    UNIT_EQUAL(strchr(s->str, '\n') + 1,
               "a                                            7   513     2    "
               " ---sc-      12.3 00000000-0000-0000-0000-000000000000        "
               "3     1                -          Pool-0 all\n");
}

static void states_have_six_letters(void)
{
    static const char *const reasons = "-rscwS";
    libxl_dominfo d;
    char text[7];
    memset(&d, 0, sizeof(d));
    view_state(&d, text);
    UNIT_EQUAL(text, "------");
    d.blocked = d.paused = d.dying = d.shutdown = true;
    for (int i = 0; reasons[i]; i++) {
        d.shutdown_reason = (libxl_shutdown_reason)i;
        view_state(&d, text);
        CU_ASSERT_EQUAL(text[4], reasons[i]);
    }
    d.shutdown_reason = (libxl_shutdown_reason)99;
    view_state(&d, text);
    UNIT_EQUAL(text, "-bps?d");
}

static void a_domain_without_name(void)
{
    libxl_dominfo d = running(9);
    struct view_domain v = { .info = &d };
    g_autoptr(GString) s = g_string_new(NULL);
    view_list_text(s, &v, 1, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s->str, "\n(null) "));
}

static void vcpus_online_and_offline(void)
{
    libxl_vcpuinfo i;
    memset(&i, 0, sizeof(i));
    bitmap_of("11111111", &i.cpumap);
    bitmap_of("10000000", &i.cpumap_soft);
    i.online = i.blocked = true;
    i.cpu = 3;
    i.vcpu_time = 1500000000;
    struct view_vcpu v = { "guest", 5, &i };
    g_autoptr(GString) s = g_string_new(NULL);
    view_vcpu_header(s);
    view_vcpu_row(s, &v, 8);
    i.online = false;
    view_vcpu_row(s, &v, 8);
    UNIT_EQUAL(s->str,
               "Name                                ID  VCPU   CPU State   "
               "Time(s) Affinity (Hard / Soft)\n"
               "guest                                5     0    3   -b-       "
               "1.5  all / 0\n"
               "guest                                5     0    -   --p       "
               "1.5  all / 0\n");
    libxl_bitmap_dispose(&i.cpumap);
    libxl_bitmap_dispose(&i.cpumap_soft);
}

static void uptimes_count_days(void)
{
    struct view_uptime rows[] = { { 0, (char *)"Domain-0", 59 },
                                  { 3, (char *)"a", 86400 + 3661 },
                                  { 4, (char *)"b", 3 * 86400 } };
    g_autoptr(GString) s = g_string_new(NULL);
    view_uptime_text(s, rows, 3, 0);
    UNIT_EQUAL(s->str,
               "Name                                ID Uptime\n"
               "Domain-0                             0  0:00:59\n"
               "a                                    3 1 day,  1:01:01\n"
               "b                                    4 3 days,  0:00:00\n");
}

static void info_can_be_asked_for_one_key(void)
{
    struct value *v = value_object(), *caps = value_array();
    value_push(caps, value_string("pv"));
    value_push(caps, value_string("hvm"));
    value_set(v, "nr_cpus", value_int(4));
    value_set(v, "virt_caps", caps);
    g_autoptr(GString) s = g_string_new(NULL);
    view_info_text(s, v, NULL);
    UNIT_EQUAL(s->str, "nr_cpus                : 4\n"
                       "virt_caps              : pv hvm\n");
    g_string_truncate(s, 0);
    view_info_text(s, v, "virt");
    UNIT_EQUAL(s->str, "pv hvm\n");
    value_free(v);
}

const struct unit_test unit_tests[] = {
    { "a set of cpus is all, none or ranges", sets_of_cpus },
    { "xl list has the bytes that scripts know", list_has_the_known_bytes },
    { "xl list adds the columns that are asked for", list_shows_what_is_asked },
    { "a state has six letters, the fifth tells the reason",
      states_have_six_letters },
    { "a domain without name is (null)", a_domain_without_name },
    { "xl vcpu-list has rows for vcpus on and off", vcpus_online_and_offline },
    { "xl uptime counts days", uptimes_count_days },
    { "xl info gives one key's value", info_can_be_asked_for_one_key },
    { 0 }
};
