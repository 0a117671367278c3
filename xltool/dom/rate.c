/* Transmit rates of network interfaces: one pass over the digits. */
#include "dom/rate.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_US = 50000, US_PER_S = 1000000 };

/* The number at *p, 1 to UINT32_MAX, and what follows its digits; 0 when it is
 * none. An octal number ends at an 8 or 9, which stays in front of the unit. */
static uint64_t number(const char **p, const char **unit_out)
{
    char *end;
    errno = 0;
    uint64_t n = strtoull(*p, &end, 0);
    *unit_out = end;
    *p += strspn(*p, "0123456789");
    return errno || n > UINT32_MAX ? 0 : n;
}

static uint64_t multiple(char c)
{
    return c == 'G' ? 1000000000 : c == 'M' ? 1000000 : c == 'K' ? 1000 : 1;
}

static const char *read_rate(const char *p, uint64_t *per_s)
{
    const char *unit, *digits = p;
    uint64_t n = number(&p, &unit);
    const char *rest = p + (*p && strchr("GMK", *p) != NULL);
    if (p == digits || (*rest != 'B' && *rest != 'b') ||
        strcmp(rest + 1, "/s") != 0)
        return "invalid rate";
    if (!n)
        return "rate overflow";
    n *= multiple(*unit);
    *per_s = unit[0] == 'b' || unit[1] == 'b' ? n / 8 : n;
    return NULL;
}

static const char *read_interval(const char *p, uint64_t *us)
{
    static const char *const units[] = { "", "s", "m", "ms", "u", "us", NULL };
    const char *unit, *digits = p;
    uint64_t n = number(&p, &unit);
    if (p == digits || !g_strv_contains(units, p))
        return "invalid replenishment interval";
    n *= !*unit || *unit == 's' ? US_PER_S : *unit == 'm' ? 1000 : 1;
    if (!n || n > UINT32_MAX)
        return "replenishment interval overflow";
    *us = n;
    return NULL;
}

const char *rate_parse(const char *text, uint64_t *bytes_out,
                       uint32_t *interval_us_out)
{
    g_autofree char *rate = g_strdup(text);
    char *interval = strchr(rate, '@');
    uint64_t per_s = 0, us = DEFAULT_US, bytes;
    if (interval)
        *interval++ = '\0';
    if (!*rate)
        return "no rate specified";
    const char *why = read_rate(rate, &per_s);
    if (!why && interval)
        why = read_interval(interval, &us);
    if (!why && __builtin_mul_overflow(per_s, us, &bytes))
        why = "rate overflow";
    if (why)
        return why;
    *bytes_out = bytes / US_PER_S;
    *interval_us_out = (uint32_t)us;
    return NULL;
}
