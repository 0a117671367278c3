/* The table of `xl uptime`. Pure but for the local time zone. */
#ifndef VIEW_UPTIME_H
#define VIEW_UPTIME_H

#include <glib.h>
#include <stdint.h>
#include <time.h>

#include "base/value.h"

struct view_uptime {
    uint32_t domid;
    char *name;
    long seconds;
};

/* short_now: 0 for the table; else the time put before each sentence of the
 * short form. */
void view_uptime_text(GString *out, const struct view_uptime *rows, unsigned nr,
                      time_t short_now);
struct value *view_uptime_value(const struct view_uptime *rows, unsigned nr);

#endif
