/* Way A, in dom/: settings of hvm guests that are more than a field. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dom/build.h"

/* needs libxl.h before it */
#include <xen/hvm/params.h>

/* Sizes between which Xen can move the hole below 4 GiB (hvm/e820.h of Xen:
 * HVM_BELOW_4G_MMIO_LENGTH and hvmloader's least RAM below it). */
enum { MMIO_HOLE_LEAST = 256, MMIO_HOLE_MOST = 3840 };

void clock_timer_mode(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        return;
    if (build_guest(b) == PV) {
        build_refuse(
            b, 3, "wrong-guest", s->pos, "take the line out",
            "timer_mode is for hvm and pvh guests; this is a pv guest");
        return;
    }
    struct key_row word = *row;
    word.shape = KEY_ENUMINT;
    word.text = "deprecated";
    word.words = libxl_timer_mode_string_table;
    word.offset = offsetof(libxl_domain_config, b_info.timer_mode);
    word.size = sizeof(b->config->b_info.timer_mode);
    shape_set(b, &word);
}

void hvm_altp2mhvm(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = cfg_find(b->cfg, row->name);
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    libxl_defbool_set(&b->config->b_info.u.hvm.altp2m, number != 0);
    build_warn(b, "deprecated", s->pos,
               number ? "write altp2m=\"mixed\"" : "write altp2m=\"disabled\"",
               "altp2mhvm is deprecated");
}

/* One word of viridian=[...]: "base", "!base", "all", "defaults". */
static void viridian_word(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const char *word = item->text;
    bool not = word[0] == '!';
    int bit;

    if (!strcmp(word, "all")) {
        for (int i = 0; i < (int)info->u.hvm.viridian_enable.size * 8; i++)
            libxl_bitmap_set(&info->u.hvm.viridian_enable, i);
    } else if (!strcmp(word, "defaults")) {
        libxl_defbool_set(&info->u.hvm.viridian, true);
    } else if (words_find(libxl_viridian_enlightenment_string_table,
                          word + (not ? 1 : 0), false, &bit)) {
        libxl_bitmap *on = &info->u.hvm.viridian_enable;
        libxl_bitmap *off = &info->u.hvm.viridian_disable;
        libxl_bitmap_set(not ? off : on, bit);
        libxl_bitmap_reset(not ? on : off, bit);
    } else {
        g_autofree char *hint = words_hint(
            libxl_viridian_enlightenment_string_table, word + (not ? 1 : 0));
        build_refuse(b, 3, "unknown-value", item->pos, hint,
                     "\"%s\" is not an enlightenment of viridian", word);
    }
}

/* Room of the two maps in libxl (LIBXL_BUILDINFO_HVM_VIRIDIAN_ENABLE_DISABLE
 * _WIDTH of libxl.h). */
void hvm_viridian(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_any(b, row->name);
    const struct cfg_node *item;
    long number;

    if (!s)
        return;
    if (!value_is_list(s)) {
        if (value_long(b, row->name, false, &number))
            libxl_defbool_set(&info->u.hvm.viridian, number != 0);
        return;
    }
    build_bitmap(&info->u.hvm.viridian_enable,
                 LIBXL_BUILDINFO_HVM_VIRIDIAN_ENABLE_DISABLE_WIDTH);
    build_bitmap(&info->u.hvm.viridian_disable,
                 LIBXL_BUILDINFO_HVM_VIRIDIAN_ENABLE_DISABLE_WIDTH);
    for (unsigned i = 0; (item = value_item(b, s, i)); i++)
        viridian_word(b, item);
}

void hvm_mmio_hole(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (!value_long(b, row->name, false, &number))
        return;
    if (number < MMIO_HOLE_LEAST || number > MMIO_HOLE_MOST)
        build_refuse(b, 1, "not-in-range",
                     build_value_pos(cfg_find(b->cfg, row->name)), NULL,
                     "mmio_hole=%ld: the hole can be %d to %d MiB", number,
                     MMIO_HOLE_LEAST, MMIO_HOLE_MOST);
    else
        b->config->b_info.u.hvm.mmio_hole_memkb = (uint64_t)number * 1024;
}

void hvm_genid(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);
    libxl_ms_vm_genid *id = &b->config->b_info.u.hvm.ms_vm_genid;

    if (!s || !strcmp(s->value->text, "none"))
        return;
    if (strcmp(s->value->text, "generate"))
        build_refuse(b, 1, "unknown-value", build_value_pos(s),
                     "write \"generate\" or \"none\"",
                     "\"%s\" is not a value of ms_vm_genid", s->value->text);
    else if (getrandom(id->bytes, sizeof(id->bytes), 0) !=
             (ssize_t)sizeof(id->bytes))
        build_refuse(b, 1, "no-random", s->pos, NULL,
                     "the system gives no random numbers for ms_vm_genid");
}

