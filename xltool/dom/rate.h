/* Transmit rates of network interfaces, as xl-network-configuration(5) writes
 * them: "10MB/s", "100Kb/s@20ms". libxlutil reads them too, but compiles two
 * regular expressions for each. */
#ifndef DOM_RATE_H
#define DOM_RATE_H

#include <stdint.h>

/* Reads TEXT: digits with G, M or K (decimal), then "B/s" or "b/s", and behind
 * an @ the interval in "us", "ms" or seconds, 50 ms without. Digits are read as
 * strtoull(3) reads them in base 0, as libxlutil does: 010 is eight. Sets the
 * bytes that may pass in each interval, and the interval in microseconds.
 * NULL, or what is wrong (not to be freed); then nothing is set. */
const char *rate_parse(const char *text, uint64_t *bytes_out,
                       uint32_t *interval_us_out);

#endif
