/* Way A, in dom/: what the guest boots: kernel, command line, boot loader,
 * firmware. */
#include <string.h>

#include "dom/build.h"

#ifndef XEN_FIRMWARE_DIR /* where Debian's packages keep it */
#define XEN_FIRMWARE_DIR "/usr/lib/xen-" XEN_VERSION "/boot"
#endif

void boot_kernel(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        return;
    const char *slash = strrchr(s->value->text, '/');
    if (build_guest(b) == HVM &&
        !strcmp(slash ? slash + 1 : s->value->text, "hvmloader"))
        build_warn(b, "obsolete", build_value_pos(s),
                   "take the line out; firmware_override= names another "
                   "hvmloader",
                   "kernel=\"%s\" names the firmware that every hvm guest "
                   "gets anyway; it is ignored",
                   s->value->text);
    else
        value_replace(&info->kernel, s->value->text);
}

/* cmdline= wins over the older pair root= and extra=. */
void boot_cmdline(struct dom_build *b, const struct key_row *row)
{
    char **cmdline = &b->config->b_info.cmdline;
    const char *whole = value_text(b, row->name);
    const char *root = value_text(b, "root");
    const char *extra = value_text(b, "extra");

    if (whole) {
        value_replace(cmdline, whole);
        if (root || extra)
            build_warn(b, "not-used",
                       cfg_find(b->cfg, root ? "root" : "extra")->pos,
                       "write everything into cmdline=",
                       "cmdline= is set: root= and extra= are ignored");
        return;
    }
    g_autofree char *joined = root && extra
                                  ? g_strdup_printf("root=%s %s", root, extra)
                              : root ? g_strdup_printf("root=%s", root)
                                     : g_strdup(extra);
    if (joined)
        value_replace(cmdline, joined);
}

/* The words of a text between blanks, as a malloc'ed list; NULL for none. */
static libxl_string_list split_words(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, " \t\n", -1);
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for (char **p = parts; *p; p++)
        if (**p)
            g_ptr_array_add(words, g_strdup(*p));
    if (!words->len)
        return NULL;
    g_ptr_array_add(words, NULL);
    return (libxl_string_list)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

/* The list that takes the place of the string. */
static char *list_hint(char *const *words)
{
    GString *hint = g_string_new("write bootloader_args=[");
    for (char *const *w = words; w && *w; w++) {
        g_string_append(hint, w == words ? " \"" : ", \"");
        for (const char *p = *w; *p; p++)
            g_string_append_printf(hint, strchr("\"\\", *p) ? "\\%c" : "%c",
                                   *p);
        g_string_append_c(hint, '"');
    }
    g_string_append(hint, " ]");
    return g_string_free(hint, FALSE);
}

void boot_loader_args(struct dom_build *b, const struct key_row *row)
{
    libxl_string_list *args = &b->config->b_info.bootloader_args;
    const struct cfg_setting *s = value_any(b, row->name);

    if (!s)
        return;
    if (value_is_list(s)) {
        *args = value_strings(b, s);
        return;
    }
    *args = split_words(s->value->text);
    g_autofree char *hint = list_hint(*args);
    build_warn(b, "deprecated", build_value_pos(s), hint,
               "bootloader_args as one string is deprecated");
}

/* firmware= of an hvm guest: a kind of firmware, or the path of one. As in the
 * original, any beginning of "uefi" and "bios" will do. */
static void hvm_firmware(struct dom_build *b, const char *text)
{
    libxl_domain_build_info *info = &b->config->b_info;
    int bios;

    if (!strncmp(text, "uefi", strlen(text)))
        info->u.hvm.bios = LIBXL_BIOS_TYPE_OVMF;
    else if (strncmp(text, "bios", strlen(text))) {
        if (words_find(libxl_bios_type_string_table, text, false, &bios))
            info->u.hvm.bios = (libxl_bios_type)bios;
        else
            value_replace(&info->u.hvm.firmware, text);
    }
}

void boot_bios_path(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        return;
    value_replace(&b->config->b_info.u.hvm.system_firmware, s->value->text);
    if (!cfg_find(b->cfg, "bios"))
        build_warn(b, "incomplete", s->pos, "add bios=\"ovmf\" or another kind",
                   "bios_path_override= without bios= leaves open what kind of "
                   "firmware it is");
}

/* firmware= of a pv or pvh guest names a pvgrub of this Xen. */
static void pvgrub(struct dom_build *b, const struct cfg_setting *s)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const char *text = s->value->text;

    if (info->kernel) {
        build_refuse(b, 1, "contradiction", s->pos, "take one of the two out",
                     "kernel= and firmware= both say what boots");
        return;
    }
    if (strncmp(text, "pvgrub32", strlen(text)) &&
        strncmp(text, "pvgrub64", strlen(text))) {
        build_refuse(b, 1, "unknown-value", build_value_pos(s),
                     "write \"pvgrub32\" or \"pvgrub64\"",
                     "\"%s\" is not a firmware for a pv or pvh guest", text);
        return;
    }
    info->kernel = g_strdup_printf("%s/%s.bin", XEN_FIRMWARE_DIR, text);
}

/* A pv or pvh guest has to boot something. */
void boot_firmware(struct dom_build *b, const struct key_row *row)
{
    const libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_atom(b, row->name);
    struct diag_pos file = { .file = b->cfg->file };

    if (build_guest(b) == HVM) {
        if (s)
            hvm_firmware(b, s->value->text);
        return;
    }
    if (s)
        pvgrub(b, s);
    else if (!info->kernel && !info->bootloader && !b->unparsed)
        build_refuse(b, 1, "nothing-to-boot", file,
                     "add kernel=\"/path/of/vmlinuz\", or "
                     "bootloader=\"pygrub\" to take the kernel from the "
                     "guest's disk, or type=\"hvm\"",
                     "neither kernel= nor bootloader= says what the guest "
                     "boots");
}
