/* Way A, in dom/: cpuid=, features shown to or hidden from the guest. */
#include <string.h>

#include "dom/build.h"

/* libxl_cpuid_parse_config's answers (libxl_cpuid.c). */
static const char *flag_error(int answer)
{
    switch (answer) {
    case 1:
        return "it has no \"=value\"";
    case 2:
        return "there is no such flag";
    case 3:
        return "the value is none of 0, 1, x, k, s";
    default:
        return "it is not understood";
    }
}

/* libxl_cpuid_parse_config_xend's answers. */
static const char *leaf_error(int answer)
{
    static const char *const words[] = {
        [1] = "the leaf is not a number",
        [2] = "the sub-leaf is not a number",
        [3] = "there is no \":\" behind the leaf",
        [4] = "the register is none of eax, ebx, ecx, edx",
        [5] = "a policy has exactly 32 characters",
    };

    if (answer > 0 && answer < (int)G_N_ELEMENTS(words))
        return words[answer];
    return "it is not understood";
}

/* "host,flag=value,..." */
static void read_flags(struct dom_build *b, const struct cfg_node *node)
{
    libxl_cpuid_policy_list *list = &b->config->b_info.cpuid;
    g_auto(GStrv) parts = g_strsplit(node->text, ",", -1);
    bool first = true;
    size_t at = 0;

    for (char **p = parts; *p; at += strlen(*p) + 1, p++) {
        struct diag_pos pos = cfg_node_pos(node, at, strlen(*p));
        if (!**p)
            continue;
        if (first && strcmp(*p, "host")) {
            build_warn(b, "bad-cpuid", pos,
                       "write cpuid=\"host,flag=0,other=1\"",
                       "cpuid begins with \"host\", not with \"%s\"; it is "
                       "ignored",
                       *p);
            return;
        }
        int answer = first ? 0 : libxl_cpuid_parse_config(list, *p);
        if (answer)
            build_warn(b, "bad-cpuid", pos, NULL,
                       "\"%s\" in cpuid is ignored: %s", *p,
                       flag_error(answer));
        first = false;
    }
}

void cpuid_set(struct dom_build *b, const struct key_row *row)
{
    libxl_cpuid_policy_list *list = &b->config->b_info.cpuid;
    const struct cfg_setting *s = value_any(b, row->name);
    const struct cfg_node *item;

    if (!s)
        return;
    if (!value_is_list(s)) {
        read_flags(b, s->value);
        return;
    }
    for (unsigned i = 0; (item = value_item(b, s, i)); i++) {
        int answer = libxl_cpuid_parse_config_xend(list, item->text);
        if (answer)
            build_warn(b, "bad-cpuid", item->pos,
                       "write \"LEAF[,SUBLEAF]:eax=...\" with 32 of "
                       "0, 1, x, k, s",
                       "\"%s\" in cpuid is ignored: %s", item->text,
                       leaf_error(answer));
    }
}
