/* Giving memory back before a long sleep: one monitor per guest waits for
 * weeks (way A). */
#include "op/slim.h"

#include <link.h>
#include <malloc.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* A segment that may not be written to holds what is in its file and nothing
 * else: its pages can be dropped, the kernel reads them again. (Relocated data
 * lies in a writable segment, even where it was made read-only later.) */
static int drop_clean(struct dl_phdr_info *object, size_t size, void *none)
{
    unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
    (void)size;
    (void)none;
    if (object->dlpi_addr == getauxval(AT_SYSINFO_EHDR))
        return 0; /* the kernel's own object, of no file */
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &object->dlpi_phdr[i];
        unsigned long start = (object->dlpi_addr + p->p_vaddr) & ~(page - 1);
        unsigned long end = object->dlpi_addr + p->p_vaddr + p->p_memsz;
        if (p->p_type == PT_LOAD && !(p->p_flags & PF_W))
            madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void slim_memory(void)
{
    malloc_trim(0);
    dl_iterate_phdr(drop_clean, NULL);
}
