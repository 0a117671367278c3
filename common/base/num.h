/* Numbers and sizes as users type them. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

/* Whole text as a decimal number of at most `max`; false for anything else
 * (empty, sign, blanks, junk behind, too large). */
bool num_parse_uint(const char *text, uint64_t max, uint64_t *out);

/* A memory size: number and an optional unit b, k, m, g or t (either case),
 * without unit `default_unit` (one of those letters). Result in KiB, rounded
 * down. False for anything else and for overflow. Source of the grammar:
 * xl(1), mem-set. */
bool num_parse_kib(const char *text, char default_unit, int64_t *kib_out);

#endif
