/* Heads of tar members, as XVA archives use them (way B). */
#include <stdio.h>
#include <string.h>

#include "xva/parts.h"

/* POSIX.1-1988, "ustar": offsets and lengths of the fields that are used. */
enum {
    NAME_LEN = 100,
    MODE_AT = 100,
    UID_AT = 108,
    GID_AT = 116,
    SIZE_AT = 124,
    TIME_AT = 136,
    SUM_AT = 148,
    SUM_LEN = 8,
    TYPE_AT = 156,
    MAGIC_AT = 257,
    NUMBER_LEN = 12,
};

/* The sum of all bytes, those of the field itself taken as blanks. */
static unsigned sum_of(const uint8_t *block)
{
    unsigned sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++)
        sum += i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : block[i];
    return sum;
}

void xva_tar_format(uint8_t out[TAR_BLOCK], const char *name, uint64_t size)
{
    char *text = (char *)out;
    memset(out, 0, TAR_BLOCK);
    g_strlcpy(text, name, NAME_LEN);
    memcpy(text + MODE_AT, "0000600", 8);
    memcpy(text + UID_AT, "0000000", 8);
    memcpy(text + GID_AT, "0000000", 8);
    snprintf(text + SIZE_AT, NUMBER_LEN, "%011llo", (unsigned long long)size);
    memcpy(text + TIME_AT, "00000000000", NUMBER_LEN);
    text[TYPE_AT] = '0';
    memcpy(text + MAGIC_AT, "ustar\00000", 8);
    snprintf(text + SUM_AT, SUM_LEN, "%06o", sum_of(out));
    text[SUM_AT + SUM_LEN - 1] = ' ';
}

/* Octal digits, blanks and zeros around them. */
static bool number(const uint8_t *field, size_t len, uint64_t *out)
{
    size_t i = 0;
    *out = 0;
    while (i < len && field[i] == ' ')
        i++;
    size_t first = i;
    for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
        *out = *out << 3 | (uint64_t)(field[i] - '0');
    bool any = i > first;
    while (i < len && (field[i] == ' ' || field[i] == 0))
        i++;
    return any && i == len;
}

int xva_tar_parse(const uint8_t block[TAR_BLOCK], struct xva_tar_head *out)
{
    static const uint8_t zeros[TAR_BLOCK];
    uint64_t sum;
    char name[NAME_LEN + 1] = { 0 };
    *out = (struct xva_tar_head){ 0 };
    if (!memcmp(block, zeros, TAR_BLOCK))
        return 0;
    if (!number(block + SUM_AT, SUM_LEN, &sum) || sum != sum_of(block) ||
        !number(block + SIZE_AT, NUMBER_LEN, &out->size))
        return -1;
    char type = (char)block[TYPE_AT];
    out->folder = type == '5';
    if (type && type != '0' && !out->folder)
        return -1;
    memcpy(name, block, NAME_LEN);
    g_strlcpy(out->name, g_str_has_prefix(name, "./") ? name + 2 : name,
              sizeof(out->name));
    return 1;
}

size_t xva_tar_padding(uint64_t size)
{
    return (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}