/* One field of rdm=. Unlike the original, whose test of policy= is inverted
 * so that the whole key is dropped, both fields work. */
static int rdm_field(const char *field, libxl_rdm_reserve *rdm)
{
    if (!strcmp(field, "strategy=host"))
        rdm->strategy = LIBXL_RDM_RESERVE_STRATEGY_HOST;
    else if (!strcmp(field, "policy=strict"))
        rdm->policy = LIBXL_RDM_RESERVE_POLICY_STRICT;
    else if (!strcmp(field, "policy=relaxed"))
        rdm->policy = LIBXL_RDM_RESERVE_POLICY_RELAXED;
    else
        return -1;
    return 0;
}

void hvm_rdm(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);
    libxl_rdm_reserve rdm = b->config->b_info.u.hvm.rdm;

    if (!s)
        return;
    g_auto(GStrv) fields = g_strsplit(s->value->text, ",", -1);
    size_t at = 0;
    for (char **f = fields; *f; at += strlen(*f) + 1, f++)
        if (**f && rdm_field(*f, &rdm)) {
            build_warn(b, "unknown-value",
                       cfg_node_pos(s->value, at, strlen(*f)),
                       "write \"strategy=host\", with \",policy=strict\" or "
                       "\",policy=relaxed\" behind it if wanted",
                       "\"%s\" is not an option of rdm; rdm is ignored", *f);
            return;
        }
    b->config->b_info.u.hvm.rdm = rdm;
}

void hvm_mca_caps(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);
    const struct cfg_node *item;

    if (!s)
        return;
    if (!value_is_list(s)) {
        build_refuse(b, 3, "not-a-list", build_value_pos(s),
                     "write mca_caps=[ \"lmce\" ]", "mca_caps takes a list");
        return;
    }
    for (unsigned i = 0; (item = value_item(b, s, i)); i++)
        if (!strcmp(item->text, "lmce"))
            b->config->b_info.u.hvm.mca_caps |= XEN_HVM_MCA_CAP_LMCE;
        else
            build_refuse(
                b, 3, "unknown-value", item->pos, "the only one is \"lmce\"",
                "\"%s\" is not a machine check capability", item->text);
}

static const libxl_enum_string_table vga_words[] = {
    { "stdvga", LIBXL_VGA_INTERFACE_TYPE_STD },
    { "cirrus", LIBXL_VGA_INTERFACE_TYPE_CIRRUS },
    { "none", LIBXL_VGA_INTERFACE_TYPE_NONE },
    { "qxl", LIBXL_VGA_INTERFACE_TYPE_QXL },
    { NULL, -1 },
};

void hvm_vga(struct dom_build *b, const struct key_row *row)
{
    libxl_vga_interface_type *kind = &b->config->b_info.u.hvm.vga.kind;
    const struct cfg_setting *s = value_atom(b, row->name);
    const struct cfg_setting *old = value_any(b, "stdvga");
    long number;
    int word;

    if (s) {
        g_autofree char *hint = words_hint(vga_words, s->value->text);
        if (words_find(vga_words, s->value->text, true, &word))
            *kind = (libxl_vga_interface_type)word;
        else
            build_refuse(b, 1, "unknown-value", build_value_pos(s), hint,
                         "\"%s\" is not a value of vga", s->value->text);
    } else if (old && value_long(b, "stdvga", false, &number)) {
        *kind = number ? LIBXL_VGA_INTERFACE_TYPE_STD
                       : LIBXL_VGA_INTERFACE_TYPE_CIRRUS;
        build_note(b, "deprecated", old->pos,
                   number ? "write vga=\"stdvga\"" : "write vga=\"cirrus\"",
                   "stdvga= is the old form of vga=");
    }
}

void hvm_gfx_passthru(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const struct cfg_setting *s = value_atom(b, row->name);
    long number;
    int kind;

    if (!s)
        return;
    if (value_long(b, row->name, true, &number)) {
        libxl_defbool_set(&info->u.hvm.gfx_passthru, number != 0);
    } else if (words_find(libxl_gfx_passthru_kind_string_table, s->value->text,
                          false, &kind)) {
        libxl_defbool_set(&info->u.hvm.gfx_passthru, true);
        info->u.hvm.gfx_passthru_kind = (libxl_gfx_passthru_kind)kind;
    } else {
        build_refuse(b, 1, "unknown-value", build_value_pos(s),
                     "write 0, 1, \"igd\" or \"default\"",
                     "\"%s\" is not a value of gfx_passthru", s->value->text);
    }
}
