/* fork() beside threads that call Xen's libraries. */
#include "driver/fork_locks.h"

#include <pthread.h>
#include <stddef.h>

#include "base/real.h"

/* Recursive, because libxencall calls some of these functions itself. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

/* Defines NAME in front of the library's own, which it calls under the lock. */
#define GUARDED(type, name, ...)                                               \
    __attribute__((visibility("default"))) type name(__VA_ARGS__);             \
    type name(__VA_ARGS__)

GUARDED(void, xentoolcore__register_active_handle, void *handle)
{
    pthread_mutex_lock(&lock);
    REAL(xentoolcore__register_active_handle)(handle);
    pthread_mutex_unlock(&lock);
}

GUARDED(void, xentoolcore__deregister_active_handle, void *handle)
{
    pthread_mutex_lock(&lock);
    REAL(xentoolcore__deregister_active_handle)(handle);
    pthread_mutex_unlock(&lock);
}

GUARDED(void *, xencall_alloc_buffer_pages, void *xcall, size_t pages)
{
    pthread_mutex_lock(&lock);
    void *p = REAL(xencall_alloc_buffer_pages)(xcall, pages);
    pthread_mutex_unlock(&lock);
    return p;
}

GUARDED(void, xencall_free_buffer_pages, void *xcall, void *p, size_t pages)
{
    pthread_mutex_lock(&lock);
    REAL(xencall_free_buffer_pages)(xcall, p, pages);
    pthread_mutex_unlock(&lock);
}

GUARDED(int, xencall_close, void *xcall)
{
    pthread_mutex_lock(&lock);
    int r = REAL(xencall_close)(xcall);
    pthread_mutex_unlock(&lock);
    return r;
}

static void before(void)
{
    pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* Its owner does not exist here: made anew instead of unlocked. */
static void in_child(void)
{
    lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

void fork_locks_guard(void)
{
    pthread_atfork(before, in_parent, in_child);
}
