/* The interactive screen (way C, last arrow). */
#include "top/screen.h"

int screen_run(const struct options *o, struct err *err)
{
    (void)o;
    return err_set(err, ERR_UNSUPPORTED, "no screen yet; use --batch");
}
