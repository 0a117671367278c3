/* Tasks: what is going on, how far it is, how it ended. Every slow call has
 * one; clients see those made by Async.* and task.create. */
#ifndef XAPI_TASK_H
#define XAPI_TASK_H

#include "model/fault.h"
#include "store/store.h"

struct tasks;
struct task; /* counted; the holder may use it from any thread */

struct tasks *tasks_open(struct store *s);
/* Cancels what runs and waits for it, at most wait_s seconds. */
void tasks_cancel_all(struct tasks *t, unsigned wait_s);
/* When nobody holds a task any more. */
void tasks_close(struct tasks *t);

/* A new task record, status pending. session and parent may be NULL. */
struct task *task_new(struct tasks *t, const char *label,
                      const char *description, const char *session,
                      const char *parent);
/* Only the record, for task.create: nothing runs under it. Caller frees. */
char *task_create(struct txn *t, const char *label, const char *description,
                  const char *parent);
/* Takes hold of a task that a client made (task_id= of an HTTP request); NULL
 * with HANDLE_INVALID when there is none or with TASK_CANCELLED. Its progress
 * becomes 0, which tells the client that it was taken. */
struct task *task_bind(struct tasks *t, const char *ref, struct fault *f);
const char *task_ref(const struct task *t);
/* 0..1. Small steps are not written: call it as often as you like. */
void task_progress(struct task *t, double fraction);
/* Whether task.cancel was called; a worker looks at it between steps. */
bool task_cancelled(const struct task *t);
/* Calls fn (from the thread of task.cancel) when the task is cancelled; at once
 * when it is already. NULL ends it. */
void task_on_cancel(struct task *t, void (*fn)(void *user), void *user);
/* Ends. result is the value of the call, or NULL; it is kept as the XML
 * fragment that XenAPI prescribes ("<value>..</value>", "" for void). */
void task_succeed(struct task *t, const struct value *result);
void task_fail(struct task *t, const struct fault *f);
/* Ends and removes the record: for calls that answered their client directly.
 */
void task_forget(struct task *t);
void task_unref(struct task *t); /* an unfinished task fails */

/* task.cancel: OPERATION_NOT_ALLOWED when it cannot be. */
int task_cancel(struct tasks *t, const char *ref, struct fault *f);

#endif
