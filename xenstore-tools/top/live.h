/* Samples of the host this runs on: the only input beside a recorded file. */
#ifndef TOP_LIVE_H
#define TOP_LIVE_H

#include "top/sample.h"

enum live_want {
    LIVE_VCPUS = 1,  /* state and time of each vcpu */
    LIVE_PLACES = 2, /* and the physical CPU each is on */
    LIVE_PCPUS = 4,  /* use of each physical CPU */
    LIVE_DETAIL = 8, /* all that XenStore tells, not only names */
    LIVE_WATCH = 16, /* more than one sample will be taken */
    LIVE_HURRY = 32, /* do not wait for XenStore's details: a screen */
};

struct live;

/* NULL with err in one sentence when there is no Xen or no permission. */
struct live *live_open(unsigned want, struct err *err);
/* Fills s (reset first). What cannot be read is missing in it; only a
 * hypervisor that does not answer is an error (-1). Takes at most about 3 s,
 * the first time with LIVE_DETAIL 15 s. */
int live_take(struct live *l, struct sample *s, struct err *err);
void live_close(struct live *l); /* NULL is fine */

#endif
