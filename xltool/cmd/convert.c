/* xl convert: a guest's definition of another tool as xl.cfg, or xl.cfg as
 * libvirt's XML (beside way A). */
#include "convert/convert.h"

#include <errno.h>
#include <string.h>

#include "cfg/cfg.h"
#include "cmd/cmd.h"

#define OPT_OVA OPT_LONG(1)
#define OPT_STRICT OPT_LONG(2)

const struct opt_row cmd_convert_opts[] = {
    { OPT_OVA, "from-ova", NULL, "the file is an OVA, or an OVF envelope" },
    { 'o', "output", "FILE", "write it there, not to standard output" },
    { OPT_STRICT, "strict", NULL,
      "fail when something has no counterpart, and write nothing" },
    { 0 }
};

static int convert(struct cmd *c, const char *file, const GString *text,
                   GString *out, struct diags *diags, struct err *err)
{
    enum convert_kind kind =
        cmd_has(c, OPT_OVA) ? CONVERT_OVF : convert_guess(text->str, text->len);
    const char *name = strcmp(file, "-") ? file : "<stdin>";
    if (kind == CONVERT_OVF)
        return convert_from_ovf(name, text->str, text->len, out, diags, err);
    if (kind == CONVERT_LIBVIRT)
        return convert_from_libvirt(name, text->str, text->len, out, diags,
                                    err);
    return convert_to_libvirt(name, text->str, text->len, out, diags, err);
}

static int deliver(const GString *out, const char *path, struct err *err)
{
    g_autoptr(GError) error = NULL;
    if (!path) {
        fwrite(out->str, 1, out->len, stdout);
        return 0;
    }
    if (g_file_set_contents(path, out->str, (gssize)out->len, &error))
        return 0;
    return err_set(err, ERR_IO, "cannot write %s: %s", path, error->message);
}

int cmd_convert_run(struct cmd *c, struct err *err)
{
    const char *file = cmd_word(c, 0);
    struct diags diags = { 0 };
    GString *text = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    if (c->o.nr_words != 1)
        return cmd_usage(c, err, "one file, or - for standard input");
    int r = cmd_has(c, OPT_OVA) && strcmp(file, "-")
                ? convert_read_ova(file, &text, err)
                : cfg_read_file(file, &text, err);
    if (r)
        return -1;
    r = convert(c, file, text, out, &diags, err);
    diags_print(stderr, &diags, DIAG_WARNING);
    if (r == 0 && cmd_has(c, OPT_STRICT) && diags_count(&diags, DIAG_WARNING))
        r = err_set(err, ERR_CONFIG, "not all of %s can be translated", file);
    if (r == 0)
        r = deliver(out, cmd_value(c, 'o'), err);
    diags_dispose(&diags);
    g_string_free(text, TRUE);
    return r;
}
