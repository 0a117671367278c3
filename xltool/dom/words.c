/* Way A, in dom/: the words an enumeration key takes, from libxl's own tables
 * (or a table of ours where the config language has other names). */
#include <string.h>

#include "dom/build.h"

bool words_find(const libxl_enum_string_table *words, const char *text,
                bool exact, int *value_out)
{
    for (; words->s; words++)
        if (exact ? !strcmp(words->s, text)
                  : !g_ascii_strcasecmp(words->s, text)) {
            *value_out = words->v;
            return true;
        }
    return false;
}

const char *words_name(const libxl_enum_string_table *words, int value)
{
    for (; words->s; words++)
        if (words->v == value)
            return words->s;
    return NULL;
}

char *words_hint(const libxl_enum_string_table *words, const char *text)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (; words->s; words++)
        if (strcmp(words->s, "unknown"))
            g_ptr_array_add(names, (gpointer)words->s);
    g_ptr_array_add(names, NULL);
    const char *const *list = (const char *const *)names->pdata;
    const char *nearest = text[0] ? diag_nearest(text, list) : NULL;
    if (nearest)
        return g_strdup_printf("did you mean \"%s\"?", nearest);
    g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
    return g_strdup_printf("write one of: %s", all);
}
