/* The frame of every command: its row, what main parsed for it, and the few
 * calls nearly all of them need. A command is a file cmd/X.c with
 *     const struct opt_row cmd_X_opts[] = { ..., {0} };
 *     int cmd_X_run(struct cmd *c, struct err *err);
 * and a row in commands.def. run() prints results on stdout, returns 0, or
 * fills err; only main prints err and picks the exit code. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"
#include "base/value.h"
#include "xen/ctx.h"
#include "xen/find.h"

struct cmd;

struct cmd_row {
    const char *name;
    int (*run)(struct cmd *c, struct err *err);
    const struct opt_row *opts;
    const char *usage; /* its words, e.g. "<Domain> <Name>" */
    int min_words;
    bool can_dryrun; /* serves -N */
    bool modifies;   /* changes something */
    const char *summary;
};

/* Options before the command. */
struct cmd_globals {
    unsigned verbosity; /* number of -v */
    bool force, dryrun, progress_cr, stamps;
};

struct cmd {
    const struct cmd_row *row;
    struct cmd_globals g;
    struct opts o; /* options and words of the command itself */
    char **line;   /* all of the command line, as it was typed */
    int (*again)(int argc, char **argv); /* all of the program */
    struct xen xen;
};

/* The rows, closed by one without name. */
extern const struct cmd_row cmd_rows[];
/* Row of an exact name or of an unambiguous beginning; NULL and err (exit 1)
 * otherwise. */
const struct cmd_row *cmd_lookup(const char *name, struct err *err);
/* What `xl help COMMAND` and `xl COMMAND -h` print. */
void cmd_print_usage(FILE *f, const struct cmd_row *row);
/* What `xl help` prints. */
void cmd_print_all(FILE *f);

/* Opens libxl when it is not open yet. */
int cmd_open(struct cmd *c, struct err *err);
/* Opens libxl and finds the domain (name, number or UUID). */
int cmd_domain(struct cmd *c, const char *who, uint32_t *domid_out,
               struct err *err);
/* err for wrong words (exit 2): main prints the command's usage behind it. */
int cmd_usage(struct cmd *c, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Fails without a further word, with this exit code (something was said
 * already, or the original says nothing). */
int cmd_exit(struct err *err, int exit_code);
/* err for a command that only a newer libxl serves: names the release from
 * which on it works, and `where` (or NULL). */
int cmd_newer(struct cmd *c, const char *release, const char *where,
              struct err *err);
/* Prints a value as JSON, two blanks a level, and frees it. */
void cmd_print_json(struct value *v);
/* Prints the text and frees it. */
void cmd_print(GString *text);
/* Option rows that only say --json. */
#define CMD_OPT_JSON OPT_LONG(31)
#define CMD_ROW_JSON                                                           \
    {                                                                          \
        CMD_OPT_JSON, "json", NULL, "the same as JSON"                         \
    }

static inline bool cmd_has(const struct cmd *c, char letter)
{
    return opt_has(&c->o, letter);
}
static inline const char *cmd_value(const struct cmd *c, char letter)
{
    return opt_value(&c->o, letter);
}
/* Word i, or NULL when there are fewer. */
static inline const char *cmd_word(const struct cmd *c, int i)
{
    return i < c->o.nr_words ? c->o.words[i] : NULL;
}

#define CMD(name, id, usage, min, dryrun, modifies, summary)                   \
    extern const struct opt_row cmd_##id##_opts[];                             \
    int cmd_##id##_run(struct cmd *c, struct err *err);
#include "commands.def"
#undef CMD

#endif
