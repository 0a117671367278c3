/* What a command gets, and what it can do. A command returns 0, or -1 after one
 * of the failing functions has said why; serve.c shows it once. */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include "base/thincli.h"
#include "base/value.h"
#include "cli/cli.h"
#include "cli/fields.h"
#include "model/fault.h"
#include "store/store.h"

struct cli {
    struct xapi *x;
    int fd; /* -1: what would be sent is kept in `sent` (tests) */
    GByteArray *sent;
    char *command;
    struct value *params; /* name -> text; the first of equal names */
    char *session;        /* reference */
    bool own_session, root, gone;
    bool minimal;
    GPtrArray *items; /* --minimal: what was printed, in order */
    /* Why the command failed: a fault of a call, or a sentence. */
    struct fault fault;
    char *message;
    char *failed_call; /* "VM.start: CODE: [ .. ]", for --trace */
    bool silent;       /* the failures were shown already */
};

/* ---- the command line ------------------------------------------------------
 */

/* Fills command and params from the request's body. False: nothing there. */
bool cli_parse(struct cli *c, const char *body, size_t len);
const char *cli_param(const struct cli *c, const char *name); /* or NULL */
/* As cli_param; a missing one fails the command. */
const char *cli_need(struct cli *c, const char *name);
bool cli_flag(const struct cli *c, const char *name); /* false unless true */
/* Reads texts; name is for the message. Sizes know KiB MiB GiB TiB. */
int cli_bool(struct cli *c, const char *name, const char *text, bool *out);
int cli_int(struct cli *c, const char *name, const char *text, int64_t *out);
int cli_size(struct cli *c, const char *name, const char *text, int64_t *out);
/* An object of the parameters `prefix:key=value` (or prefix-key=value). */
struct value *cli_map(const struct cli *c, const char *prefix);

/* ---- saying something ------------------------------------------------------
 */

