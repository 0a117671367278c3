/* Rates of network interfaces, beside libxlutil's reader. */
#include <glib.h>
#include <libxl.h>
#include <libxlutil.h>
#include <string.h>

#include "dom/rate.h"
#include "tests/unit/unit.h"

static void test_rates(void)
{
    static const struct {
        const char *text;
        guint64 bytes;
        guint32 us;
    } rows[] = {
        { "10MB/s", 500000, 50000 },
        { "10Mb/s", 62500, 50000 },
        { "1MB/s@20ms", 20000, 20000 },
        { "1GB/s@100us", 100000, 100 },
        { "7b/s", 0, 50000 },
        { "010KB/s", 400, 50000 },
        { "1MB/s@2", 2000000, 2000000 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint64 bytes = 0;
        guint32 us = 0;
        UNIT_EQUAL(rate_parse(rows[i].text, &bytes, &us), NULL);
        CU_ASSERT_EQUAL(bytes, rows[i].bytes);
        CU_ASSERT_EQUAL(us, rows[i].us);
    }
}

/* What one of the two says: "BYTES in US", or why not. */
static char *ours(const char *text)
{
    guint64 bytes;
    guint32 us;
    const char *why = rate_parse(text, &bytes, &us);
    return why ? g_strdup(why)
               : g_strdup_printf("%" G_GUINT64_FORMAT " in %u", bytes, us);
}

static char *theirs(XLU_Config *cfg, FILE *said, char **text, const char *rate)
{
    libxl_device_nic nic = { 0 };
    rewind(said);
    errno = 0; /* libxlutil takes an ERANGE of somebody else for its own */
    if (!xlu_vif_parse_rate(cfg, rate, &nic))
        return g_strdup_printf("%" G_GUINT64_FORMAT " in %u",
                               nic.rate_bytes_per_interval,
                               nic.rate_interval_usecs);
    fflush(said);
    char *why = strrchr(*text, ':') + 2; /* "...: WHY in `RATE'" */
    return g_strndup(why, strcspn(why, "`") - strlen(" in "));
}

/* Every text of up to five pieces. */
static void test_beside_libxlutil(void)
{
    static const char *const pieces[] = {
        "0", "7",  "08",  "4294967295", "99999999999999999999",
        "K", "G",  "B/s", "b/s",        "@",
        "s", "ms", "us",
    };
    enum { N = G_N_ELEMENTS(pieces) };
    char *text = NULL;
    size_t size = 0;
    FILE *said = open_memstream(&text, &size);
    XLU_Config *cfg = xlu_cfg_init(said, "");
    for (unsigned n = 0; n < N * N * N * N * N; n++) {
        g_autoptr(GString) rate = g_string_new(NULL);
        for (unsigned rest = n; rest; rest /= N)
            g_string_append(rate, pieces[rest % N]);
        g_autofree char *got = ours(rate->str);
        g_autofree char *want = theirs(cfg, said, &text, rate->str);
        if (strcmp(got, want) != 0)
            UNIT_EQUAL(got, want);
    }
    xlu_cfg_destroy(cfg);
    fclose(said);
    free(text);
}

const struct unit_test unit_tests[] = {
    { "a rate is bytes in an interval", test_rates },
    { "rates are read as libxlutil reads them, and refused for its reasons",
      test_beside_libxlutil },
    { NULL, NULL },
};
