/* Checksums of an XVA's chunks (way B). */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "xva/parts.h"

void xva_sum_format(char out[XVA_SUM_MAX], const void *data, size_t len)
{
    snprintf(out, XVA_SUM_MAX, "%016llX",
             (unsigned long long)XXH64(data, len, 0));
}

int xva_sum_check(const char *ending, const char *text, const void *data,
                  size_t len)
{
    char sum[XVA_SUM_MAX];
    if (!strcmp(ending, ".xxhash")) {
        xva_sum_format(sum, data, len);
    } else if (!strcmp(ending, ".checksum")) {
        g_autofree char *sha =
            g_compute_checksum_for_data(G_CHECKSUM_SHA1, data, len);
        g_strlcpy(sum, sha, sizeof(sum));
    } else {
        return -1;
    }
    return !g_ascii_strcasecmp(sum, text);
}
