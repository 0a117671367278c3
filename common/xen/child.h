/* Children of a program that uses libxl: libxl reaps its own only, and its
 * helpers (hotplug scripts, device models) do not get the terminal's Ctrl-C. */
#ifndef XEN_CHILD_H
#define XEN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "xen/ctx.h"

/* Tells the context. Call it right after opening, before any child exists. */
void child_setup(struct xen *x);

/* logind may end every process of a login session with it
 * (KillUserProcesses=yes). Monitors and device models must outlive the session:
 * this moves the calling process out of it, to the root of the cgroup tree.
 * Does nothing elsewhere, and nothing when that fails. */
void child_leave_session(void);

/* Whether a hotplug script that libxl has started is under way. libxl kills it
 * when an operation is aborted, and what it had set up (a loop device) is lost
 * to everyone when it dies before writing it down in XenStore. */
bool child_script_runs(void);

/* Forks for work of our own that uses libxl: in the child the context has been
 * opened anew and signals are unblocked. Returns the pid, 0 in the child, -1
 * and err when it failed; a child whose context cannot be opened ends with
 * status 1 after saying why. */
pid_t child_fork(struct xen *x, struct err *err);

/* Waits for a child of ours, at most timeout_ms (-1: no limit). Returns its
 * wait status, or -1 when it has not ended in time or is none of ours. */
int child_wait(pid_t pid, int timeout_ms);

#endif
