/* Numbers and sizes as users type them. Pure. */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool num_parse_uint(const char *text, uint64_t max, uint64_t *out)
{
    if (!text || !isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || *end || n > max)
        return false;
    *out = n;
    return true;
}

bool num_parse_kib(const char *text, char default_unit, int64_t *kib_out)
{
    static const char units[] = "bkmgt";
    if (!text || !isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || n > INT64_MAX)
        return false;
    char unit = *end ? (char)tolower((unsigned char)*end++) : default_unit;
    const char *at = unit ? strchr(units, unit) : NULL;
    if (*end || !at)
        return false;
    if (unit == 'b') {
        *kib_out = (int64_t)(n / 1024);
        return true;
    }
    unsigned shift = 10 * (unsigned)(at - units - 1);
    if (shift && n > (uint64_t)INT64_MAX >> shift)
        return false;
    *kib_out = (int64_t)(n << shift);
    return true;
}
