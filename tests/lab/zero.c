// The lab's lab-zero: runs in Dom0 before its state is saved and fills most of
// the free memory with zeroes, which take no room in the state. Outside ways
// A, B and C. Huge pages make it twice as fast as a file of zeroes.
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    long pages = sysconf(_SC_AVPHYS_PAGES) / 10 * 9;
    size_t size = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
    void *area = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED || madvise(area, size, MADV_HUGEPAGE) ||
        madvise(area, size, MADV_POPULATE_WRITE)) {
        perror("lab-zero");
        return 1;
    }
    return 0;
}
