/* Sets of cpus and nodes -> "all", "none", "0-3,5" (way A, pure). */
#include "view/bitmap.h"

#include <libxl_utils.h>

void view_bitmap(GString *out, const libxl_bitmap *map, int nr_bits)
{
    gsize before = out->len;
    for (int i = 0; i < nr_bits; i++) {
        if (!libxl_bitmap_test(map, i))
            continue;
        int first = i;
        while (i + 1 < nr_bits && libxl_bitmap_test(map, i + 1))
            i++;
        if (first == 0 && i == nr_bits - 1) {
            g_string_append(out, "all");
            return;
        }
        g_string_append_printf(out, "%s%d", out->len > before ? "," : "",
                               first);
        if (i > first)
            g_string_append_printf(out, "-%d", i);
    }
    if (out->len == before)
        g_string_append(out, "none");
}
