/* Command line options from rows (way A, the first arrow: argv -> options). */
#include "base/opt.h"

#include <glib.h>
#include <string.h>

static const struct opt_row *find_letter(const struct opt_row *rows, char c)
{
    for (; rows && (rows->letter || rows->name); rows++)
        if (rows->letter == c && c >= 32)
            return rows;
    return NULL;
}

/* Exact names win; else an unambiguous beginning, as getopt_long does. */
static const struct opt_row *find_name(const struct opt_row *rows,
                                       const char *name, size_t len)
{
    const struct opt_row *found = NULL;
    for (; rows && (rows->letter || rows->name); rows++) {
        if (!rows->name || strncmp(rows->name, name, len))
            continue;
        if (strlen(rows->name) == len)
            return rows;
        if (found)
            return NULL;
        found = rows;
    }
    return found;
}

static void record(struct opts *o, const struct opt_row *row, const char *value)
{
    unsigned char i = (unsigned char)row->letter & 127;
    if (o->count[i] < 255)
        o->count[i]++;
    o->value[i] = value;
}

static int unsupported(struct err *err, const char *text, int len)
{
    return err_set(err, ERR_USAGE, "option `%.*s' not supported.", len, text);
}

/* --name, --name=value, --name value. Returns words eaten besides this one. */
static int parse_long(const struct opt_row *rows, char **argv, int left,
                      struct opts *o, struct err *err)
{
    const char *text = argv[0] + 2;
    size_t len = strcspn(text, "=");
    if (len >= 1 && !strncmp(text, "help", len) && !text[len] &&
        !find_name(rows, text, len)) {
        o->help = true;
        return 0;
    }
    const struct opt_row *row = find_name(rows, text, len);
    if (!row)
        return unsupported(err, argv[0], (int)len + 2);
    if (!row->arg) {
        if (text[len])
            return err_set(err, ERR_USAGE, "option `--%s' takes no value",
                           row->name);
        record(o, row, NULL);
        return 0;
    }
    if (text[len]) {
        record(o, row, text + len + 1);
        return 0;
    }
    if (left < 2)
        return err_set(err, ERR_USAGE, "option `--%s' needs a value: %s",
                       row->name, row->arg);
    record(o, row, argv[1]);
    return 1;
}

/* -a, -abc, -nVALUE, -n VALUE. Returns words eaten besides this one. */
static int parse_short(const struct opt_row *rows, char **argv, int left,
                       struct opts *o, struct err *err)
{
    for (const char *p = argv[0] + 1; *p; p++) {
        const struct opt_row *row = find_letter(rows, *p);
        if (!row && *p == 'h') {
            o->help = true;
            return 0;
        }
        if (!row)
            return unsupported(err, p, 1);
        if (!row->arg) {
            record(o, row, NULL);
            continue;
        }
        if (p[1]) {
            record(o, row, p + 1);
            return 0;
        }
        if (left < 2)
            return err_set(err, ERR_USAGE, "option `%c' needs a value: %s", *p,
                           row->arg);
        record(o, row, argv[1]);
        return 1;
    }
    return 0;
}

int opt_parse(const struct opt_row *rows, int argc, char **argv,
              struct opts *opts_out, struct err *err)
{
    *opts_out = (struct opts){ 0 };
    g_autofree char **words = g_new0(char *, argc + 1);
    int nr_words = 0, i = 1;
    for (; i < argc; i++) {
        if (!strcmp(argv[i], "--")) {
            i++;
            break;
        }
        if (argv[i][0] != '-' || !argv[i][1]) {
            words[nr_words++] = argv[i];
            continue;
        }
        int eaten = argv[i][1] == '-'
                        ? parse_long(rows, argv + i, argc - i, opts_out, err)
                        : parse_short(rows, argv + i, argc - i, opts_out, err);
        if (eaten < 0)
            return -1;
        if (opts_out->help)
            return 0;
        i += eaten;
    }
    for (; i < argc; i++)
        words[nr_words++] = argv[i];
    for (int w = 0; w < nr_words; w++)
        argv[argc - nr_words + w] = words[w];
    opts_out->words = argv + argc - nr_words;
    opts_out->nr_words = nr_words;
    return 0;
}

void opt_print_help(FILE *f, const struct opt_row *rows)
{
    for (; rows && (rows->letter || rows->name); rows++) {
        if (!rows->help)
            continue;
        g_autofree char *value =
            rows->arg
                ? g_strdup_printf("%s%s", rows->name ? "=" : " ", rows->arg)
                : g_strdup("");
        g_autofree char *text =
            rows->letter < 32 ? g_strdup_printf("    --%s%s", rows->name, value)
            : rows->name      ? g_strdup_printf("-%c, --%s%s", rows->letter,
                                                rows->name, value)
                              : g_strdup_printf("-%c%s", rows->letter, value);
        if (strlen(text) > 30)
            fprintf(f, "  %s\n%33s%s\n", text, "", rows->help);
        else
            fprintf(f, "  %-30s %s\n", text, rows->help);
    }
}
