/* Children that are forked while other threads call Xen's libraries. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xenstore.h>

#include "driver/fork_locks.h"
#include "tests/unit/unit.h"

/* libxentoolcore's own, used by its sister libraries; no header of Debian has
 * them. A handle is two pointers of its list and one function. */
struct handle {
    void *opaque[3];
};
void xentoolcore__register_active_handle(void *handle);
void xentoolcore__deregister_active_handle(void *handle);

enum { THREADS = 4, CHILDREN = 400, CHILD_S = 5 };

static atomic_bool enough;

static void once(void)
{
    struct handle h = { { NULL, NULL, NULL } };
    xentoolcore__register_active_handle(&h);
    xentoolcore__deregister_active_handle(&h);
}

static void *busy(void *none)
{
    while (!enough)
        once();
    return none;
}

/* A child that waits for ever is ended by its alarm. */
static int child_ends(void)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        alarm(CHILD_S);
        once();
        _exit(0);
    }
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static void test_children(void)
{
    pthread_t threads[THREADS];
    int ended = 0;
    struct xs_handle *xs = xs_open(0); /* brings libxentoolcore in */
    if (xs)
        xs_close(xs);
    fork_locks_guard();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, busy, NULL);
    while (ended < CHILDREN && child_ends())
        ended++;
    enough = true;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CU_ASSERT_EQUAL(ended, CHILDREN);
}

const struct unit_test unit_tests[] = {
    { "a child forked while threads open and close Xen's interfaces does not "
      "wait for them",
      test_children },
    { NULL, NULL },
};
