/* The head of a saved domain, read and written (way A, for save, restore and
 * migration). */
#include "op/savefile.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char magic[32] = "Xen saved domain, xl format\n \0 \r";

enum { BYTE_ORDER_MARK = 0x01020304, DATA_MAX = 16 << 20 };

static void append_u32(GString *out, uint32_t n)
{
    g_string_append_len(out, (const char *)&n, sizeof(n));
}

void savefile_format(GString *out, const char *config_json)
{
    uint32_t len = (uint32_t)strlen(config_json);
    g_string_append_len(out, magic, sizeof(magic));
    append_u32(out, BYTE_ORDER_MARK);
    append_u32(out, SAVEFILE_JSON | SAVEFILE_V2);
    append_u32(out, 0);
    append_u32(out, len + sizeof(len));
    append_u32(out, len);
    g_string_append_len(out, config_json, len);
}

int savefile_parse_head(const void *head, const char *source,
                        struct savefile *s_out, uint32_t *data_len_out,
                        struct err *err)
{
    uint32_t words[4];
    *s_out = (struct savefile){ 0 };
    memcpy(words, (const char *)head + sizeof(magic), sizeof(words));
    if (memcmp(head, magic, sizeof(magic)))
        return err_set(err, ERR_CONFIG, "%s is not a domain that xl has saved",
                       source);
    if (words[0] != BYTE_ORDER_MARK)
        return err_set(err, ERR_CONFIG,
                       "%s was saved on a machine with another byte order",
                       source);
    if (words[1] & ~(uint32_t)(SAVEFILE_JSON | SAVEFILE_V2))
        return err_set(err, ERR_CONFIG,
                       "%s needs features 0x%x that only a newer xl knows",
                       source, words[1]);
    if (words[3] > DATA_MAX)
        return err_set(err, ERR_CONFIG, "%s has a damaged head", source);
    s_out->mandatory = words[1];
    s_out->optional = words[2];
    *data_len_out = words[3];
    return 0;
}

int savefile_parse_data(const void *data, uint32_t len, const char *source,
                        struct savefile *s, struct err *err)
{
    uint32_t config_len;
    if (len < sizeof(config_len))
        return 0; /* without a configuration: the user must give one */
    memcpy(&config_len, data, sizeof(config_len));
    if (config_len > len - sizeof(config_len))
        return err_set(err, ERR_CONFIG, "%s has a damaged head", source);
    s->config = g_strndup((const char *)data + sizeof(config_len), config_len);
    s->config_len = config_len;
    return 0;
}

static int read_all(int fd, void *buffer, size_t len, const char *source,
                    struct err *err)
{
    for (size_t got = 0; got < len;) {
        ssize_t n = read(fd, (char *)buffer + got, len - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot read %s", source);
        if (n == 0)
            return err_set(err, ERR_CONFIG, "%s ends too early", source);
        got += (size_t)n;
    }
    return 0;
}

int savefile_read(int fd, const char *source, struct savefile *s_out,
                  struct err *err)
{
    char head[SAVEFILE_HEAD];
    uint32_t len;
    *s_out = (struct savefile){ 0 };
    if (read_all(fd, head, sizeof(head), source, err) ||
        savefile_parse_head(head, source, s_out, &len, err))
        return -1;
    g_autofree char *data = g_malloc(len + 1);
    if (read_all(fd, data, len, source, err))
        return -1;
    return savefile_parse_data(data, len, source, s_out, err);
}

void savefile_dispose(struct savefile *s)
{
    g_free(s->config);
    *s = (struct savefile){ 0 };
}
