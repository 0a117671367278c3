/* The same command for several domains at a time: one process each, a bounded
 * number of them at once. */
#ifndef OP_SEVERAL_H
#define OP_SEVERAL_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* The program itself. */
struct several_self {
    int (*run)(int argc, char **argv); /* all of it; returns its status */
    char *const *line;                 /* what it was started with */
};

struct several_job {
    const char *label; /* what the result is said of */
    char **argv;       /* command line of this program again */
    /* filled by several_run: */
    pid_t pid;     /* 0 while it does not run */
    int fd;        /* its stdout and stderr */
    GString *said; /* all it printed; the caller frees it */
    int status;    /* exit status, 128 + signal, or -1: never started */
    bool ended;
};

/* How many processes at once serve this machine best. */
int several_workers(void);

/* Runs the jobs, at most `workers` at once, and calls `done` for each one in
 * the order of the array, as early as that order allows. After SIGINT, SIGTERM
 * or SIGHUP, which the processes get too, no further one is started. Returns
 * the status of the first that failed, 0 when none did. */
int several_run(const struct several_self *self, struct several_job *jobs,
                int nr, int workers,
                void (*done)(const struct several_job *job, void *user),
                void *user);

#endif
