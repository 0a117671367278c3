/* C-states: get-cpuidle-states, set-max-cstate. */
#include <errno.h>
#include <string.h>

#include "pm/sample.h"
#include "pm/view.h"

static const char no_idle[] =
    "Xen has no C-states for %s: idle states are switched off (cpuidle=0), "
    "or Dom0 has not passed on what the firmware's ACPI tables say of them";

/* One limit, or nothing when there is none. */
static void show_limits(struct pm *pm)
{
    uint32_t state, substate;

    if (xc_get_cpuidle_max_cstate(pm->xch, &state))
        return;
    if (state == XEN_SYSCTL_CX_UNLIMITED) {
        g_string_append(pm->text, "All C-states allowed\n\n");
        return;
    }
    g_string_append_printf(pm->text, "Max possible C-state: C%u\n", state);
    if (!xc_get_cpuidle_max_csubstate(pm->xch, &substate) &&
        substate != XEN_SYSCTL_CX_UNLIMITED)
        g_string_append_printf(pm->text, "Max possible substate: %u\n",
                               substate);
    g_string_append_c(pm->text, '\n');
}

static struct value *limit_json(int r, uint32_t limit)
{
    if (r || limit == XEN_SYSCTL_CX_UNLIMITED)
        return value_null();
    return value_int(limit);
}

static int show_one(struct pm *pm, int cpu, void *arg)
{
    struct view_sample s = { 0 };

    (void)arg;
    if (sample_idle(pm->xch, cpu, &s.cx))
        return -1;
    view_idle(pm->text, cpu, &s.cx);
    value_push(pm_json_array(pm), view_idle_json(cpu, &s.cx));
    sample_dispose(&s);
    return 0;
}

/* {"max_cstate": .., "max_csubstate": .., "cpus": [..]} */
static void wrap_json(struct pm *pm)
{
    uint32_t state = 0, substate = 0;
    struct value *o = value_object();
    int r = xc_get_cpuidle_max_cstate(pm->xch, &state);

    value_set(o, "max_cstate", limit_json(r, state));
    r = xc_get_cpuidle_max_csubstate(pm->xch, &substate);
    value_set(o, "max_csubstate", limit_json(r, substate));
    value_set(o, "cpus", pm_json_array(pm));
    pm->json = o;
}

int pm_get_idle(struct pm *pm, char **args, int n, struct err *err)
{
    int cpu;

    (void)n;
    if (pm_cpu_parse(args[0], &cpu, err))
        return -1;
    show_limits(pm);
    pm_show_each(pm, cpu, show_one, no_idle);
    wrap_json(pm);
    return 0;
}

static int parse_limit(const char *text, uint32_t *out, struct err *err)
{
    int n;

    *out = XEN_SYSCTL_CX_UNLIMITED;
    if (text && !strcmp(text, "unlimited"))
        return 0;
    if (pm_number_parse(text, "a C-state (a number or unlimited)", &n, err))
        return -1;
    *out = (uint32_t)n;
    return 0;
}

static char *limit_name(const char *letter, uint32_t limit)
{
    if (limit == XEN_SYSCTL_CX_UNLIMITED)
        return g_strdup("unlimited");
    return g_strdup_printf("%s%u", letter, limit);
}

int pm_set_cstate(struct pm *pm, char **args, int n, struct err *err)
{
    uint32_t state, substate = XEN_SYSCTL_CX_UNLIMITED;
    g_autofree char *name = NULL, *subname = NULL;

    if (n > 2)
        return pm_usage(err, "set-max-cstate takes one or two limits");
    if (parse_limit(args[0], &state, err) ||
        (n > 1 && parse_limit(args[1], &substate, err)))
        return -1;
    name = limit_name("C", state);
    subname = limit_name("", substate);
    if (xc_set_cpuidle_max_cstate(pm->xch, state))
        return err_errno(err, ERR_UNSUPPORTED, errno,
                         "Xen does not limit C-states to %s", name);
    g_string_append_printf(pm->text, "max C-state set to %s\n", name);
    if (state == XEN_SYSCTL_CX_UNLIMITED)
        return 0;
    if (xc_set_cpuidle_max_csubstate(pm->xch, substate))
        return err_errno(err, ERR_UNSUPPORTED, errno,
                         "Xen does not limit C-substates to %s", subname);
    g_string_append_printf(pm->text, "max C-substate set to %s succeeded\n",
                           subname);
    return 0;
}
