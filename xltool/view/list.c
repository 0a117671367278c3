/* libxl_dominfo -> the table of xl list, or values (way A, pure). */
#include "view/list.h"

#include <libxl_utils.h>

void view_state(const libxl_dominfo *info, char letters_out[7])
{
    /* Index is enum libxl_shutdown_reason. */
    static const char reasons[] = "-rscwS";
    unsigned reason = (unsigned)info->shutdown_reason;
    char why = reason < sizeof(reasons) - 1 ? reasons[reason] : '?';
    letters_out[0] = info->running ? 'r' : '-';
    letters_out[1] = info->blocked ? 'b' : '-';
    letters_out[2] = info->paused ? 'p' : '-';
    letters_out[3] = info->shutdown ? 's' : '-';
    letters_out[4] = info->shutdown ? why : '-';
    letters_out[5] = info->dying ? 'd' : '-';
    letters_out[6] = '\0';
}

void view_uuid(const libxl_uuid *uuid, char text_out[37])
{
    g_snprintf(text_out, 37, LIBXL_UUID_FMT, LIBXL_UUID_BYTES(*uuid));
}

static void header(GString *out, unsigned columns)
{
    g_string_append(out, "Name                                        ID   Mem "
                         "VCPUs\tState\tTime(s)");
    if (columns & VIEW_LIST_VERBOSE)
        g_string_append(out, "   UUID                            "
                             "Reason-Code\tSecurity Label");
    else if (columns & VIEW_LIST_CONTEXT)
        g_string_append(out, "   Security Label");
    if (columns & VIEW_LIST_CLAIMS)
        g_string_append(out, "  Claimed");
    if (columns & VIEW_LIST_CPUPOOL)
        g_string_append(out, "         Cpupool");
    if (columns & VIEW_LIST_NODES)
        g_string_append(out, " NODE Affinity");
    g_string_append_c(out, '\n');
}

static void extra_columns(GString *out, const struct view_domain *d,
                          unsigned columns)
{
    const libxl_dominfo *i = d->info;
    if (columns & VIEW_LIST_VERBOSE) {
        char uuid[37];
        view_uuid(&i->uuid, uuid);
        g_string_append_printf(out, " %s", uuid);
        if (i->shutdown)
            g_string_append_printf(out, " %8x", (unsigned)i->shutdown_reason);
        else
            g_string_append_printf(out, " %8s", "-");
    }
    if (columns & VIEW_LIST_CLAIMS)
        g_string_append_printf(out, " %5lu",
                               (unsigned long)(i->outstanding_memkb / 1024));
    if (columns & (VIEW_LIST_VERBOSE | VIEW_LIST_CONTEXT))
        g_string_append_printf(out, " %16s",
                               i->ssid_label ? i->ssid_label : "-");
    if (columns & VIEW_LIST_CPUPOOL)
        g_string_append_printf(out, "%16s", d->cpupool ? d->cpupool : "(null)");
    if (columns & VIEW_LIST_NODES)
        g_string_append_printf(out, " %s", d->nodes ? d->nodes : "none");
}

void view_list_text(GString *out, const struct view_domain *domains, int nr,
                    unsigned columns)
{
    header(out, columns);
    for (int n = 0; n < nr; n++) {
        const libxl_dominfo *i = domains[n].info;
        char state[7];
        view_state(i, state);
        unsigned long mib =
            (unsigned long)((i->current_memkb + i->outstanding_memkb) / 1024);
        g_string_append_printf(out, "%-40s %5d %5lu %5d     %s  %8.1f",
                               domains[n].name ? domains[n].name : "(null)",
                               (int)i->domid, mib, (int)i->vcpu_online, state,
                               (double)((float)i->cpu_time / 1e9));
        extra_columns(out, &domains[n], columns);
        g_string_append_c(out, '\n');
    }
}

static struct value *domain_value(const struct view_domain *d)
{
    const libxl_dominfo *i = d->info;
    struct value *v = value_object();
    char text[37];
    value_set(v, "name", value_string(d->name));
    value_set(v, "domid", value_int(i->domid));
    view_uuid(&i->uuid, text);
    value_set(v, "uuid", value_string(text));
    value_set(
        v, "memory_mib",
        value_int((int64_t)((i->current_memkb + i->outstanding_memkb) / 1024)));
    value_set(v, "memory_kib", value_int((int64_t)i->current_memkb));
    value_set(v, "memory_max_kib", value_int((int64_t)i->max_memkb));
    value_set(v, "memory_shared_kib", value_int((int64_t)i->shared_memkb));
    value_set(v, "memory_claimed_kib",
              value_int((int64_t)i->outstanding_memkb));
    value_set(v, "vcpus", value_int(i->vcpu_online));
    value_set(v, "vcpus_max", value_int(i->vcpu_max_id + 1));
    view_state(i, text);
    value_set(v, "state", value_string(text));
    value_set(v, "shutdown_reason",
              i->shutdown ? value_string(libxl_shutdown_reason_to_string(
                                i->shutdown_reason))
                          : value_null());
    value_set(v, "cpu_seconds", value_double((double)i->cpu_time / 1e9));
    value_set(v, "type",
              value_string(libxl_domain_type_to_string(i->domain_type)));
    value_set(v, "security_label", value_string(i->ssid_label));
    value_set(v, "cpupool", value_string(d->cpupool));
    value_set(v, "node_affinity", value_string(d->nodes));
    return v;
}

struct value *view_list_value(const struct view_domain *domains, int nr)
{
    struct value *v = value_array();
    for (int n = 0; n < nr; n++)
        value_push(v, domain_value(&domains[n]));
    return v;
}

void view_vm_text(GString *out, const struct view_vm *vms, int nr)
{
    g_string_append(out, "UUID                                  ID    name\n");
    for (int i = 0; i < nr; i++) {
        char uuid[37];
        view_uuid(&vms[i].info->uuid, uuid);
        g_string_append_printf(out, "%s  %d    %-30s\n", uuid,
                               (int)vms[i].info->domid,
                               vms[i].name ? vms[i].name : "(null)");
    }
}

struct value *view_vm_value(const struct view_vm *vm)
{
    char uuid[37];
    struct value *v = value_object();
    view_uuid(&vm->info->uuid, uuid);
    value_set(v, "uuid", value_string(uuid));
    value_set(v, "domid", value_int(vm->info->domid));
    value_set(v, "name", value_string(vm->name));
    return v;
}
