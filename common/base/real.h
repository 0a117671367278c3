/* For a function that stands before a library's own of the same name. */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#include <dlfcn.h>

/* The library's own, looked up at the first call from each place; callers in
 * several threads hold a lock. NULL when no library has it. */
#define REAL(name)                                                             \
    ({                                                                         \
        static __typeof__(&(name)) real;                                       \
        if (!real)                                                             \
            real = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name);               \
        real;                                                                  \
    })

#endif
