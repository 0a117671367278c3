/* What the X-list, X-attach and X-detach commands share: the walk over the
 * named domains, and one table in text and in JSON. */
#ifndef CMD_DEVICES_COMMON_H
#define CMD_DEVICES_COMMON_H

#include "cmd/cmd.h"

#define DEVICES_OPT_JSON OPT_LONG(1)

/* Where the rows of a listing go: text or (json not NULL) an array. */
struct devices_out {
    GString *text;
    struct value *json;
    uint32_t domid; /* the domain of the row */
    const char *keys;
};

struct devices_kind {
    const char *header; /* with newline; the same widths as the rows */
    /* Adds a row for each device of the domain. */
    int (*rows)(struct cmd *c, uint32_t domid, struct devices_out *out,
                struct err *err);
    /* An unknown name is reported and the next one shown; the exit code is 0
     * for disks and vTPMs, 1 for the others, as in the original. */
    bool unknown_fails;
    /* Keys that each JSON row has, whatever libxl's JSON leaves out: 0, or null
     * for those with '?'. docs/json.md is their description. */
    const char *keys;
};

#define DEVICES_KEYS                                                           \
    "backend? backend_id frontend? frontend_id devid state evtch rref "

/* The words of the command are domains; each is shown under one header. */
int devices_list(struct cmd *c, const struct devices_kind *kind,
                 struct err *err);

/* Adds a row: libxl's own JSON text of the device's state (freed here) to the
 * array with the domain's number before it, or the formatted text. */
void devices_row(struct devices_out *out, char *libxl_json, const char *fmt,
                 ...) __attribute__((format(printf, 3, 4)));

/* Reports an error on stderr as main would, and goes on: for the places where
 * the original goes on too. err is {0} afterwards. */
void devices_complain(struct err *err);

/* Joins the command's words from `first` on, with `glue` between them. */
char *devices_spec(const struct cmd *c, int first, const char *glue);

/* One kind of device that a command adds. */
struct devices_kind_to_add {
    const char *key; /* of xl.cfg, and what -N shows: "vif" */
    /* libxl's JSON of the device in config; libxl's code for adding it */
    char *(*json)(libxl_ctx *ctx, libxl_domain_config *config);
    int (*add)(libxl_ctx *ctx, uint32_t domid, libxl_domain_config *config);
    bool rc_status; /* a failure's exit code is libxl's, as in the original */
};

/* Adds the device of the words behind the domain's; with -N only shows it. */
int devices_attach(struct cmd *c, const struct devices_kind_to_add *kind,
                   struct err *err);

/* Takes device number WORD[1] from domain WORD[0]: `find` fills the device,
 * `take` removes it; both give a libxl code. An unknown device exits with 253,
 * as in the original. */
int devices_detach(struct cmd *c, void *device,
                   int (*find)(struct cmd *c, uint32_t domid, int devid,
                               void *device),
                   int (*take)(struct cmd *c, uint32_t domid, void *device),
                   struct err *err);

#endif
