/* Giving memory back before a long sleep: one monitor per guest waits for
 * weeks (way A). */
#include "op/slim.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct mapping {
    unsigned long start, end, inode;
    bool dirty; /* holds pages that exist nowhere else */
};

/* A mapping of a file all of whose pages are clean can be dropped whatever its
 * protection: the kernel reads them again. One with a single anonymous page
 * (relocated data) must stay. */
static void drop(const struct mapping *m)
{
    if (m->inode && !m->dirty && m->end > m->start)
        madvise((void *)m->start, m->end - m->start, MADV_DONTNEED);
}

void slim_memory(void)
{
    char line[512], perms[8];
    struct mapping m = { 0 }, next;
    malloc_trim(0);
    FILE *f = fopen("/proc/self/smaps", "re");
    if (!f)
        return;
    while (fgets(line, sizeof(line), f)) {
        unsigned long kib;
        next = (struct mapping){ 0 };
        if (sscanf(line, "%lx-%lx %7s %*s %*s %lu", &next.start, &next.end,
                   perms, &next.inode) == 4 &&
            perms[3] == 'p') {
            drop(&m);
            m = next;
        } else if (sscanf(line, "Anonymous: %lu", &kib) == 1 ||
                   sscanf(line, "Private_Dirty: %lu", &kib) == 1) {
            m.dirty = m.dirty || kib;
        } else if (next.end) {
            drop(&m);
            m = (struct mapping){ 0 };
        }
    }
    drop(&m);
    fclose(f);
}
