/* Way A, in dom/: name, kind, identity and labels of a domain. */
#include <string.h>

#include "dom/build.h"

/* As the original compares type and builder: the value may be any beginning
 * of the word ("h" is hvm), even none. */
static bool begins(const char *word, const char *value)
{
    return !strncmp(value, word, strlen(value));
}

static void note_prefix(struct dom_build *b, const struct cfg_setting *s,
                        const char *word)
{
    if (strcmp(s->value->text, word)) {
        g_autofree char *hint = g_strdup_printf("write \"%s\"", word);
        build_warn(b, "shortened-value", build_value_pos(s), hint,
                   "%s=\"%s\" is taken as \"%s\"", s->name, s->value->text,
                   word);
    }
}

struct type_word {
    const char *word;
    libxl_domain_type type;
};

static libxl_domain_type read_type(struct dom_build *b, const char *key,
                                   const struct type_word *words,
                                   const char *hint)
{
    const struct cfg_setting *s = value_atom(b, key);

    if (!s)
        return LIBXL_DOMAIN_TYPE_INVALID;
    for (; words->word; words++)
        if (begins(words->word, s->value->text)) {
            note_prefix(b, s, words->word);
            return words->type;
        }
    build_refuse(b, 1, "unknown-value", build_value_pos(s), hint,
                 "\"%s\" is not a kind of guest", s->value->text);
    return LIBXL_DOMAIN_TYPE_INVALID;
}

static const struct type_word type_words[] = {
    { "hvm", LIBXL_DOMAIN_TYPE_HVM },
    { "pv", LIBXL_DOMAIN_TYPE_PV },
    { "pvh", LIBXL_DOMAIN_TYPE_PVH },
    { NULL, LIBXL_DOMAIN_TYPE_INVALID },
};
static const struct type_word builder_words[] = {
    { "hvm", LIBXL_DOMAIN_TYPE_HVM },
    { "generic", LIBXL_DOMAIN_TYPE_PV },
    { NULL, LIBXL_DOMAIN_TYPE_INVALID },
};

/* type= and its older form builder=; everything else depends on them. */
void domain_type(struct dom_build *b, const struct key_row *row)
{
    libxl_domain_type type =
        read_type(b, row->name, type_words, "write \"hvm\", \"pv\" or \"pvh\"");
    libxl_domain_type builder =
        read_type(b, "builder", builder_words,
                  "write type=\"hvm\", type=\"pv\" or type=\"pvh\"");

    if (builder != LIBXL_DOMAIN_TYPE_INVALID) {
        const struct cfg_setting *s = cfg_find(b->cfg, "builder");
        bool hvm = builder == LIBXL_DOMAIN_TYPE_HVM;
        if (type != LIBXL_DOMAIN_TYPE_INVALID && type != builder)
            build_refuse(b, 1, "contradiction", s->pos, "take builder= out",
                         "builder=\"%s\" contradicts type=\"%s\"",
                         s->value->text,
                         cfg_find(b->cfg, row->name)->value->text);
        else
            build_note(b, "deprecated", s->pos,
                       hvm ? "write type=\"hvm\"" : "write type=\"pv\"",
                       "builder= is the old form of type=");
        type = builder;
    }
    if (type == LIBXL_DOMAIN_TYPE_INVALID)
#if defined(__arm__) || defined(__aarch64__)
        type = LIBXL_DOMAIN_TYPE_PVH;
#else
        type = LIBXL_DOMAIN_TYPE_PV;
#endif
    b->config->c_info.type = type;
    libxl_domain_build_info_init_type(&b->config->b_info, type);
}

/* seclabel= names the running guest; init_seclabel= takes its place while the
 * guest is built, and then seclabel= is set afterwards. */
void domain_seclabel(struct dom_build *b, const struct key_row *row)
{
    const char *first = value_text(b, "init_seclabel");
    const char *label = value_text(b, row->name);

    if (first)
        value_replace(&b->config->c_info.ssid_label, first);
    if (label)
        value_replace(first ? &b->config->b_info.exec_ssid_label
                            : &b->config->c_info.ssid_label,
                      label);
}

void domain_name(struct dom_build *b, const struct key_row *row)
{
    const char *name = value_text(b, row->name);
    const struct cfg_setting *s = cfg_find(b->cfg, row->name);

    if (!name && b->unparsed)
        return;
    if (!name) {
        struct diag_pos file = { .file = b->cfg->file };
        build_refuse(b, 1, "no-name", s ? s->pos : file,
                     "add a line such as name=\"web1\"",
                     "the domain has no name");
        return;
    }
    value_replace(&b->config->c_info.name, name);
    if (!name[0])
        build_warn(b, "empty-name", build_value_pos(s), NULL,
                   "the domain's name is empty");
}

void domain_uuid(struct dom_build *b, const struct key_row *row)
{
    libxl_uuid *uuid = &b->config->c_info.uuid;
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        libxl_uuid_generate(uuid);
    else if (libxl_uuid_from_string(uuid, s->value->text))
        build_refuse(b, 1, "bad-uuid", build_value_pos(s),
                     "write five groups of hexadecimal digits, 8-4-4-4-12, "
                     "as uuidgen prints them",
                     "\"%s\" is not a UUID", s->value->text);
}
