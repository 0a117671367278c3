/* fork() beside threads that call Xen's libraries.
 *
 * libxenlight forks for devices' scripts, device models and the end of a
 * domain, and its children call libxenstore and libxenctrl before they exec, or
 * without. libxentoolcore and libxencall (4.17) each have one lock for the
 * whole process that no pthread_atfork() handler knows: when another thread
 * holds it at the fork, the child waits for ever, and with it the operation.
 *
 * The five functions that take these locks are therefore defined here as well,
 * found by the libraries before their own (ld.so(8), symbol interposition), and
 * held back while the process forks. */
#ifndef DRIVER_FORK_LOCKS_H
#define DRIVER_FORK_LOCKS_H

/* Call it once, before the first context of libxenlight is made: its own
 * handler has to run before ours (the last one registered runs first). */
void fork_locks_guard(void);

#endif
