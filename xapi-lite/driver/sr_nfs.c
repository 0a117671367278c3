/* SRs that are a folder of an NFS server (way B). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "driver/sr_exec.h"
#include "driver/sr_folder.h"

/* soft: a server that is away becomes an error, not a guest that hangs. */
static char *options_of(const struct value *config)
{
    const char *version = sr_config(config, "nfsversion");
    const char *more = sr_config(config, "options");
    return g_strdup_printf("soft,timeo=100,retrans=3,vers=%s%s%s",
                           version ? version : "4", more ? "," : "",
                           more ? more : "");
}

static int mount_at(const struct sr_spec *sr, const char *folder,
                    const char *path, struct err *err)
{
    const char *server = sr_need(sr->device_config, "server", err);
    const char *serverpath =
        server ? sr_need(sr->device_config, "serverpath", err) : NULL;
    if (!serverpath)
        return -1;
    g_autofree char *source = g_strdup_printf("%s:%s%s%s", server, serverpath,
                                              *folder ? "/" : "", folder);
    g_autofree char *options = options_of(sr->device_config);
    if (g_mkdir_with_parents(path, 0700) < 0)
        return sr_fail(err, SR_FAIL_MOUNT, "cannot make %s: %s", path,
                       g_strerror(errno));
    if (SR_RUN(SR_QUICK_S, NULL, err, "mount", "-t", "nfs", "-o", options,
               source, path) == 0)
        return 0;
    if (err)
        err->exit_code = SR_FAIL_MOUNT;
    rmdir(path);
    return -1;
}

static const char *folder_of(const struct sr_spec *sr)
{
    const char *plain = sr_config(sr->device_config, "nosubdir");
    return plain && !strcmp(plain, "true") ? "" : sr->uuid;
}

static int attach(const struct sr_spec *sr, struct err *err)
{
    g_autofree char *path = g_build_filename(SR_MOUNTS, sr->uuid, NULL);
    return folder_is_mount(path) ? 0 : mount_at(sr, folder_of(sr), path, err);
}

static int detach(const struct sr_spec *sr, struct err *err)
{
    return folder_unmount(sr, err);
}

/* With the served folder mounted, makes or removes the SR's own one. */
static int with_server(const struct sr_spec *sr, bool make, struct err *err)
{
    g_autofree char *path = g_build_filename(SR_MOUNTS, sr->uuid, NULL);
    g_autofree char *folder = g_build_filename(path, sr->uuid, NULL);
    if (!*folder_of(sr) && !make)
        return 0;
    if (mount_at(sr, "", path, err) < 0)
        return -1;
    int r = 0;
    if (*folder_of(sr) && make && g_mkdir_with_parents(folder, 0755) < 0)
        r = sr_fail(err, SR_FAIL_SR, "cannot make %s on the server: %s",
                    sr->uuid, g_strerror(errno));
    if (!make && rmdir(folder) < 0 && errno != ENOENT)
        r = sr_fail(err, SR_FAIL_SR, "cannot remove %s on the server: %s",
                    sr->uuid, g_strerror(errno));
    int u = folder_unmount(sr, r < 0 ? NULL : err);
    return r < 0 ? r : u;
}

static int create(const struct sr_spec *sr, struct err *err)
{
    return with_server(sr, true, err);
}

static int destroy(const struct sr_spec *sr, struct err *err)
{
    return with_server(sr, false, err);
}

/* Folders that have the name of an SR, of the served folder. */
static char *list_srs(const char *path)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" ?>\n<SRlist>\n");
    g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
    const char *name;
    while (d && (name = g_dir_read_name(d)))
        if (g_uuid_string_is_valid(name))
            g_string_append_printf(
                xml, "\t<SR>\n\t\t<UUID>%s</UUID>\n\t</SR>\n", name);
    g_string_append(xml, "</SRlist>\n");
    return g_string_free(xml, FALSE);
}

static int probe(const struct value *device_config, char **xml_out,
                 struct err *err)
{
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *path = g_build_filename(SR_MOUNTS, id, NULL);
    struct sr_spec sr = { .uuid = id, .device_config = device_config };
    if (mount_at(&sr, "", path, err) < 0)
        return -1;
    *xml_out = list_srs(path);
    return folder_unmount(&sr, err);
}

static const char *const keys[] = { "*server", "*serverpath", "nfsversion",
                                    "options", "nosubdir",    NULL };

const struct sr_driver sr_nfs = {
    .type = "nfs",
    .name = "NFS",
    .description = "Disks as files on an NFS server",
    .config_keys = keys,
    .capabilities = folder_probe_capabilities,
    .create = create,
    .destroy = destroy,
    .attach = attach,
    .detach = detach,
    .probe = probe,
    FOLDER_VDI_OPERATIONS,
};
