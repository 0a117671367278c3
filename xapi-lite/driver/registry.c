/* The storage drivers of this build, by the rows of drivers.def. */
#include <string.h>

#include "driver/driver.h"

#define SR_DRIVER(type) extern const struct sr_driver sr_##type;
#include "driver/drivers.def"
#undef SR_DRIVER

static const struct sr_driver *const sr_drivers[] = {
#define SR_DRIVER(type) &sr_##type,
#include "driver/drivers.def"
#undef SR_DRIVER
    NULL
};

const struct sr_driver *sr_driver_find(const char *type)
{
    for (int i = 0; sr_drivers[i]; i++)
        if (!strcmp(sr_drivers[i]->type, type))
            return sr_drivers[i];
    return NULL;
}

const struct sr_driver *const *sr_driver_all(void)
{
    return sr_drivers;
}
