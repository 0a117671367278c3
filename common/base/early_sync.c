/* Long writes whose end is waited for. */
#include "base/early_sync.h"

#include <fcntl.h>

enum { EVERY = 16 << 20 };

void early_sync(int fd, size_t n, size_t *unsynced)
{
    *unsynced += n;
    if (*unsynced < EVERY)
        return;
    *unsynced = 0;
    sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}
