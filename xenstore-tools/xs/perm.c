/* Permissions as letters, as words and as JSON. */
#include "xs/perm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Domain ids end below the reserved range: DOMID_FIRST_RESERVED in
 * xen/xen.h. */
enum { DOMID_END = 0x7ff0 };

static const struct {
    char letter;
    const char *access, *may;
} words[] = {
    { 'n', "none", "have no access" },
    { 'r', "read", "read" },
    { 'w', "write", "write" },
    { 'b', "both", "read and write" },
};

size_t perm_parse(const char *text, char *out)
{
    const char *digits = text + 1;
    unsigned long id;

    if (!*text || !strchr("rwbn", *text))
        return 0;
    if (strspn(digits, "0123456789") != strlen(digits) || strlen(digits) > 5)
        return 0;
    id = strtoul(digits, NULL, 10);
    if (id >= DOMID_END)
        return 0;
    return (size_t)snprintf(out, 16, "%c%lu", *text, id) + 1;
}

/* Calls show for each entry. */
static void each(struct out *o, const char *perms, size_t len,
                 void (*show)(struct out *o, const char *perm, bool first))
{
    for (size_t at = 0; at < len; at += strnlen(perms + at, len - at) + 1)
        show(o, perms + at, at == 0);
}

static void show_short(struct out *o, const char *perm, bool first)
{
    if (!first)
        out_char(o, ',');
    out_raw(o, perm, strlen(perm));
}

static int word_of(const char *perm)
{
    for (int i = 0; i < 4; i++)
        if (words[i].letter == *perm)
            return i;
    return 0;
}

static void show_words(struct out *o, const char *perm, bool first)
{
    out_text(o, first ? "owner domain " : "; domain ");
    out_raw(o, perm + 1, strlen(perm + 1));
    if (first && *perm == 'n')
        out_text(o, ", others have no access");
    else if (!first && *perm == 'n')
        out_text(o, " has no access");
    else {
        out_text(o, first ? ", others may " : " may ");
        out_text(o, words[word_of(perm)].may);
    }
}

static void show_json(struct out *o, const char *perm, bool first)
{
    if (!first)
        out_char(o, ',');
    out_text(o, "{\"domid\":");
    out_number(o, strtoul(perm + 1, NULL, 10));
    out_text(o, ",\"access\":\"");
    out_text(o, words[word_of(perm)].access);
    out_text(o, "\"}");
}

void perm_print_short(struct out *o, const char *perms, size_t len)
{
    out_char(o, '(');
    each(o, perms, len, show_short);
    out_char(o, ')');
}

void perm_print_words(struct out *o, const char *perms, size_t len)
{
    out_char(o, '(');
    each(o, perms, len, show_words);
    out_char(o, ')');
}

void perm_print_json(struct out *o, const char *perms, size_t len)
{
    out_char(o, '[');
    each(o, perms, len, show_json);
    out_char(o, ']');
}
