/* Helper programs of the storage drivers, and the failures they become. Private
 * to driver/. */
#ifndef XAPI_SR_EXEC_H
#define XAPI_SR_EXEC_H

#include "driver/driver.h"

/* Numbers of SR_BACKEND_FAILURE_*, as XenServer's storage manager uses them. */
enum {
    SR_FAIL_NO_SPACE = 44,
    SR_FAIL_VDI = 46, /* the VDI is not there or cannot be used */
    SR_FAIL_SR = 47,  /* the SR is not there or cannot be used */
    SR_FAIL_MOUNT = 73,
    SR_FAIL_UNMOUNT = 74,
    SR_FAIL_CONFIG = 90, /* device-config is missing something */
};

enum { SR_QUICK_S = 60, SR_SLOW_S = 24 * 3600 };

/* Sets err with one of the numbers above; returns -1. */
int sr_fail(struct err *err, int number, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Runs a program without shell; argv ends with NULL. Its standard output is in
 * *out (caller frees; NULL: not wanted). Fails with the program's own words
 * when it cannot be run, does not end within timeout_s (it is killed with its
 * children) or ends badly. */
int sr_run(const char *const *argv, unsigned timeout_s, char **out,
           struct err *err);
/* Asked each second at the least, with all that the program has said on its
 * standard output; when fn says no the program is killed and ERR_ABORTED. */
struct sr_watch {
    bool (*fn)(void *arg, const char *said);
    void *arg;
};
int sr_run_watched(const char *const *argv, unsigned timeout_s,
                   const struct sr_watch *watch, struct err *err);
#define SR_RUN(timeout_s, out, err, ...)                                       \
    sr_run((const char *const[]){ __VA_ARGS__, NULL }, timeout_s, out, err)
/* Member of device-config; NULL when missing or empty. */
const char *sr_config(const struct value *device_config, const char *key);
/* As sr_config; a missing one is a failure. */
const char *sr_need(const struct value *device_config, const char *key,
                    struct err *err);

#endif
