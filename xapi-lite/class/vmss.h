/* Snapshots by schedule. Private to class/ and xapi.c. */
#ifndef XAPI_VMSS_H
#define XAPI_VMSS_H

#include <time.h>

#include "store/store.h"
#include "xapi.h"

/* A thread that takes what is due; slots that passed while the service was down
 * are skipped. */
struct schedules *vmss_open(struct xapi *x);
void vmss_close(struct schedules *s);

/* The latest moment at or before `now` that the schedule names, in local time.
 * hourly: min; daily: hour, min; weekly: days ("Monday,Friday"), hour, min.
 * What is missing is 0, and Monday. */
time_t vmss_slot(const struct record *vmss, time_t now);
/* 0, or INVALID_VALUE: the members of a schedule. */
int vmss_check(const struct value *schedule, struct fault *f);

#endif
