/* `xenpm`: power management of a Xen host. One row of commands.def and one
 * function per command; libxenctrl gives structures, view.h shows them. */
#ifndef PM_PM_H
#define PM_PM_H

#include <glib.h>
#include <stdbool.h>
#include <xenctrl.h>

#include "base/err.h"
#include "base/value.h"

/* One run of the program. */
struct pm {
    xc_interface *xch;
    int cpus;           /* highest possible CPU id + 1 */
    bool as_json;       /* show json instead of text */
    GString *text;      /* what a command shows */
    struct value *json; /* the same, as a tree; NULL: nothing to show */
    int refused;        /* changes that Xen did not make */
};

struct pm_command {
    const char *name;
    /* args has n words, then NULL. Returns 0, or -1 with err set. */
    int (*run)(struct pm *pm, char **args, int n, struct err *err);
    bool shows; /* has output that --json changes */
    const char *synopsis, *help;
};

extern const struct pm_command pm_commands[]; /* ends with an empty row */

/* By name or a beginning that no other command shares. NULL with err set. */
const struct pm_command *pm_command_find(const char *name, struct err *err);
void pm_help(FILE *f);

enum { PM_ALL_CPUS = -1 };
/* "all" or NULL gives PM_ALL_CPUS, digits a CPU id. 0, or -1 with err set. */
int pm_cpu_parse(const char *text, int *cpu_out, struct err *err);
/* A number from 0 up. `what` names it in the message. */
int pm_number_parse(const char *text, const char *what, int *out,
                    struct err *err);
/* Error of a wrong command line: exit code EINVAL, as the original's. */
int pm_usage(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Calls one() for the CPU, or for all. What one() returns is or-ed. */
int pm_each_cpu(struct pm *pm, int cpu, int (*one)(struct pm *, int, void *),
                void *arg);
/* The same for what only shows. CPUs for which one() fails are named in one
 * sentence on stderr: `missing` has a %s for "CPU 3" or "any CPU". */
void pm_show_each(struct pm *pm, int cpu, int (*one)(struct pm *, int, void *),
                  const char *missing);
/* Says on stderr that something is missing here; not an error of the run. */
void pm_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* pm->json as an array, made when missing. */
struct value *pm_json_array(struct pm *pm);

#define PM(name, function, shows, synopsis, help)                              \
    int function(struct pm *pm, char **args, int n, struct err *err);
#include "pm/commands.def"
#undef PM

#endif
