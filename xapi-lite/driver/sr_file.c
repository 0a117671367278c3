/* SRs that are a folder of this host (way B). */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"

static int attach(const struct sr_spec *sr, struct err *err)
{
    struct stat st;
    const char *location = sr_need(sr->device_config, "location", err);
    if (!location)
        return -1;
    if (*location != '/')
        return sr_fail(err, SR_FAIL_CONFIG,
                       "location \"%s\" is not an absolute path", location);
    if (stat(location, &st) < 0)
        return sr_fail(err, SR_FAIL_SR, "%s: %s", location, g_strerror(errno));
    return S_ISDIR(st.st_mode)
               ? 0
               : sr_fail(err, SR_FAIL_SR, "%s is not a folder", location);
}

static int create(const struct sr_spec *sr, struct err *err)
{
    const char *location = sr_need(sr->device_config, "location", err);
    if (!location)
        return -1;
    if (*location == '/' && g_mkdir_with_parents(location, 0755) < 0)
        return sr_fail(err, SR_FAIL_SR, "cannot make %s: %s", location,
                       g_strerror(errno));
    return attach(sr, err);
}

static const char *const keys[] = { "*location", NULL };

const struct sr_driver sr_file = {
    .type = "file",
    .name = "Local folder",
    .description = "Disks as files in a folder of this host",
    .config_keys = keys,
    .capabilities = folder_capabilities,
    .create = create,
    .attach = attach,
    FOLDER_VDI_OPERATIONS,
};
