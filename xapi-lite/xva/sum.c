/* Checksums of an XVA's chunks (way B). */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <glib.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

#include "xva/parts.h"

enum { SHA1_BYTES = 20 };

static void by_xxh64(char out[XVA_SUM_MAX], const void *data, size_t len)
{
    snprintf(out, XVA_SUM_MAX, "%016llX",
             (unsigned long long)XXH64(data, len, 0));
}

static void by_sha1(char out[XVA_SUM_MAX], const void *data, size_t len)
{
    uint8_t sum[SHA1_BYTES] = { 0 };
    gnutls_hash_fast(GNUTLS_DIG_SHA1, data, len, sum);
    for (int i = 0; i < SHA1_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

static const struct row {
    const char *word, *ending;
    void (*format)(char out[XVA_SUM_MAX], const void *data, size_t len);
} rows[] = {
    [XVA_XXH64] = { "xxhash", ".xxhash", by_xxh64 },
    [XVA_SHA1] = { "sha1", ".checksum", by_sha1 },
};

int xva_sum_parse(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!word || !strcmp(word, rows[i].word))
            return (int)i;
    return -1;
}

const char *xva_sum_ending(enum xva_sum sum)
{
    return rows[sum].ending;
}

void xva_sum_format(enum xva_sum sum, char out[XVA_SUM_MAX], const void *data,
                    size_t len)
{
    rows[sum].format(out, data, len);
}

int xva_sum_check(const char *ending, const char *text, const void *data,
                  size_t len)
{
    char sum[XVA_SUM_MAX];
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(ending, rows[i].ending)) {
            rows[i].format(sum, data, len);
            return !g_ascii_strcasecmp(sum, text);
        }
    return -1;
}