void cli_print(struct cli *c, const char *text);
void cli_printf(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cli_stderr(struct cli *c, const char *text);
/* One field of a table's row. Owned by the row. */
struct cli_cell {
    char *label; /* "uuid ( RO)" */
    char *text;
};
/* Shows the row (array of struct cli_cell), or keeps its first for
 * --minimal. */
void cli_print_row(struct cli *c, const GArray *row);
GArray *cli_row_new(void);
/* Both are taken over. */
void cli_row_add(GArray *row, char *label, char *text);
/* Escapes , and \ as --minimal shows them. Caller frees. */
char *cli_minimal_escape(const char *text);

/* ---- failing ----------------------------------------------------------------
 */

int cli_fail(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int cli_fail_api(struct cli *c, const char *code, ...)
    __attribute__((sentinel));
/* The lines for standard error; clears the failure. Caller frees. */
char *cli_take_error(struct cli *c);
/* Sentence of an error code, or NULL; its parameters' names, or NULL. */
const char *cli_error_words(const char *code);
const char *cli_error_params(const char *code);

/* ---- the API
 * ------------------------------------------------------------------ */

/* Calls a message; the parameters (taken over) end with NULL. The result is the
 * caller's; NULL after a fault. */
struct value *cli_call(struct cli *c, const char *method, ...)
    __attribute__((sentinel));
/* The same with the parameters in an array, which is taken over. */
struct value *cli_call_list(struct cli *c, const char *method,
                            struct value *params);
/* The same without interest in the result: 0 or -1. */
#define cli_do(c, ...) cli_free(cli_call(c, __VA_ARGS__))
int cli_free(struct value *v);
/* As cli_do through Async and its task, with a bar on the client's standard
 * error when --progress was given. The result's reference is in *ref_out
 * (caller frees; may be NULL when not wanted). */
int cli_do_long(struct cli *c, char **ref_out, const char *method, ...)
    __attribute__((sentinel));
/* Lets the client send or fetch the file of filename= by an HTTP request to
 * url (which has a query already), under a task of its own whose failure is the
 * command's. *result_out: the task's result, XML (caller frees; may be NULL).
 */
int cli_transfer(struct cli *c, enum thin_tag tag, const char *label,
                 const char *url, char **result_out);
/* Calls a message that answers with a reference; shows that object's uuid. */
int cli_print_uuid(struct cli *c, enum class_id class, const char *ref);
/* Reference of the object with this uuid, else UUID_INVALID. */
const char *cli_ref_of_uuid(struct cli *c, const struct snapshot *s,
                            enum class_id class, const char *uuid);
/* The record of parameter `name` (a uuid), which must be there; held by s. */
const struct record *cli_record(struct cli *c, const struct snapshot *s,
                                enum class_id class, const char *name);

/* ---- which objects
 * -------------------------------------------------------------- */

enum { SELECT_TEMPLATES = 1, SELECT_CONTROL = 2, SELECT_SNAPSHOTS_ONLY = 4 };
/* Array of references (GPtrArray of char *) of the VMs that the command line
 * names, by vm= and field filters; NULL after a failure. `ignore`: parameters
 * of the command itself, separated by blanks. */
GPtrArray *cli_select_vms(struct cli *c, unsigned how, const char *ignore);
GPtrArray *cli_select_hosts(struct cli *c, const char *ignore);
/* Runs fn for each selected one; with --multiple failures are shown and the
 * rest goes on. */
typedef int cli_each_fn(struct cli *c, const char *ref, void *user);
int cli_each_vm(struct cli *c, unsigned how, const char *ignore,
                cli_each_fn *fn, void *user);
int cli_each_host(struct cli *c, const char *ignore, cli_each_fn *fn,
                  void *user);
int cli_each_sr(struct cli *c, const char *ignore, cli_each_fn *fn, void *user);

/* ---- the client's side
 * ------------------------------------------------------------ */

int cli_send(struct cli *c, const struct thin_message *m);
/* One message from the client, heartbeats left out; waits at most wait_s. */
int cli_receive(struct cli *c, struct thin_message *out, unsigned wait_s);
/* Reads the raw bytes after THIN_CHUNK. */
int cli_read(struct cli *c, void *buf, size_t len, unsigned wait_s);
int cli_greet(struct cli *c);
/* Asks a question on standard error and takes a line. NULL: no client. */
char *cli_ask(struct cli *c, const char *question);
/* Whole file of the client, at most 32 MiB. Caller frees; NULL: failed. */
char *cli_load(struct cli *c, const char *file, size_t *len_out);
/* Lets the client run an HTTP request; waits for its end. */
int cli_http(struct cli *c, enum thin_tag tag, const char *file,
             const char *url);

/* ---- commands
 * ---------------------------------------------------------------------- */

enum {
    CMD_STANDARD = 1, /* in the short list of help */
    CMD_HIDDEN = 2,   /* not in help --all */
    CMD_VM_SELECTORS = 4,
    CMD_HOST_SELECTORS = 8,
    CMD_SR_SELECTORS = 16,
};

struct command {
    const char *name, *required, *optional;
    unsigned flags;
    int (*run)(struct cli *c);
    const char *help;
};

/* NULL-terminated by name. */
extern const struct command cli_commands[];
const struct command *cli_command_find(const char *name);
/* Names of XenServer's commands that are not served here. */
bool cli_command_is_missing(const char *name);

#define CMD(name, required, optional, flags, fn, help) int fn(struct cli *c);
#include "cli/commands.def"
#undef CMD

/* CLASS-list, CLASS-param-...: 1 when `c->command` is one of them (then
 * *result_out tells how it ended), else 0. */
int cli_generated(struct cli *c, int *result_out);
/* 0 when the session may read records of the class, else -1. */
int generated_may_read(struct cli *c, const struct xe_class *k);
/* Array of the columns of params=, else of `defaults` ("" all), in the order of
 * the record whatever the words' order. Caller frees. */
GPtrArray *generated_columns(struct cli *c, const struct xe_class *k,
                             const char *defaults);
/* Shows them of one record; in a list, those that cost much are not asked. */
void generated_print(struct cli *c, const struct snapshot *s,
                     const struct record *r, const GPtrArray *cols, bool list);
/* Calls fn for the name, required and optional parameters of each generated
 * command. */
void cli_each_generated(void (*fn)(void *user, const char *name,
                                   const char *required, const char *optional,
                                   unsigned flags),
                        void *user);

#endif
