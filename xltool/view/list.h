/* The table of `xl list` (and `xl claims`), as text and as a value. Pure. */
#ifndef VIEW_LIST_H
#define VIEW_LIST_H

#include <glib.h>
#include <libxl.h>

#include "base/value.h"

struct view_domain {
    const libxl_dominfo *info; /* borrowed */
    char *name;                /* NULL when XenStore has none */
    char *cpupool;             /* when the column is wanted */
    char *nodes;               /* node affinity, when wanted */
};

enum view_list_columns {
    VIEW_LIST_VERBOSE = 1, /* -v: UUID, reason, label */
    VIEW_LIST_CONTEXT = 2, /* -Z */
    VIEW_LIST_CLAIMS = 4,  /* xl claims */
    VIEW_LIST_CPUPOOL = 8, /* -c */
    VIEW_LIST_NODES = 16,  /* -n */
};

/* The original's bytes, header line included. */
void view_list_text(GString *out, const struct view_domain *domains, int nr,
                    unsigned columns);
/* Array of objects, one per domain, with every known field. */
struct value *view_list_value(const struct view_domain *domains, int nr);
/* The rows of `xl vm-list`. */
struct view_vm {
    const libxl_vminfo *info; /* borrowed */
    char *name;
};
void view_vm_text(GString *out, const struct view_vm *vms, int nr);
struct value *view_vm_value(const struct view_vm *vm);

/* The six state letters, e.g. "-b----". */
void view_state(const libxl_dominfo *info, char letters_out[7]);
/* uuid as text, 36 characters. */
void view_uuid(const libxl_uuid *uuid, char text_out[37]);

#endif
