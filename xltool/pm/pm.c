/* Commands and arguments of xenpm. */
#include "pm/pm.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct pm_command pm_commands[] = {
#define PM(name, function, shows, synopsis, help)                              \
    { name, function, shows, synopsis, help },
#include "pm/commands.def"
#undef PM
    { 0 },
};

void pm_help(FILE *f)
{
    fputs("usage: xenpm [--json] COMMAND [ARGUMENT]...\n\n"
          "Power management of a Xen host. CPU is a number, or all (also when "
          "left out).\nA command may be shortened while it stays unique.\n\n",
          f);
    for (const struct pm_command *c = pm_commands; c->name; c++)
        fprintf(f, "  %-24s %-13s %s\n", c->name, c->synopsis, c->help);
}

int pm_usage(struct err *err, const char *fmt, ...)
{
    va_list ap;
    g_autofree char *text = NULL;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    err_set(err, ERR_USAGE, "%s", text);
    if (err)
        err->exit_code = EINVAL;
    return -1;
}

const struct pm_command *pm_command_find(const char *name, struct err *err)
{
    const struct pm_command *found = NULL;
    g_autoptr(GString) fits = g_string_new(NULL);
    int n = 0;

    for (const struct pm_command *c = pm_commands; c->name; c++) {
        if (!strcmp(c->name, name))
            return c;
        if (strncmp(c->name, name, strlen(name)) != 0)
            continue;
        g_string_append_printf(fits, "%s%s", n++ ? ", " : "", c->name);
        found = c;
    }
    if (n == 1)
        return found;
    pm_usage(err, n ? "'%s' may be %s" : "there is no command '%s'", name,
             fits->str);
    err_hint(err, "xenpm help lists the commands");
    return NULL;
}

int pm_number_parse(const char *text, const char *what, int *out,
                    struct err *err)
{
    char *end;
    long n;

    if (!text)
        return pm_usage(err, "%s is missing", what);
    errno = 0;
    n = strtol(text, &end, 10);
    if (!g_ascii_isdigit(*text) || *end || errno || n > INT32_MAX)
        return pm_usage(err, "'%s' is not a number for %s", text, what);
    *out = (int)n;
    return 0;
}

int pm_cpu_parse(const char *text, int *cpu_out, struct err *err)
{
    *cpu_out = PM_ALL_CPUS;
    if (!text || !g_ascii_strcasecmp(text, "all"))
        return 0;
    return pm_number_parse(text, "a CPU (a CPU id or all)", cpu_out, err);
}

int pm_each_cpu(struct pm *pm, int cpu, int (*one)(struct pm *, int, void *),
                void *arg)
{
    int r = 0;

    if (cpu != PM_ALL_CPUS)
        return one(pm, cpu, arg);
    for (int i = 0; i < pm->cpus; i++)
        r |= one(pm, i, arg);
    return r;
}

void pm_show_each(struct pm *pm, int cpu, int (*one)(struct pm *, int, void *),
                  const char *missing)
{
    int first = cpu == PM_ALL_CPUS ? 0 : cpu, failed = 0;
    int end = cpu == PM_ALL_CPUS ? pm->cpus : cpu + 1;
    g_autoptr(GString) list = g_string_new(NULL);
    g_auto(GStrv) around = g_strsplit(missing, "%s", 2);

    for (int i = first; i < end; i++)
        if (one(pm, i, NULL))
            g_string_append_printf(list, "%sCPU %d", failed++ ? ", " : "", i);
    if (failed == end - first && failed > 1)
        g_string_assign(list, "any CPU");
    if (failed)
        pm_note("%s%s%s", around[0], list->str, around[1]);
}

void pm_note(const char *fmt, ...)
{
    va_list ap;

    fputs("xenpm: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

struct value *pm_json_array(struct pm *pm)
{
    if (!pm->json)
        pm->json = value_array();
    return pm->json;
}

int pm_help_command(struct pm *pm, char **args, int n, struct err *err)
{
    (void)pm, (void)args, (void)n, (void)err;
    pm_help(stderr);
    return 0;
}
