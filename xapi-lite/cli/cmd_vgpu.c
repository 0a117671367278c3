/* xe: graphics cards for VMs, features of processors. */
#include <string.h>

#include "cli/internal.h"

int cmd_vgpu_create(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *vm = cli_record(c, s, CLASS_VM, "vm-uuid");
    const struct record *group =
        vm ? cli_record(c, s, CLASS_GPU_group, "gpu-group-uuid") : NULL;
    const char *type = REF_NULL, *uuid = cli_param(c, "vgpu-type-uuid");
    const char *device = cli_param(c, "device");
    if (!group ||
        (uuid && !(type = cli_ref_of_uuid(c, s, CLASS_VGPU_type, uuid))))
        return -1;
    VALUE_AUTO *ref = cli_call(c, "VGPU.create", value_string(record_ref(vm)),
                               value_string(record_ref(group)),
                               value_string(device ? device : "0"),
                               value_object(), value_string(type), NULL);
    return ref ? cli_print_uuid(c, CLASS_VGPU, value_get_string(ref)) : -1;
}

static int show_features(struct cli *c, enum class_id class, const char *ref,
                         enum field_id f)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find(s, class, ref);
    const char *words = r ? record_map_get(r, f, "features") : NULL;
    if (!words || !*words)
        return cli_fail(c, "The hypervisor does not tell its features");
    cli_print(c, words);
    return 0;
}

int cmd_host_get_cpu_features(struct cli *c)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const char *uuid = cli_param(c, "uuid");
    const char *host =
        uuid ? cli_ref_of_uuid(c, s, CLASS_host, uuid) : c->x->host_ref;
    return host ? show_features(c, CLASS_host, host, F_host_cpu_info) : -1;
}

int cmd_pool_get_cpu_features(struct cli *c)
{
    return show_features(c, CLASS_pool, c->x->pool_ref, F_pool_cpu_info);
}
