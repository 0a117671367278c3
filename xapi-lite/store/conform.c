/* Values from outside against the types of the model: exact form or a fault
 * (way B). */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "store/store.h"

static struct value *conform(const struct type *t, const struct value *v,
                             const char *name, struct fault *f);

static struct value *wrong_type(const char *name, struct fault *f)
{
    fault_set(f, "FIELD_TYPE_ERROR", name, NULL);
    return NULL;
}

static struct value *wrong_value(const char *name, const char *text,
                                 struct fault *f)
{
    fault_set(f, "INVALID_VALUE", name, text, NULL);
    return NULL;
}

static bool parse_int(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno || end == text || *end)
        return false;
    *out = n;
    return true;
}

static struct value *conform_int(const struct value *v, const char *name,
                                 struct fault *f)
{
    int64_t n;
    double d = value_get_double(v);
    if (value_get_type(v) == VALUE_INT)
        return value_int(value_get_int(v));
    if (value_get_type(v) == VALUE_DOUBLE && floor(d) == d && fabs(d) < 9e18)
        return value_int((int64_t)d);
    if (value_get_type(v) != VALUE_STRING)
        return wrong_type(name, f);
    if (!parse_int(value_get_string(v), &n))
        return wrong_value(name, value_get_string(v), f);
    return value_int(n);
}

static struct value *conform_float(const struct value *v, const char *name,
                                   struct fault *f)
{
    const char *text = value_get_string(v);
    if (value_get_type(v) == VALUE_INT || value_get_type(v) == VALUE_DOUBLE)
        return value_double(value_get_double(v));
    if (!text)
        return wrong_type(name, f);
    char *end;
    double d = g_ascii_strtod(text, &end);
    if (end == text || *end)
        return wrong_value(name, text, f);
    return value_double(d);
}

static struct value *conform_bool(const struct value *v, const char *name,
                                  struct fault *f)
{
    const char *text = value_get_string(v);
    if (value_get_type(v) == VALUE_BOOL)
        return value_bool(value_get_bool(v));
    if (!text)
        return wrong_type(name, f);
    if (!strcmp(text, "true") || !strcmp(text, "1"))
        return value_bool(true);
    if (!strcmp(text, "false") || !strcmp(text, "0"))
        return value_bool(false);
    return wrong_value(name, text, f);
}

static struct value *conform_datetime(const struct value *v, const char *name,
                                      struct fault *f)
{
    const char *text = value_get_string(v);
    int64_t when;
    char buf[32];
    if (!text)
        return wrong_type(name, f);
    if (!datetime_parse(text, &when))
        return wrong_value(name, text, f);
    datetime_format(buf, when);
    return value_datetime(buf);
}

static struct value *conform_text(const struct type *t, const struct value *v,
                                  const char *name, struct fault *f)
{
    const char *text = value_get_string(v);
    if (!text)
        return wrong_type(name, f);
    if (t->kind == TYPE_ENUM && type_word(t, text) < 0)
        return wrong_value(name, text, f);
    if (t->kind == TYPE_REF && (!*text || g_str_has_prefix(text, "Ref:")))
        text = REF_NULL;
    return value_string(text);
}

static struct value *conform_set(const struct type *t, const struct value *v,
                                 const char *name, struct fault *f)
{
    if (value_get_type(v) != VALUE_ARRAY)
        return wrong_type(name, f);
    VALUE_AUTO *set = value_array();
    for (size_t i = 0; i < value_count(v); i++) {
        struct value *item = conform(t->item, value_at(v, i), name, f);
        if (!item)
            return NULL;
        value_push(set, item);
    }
    return g_steal_pointer(&set);
}

static struct value *conform_map(const struct type *t, const struct value *v,
                                 const char *name, struct fault *f)
{
    if (value_get_type(v) != VALUE_OBJECT)
        return wrong_type(name, f);
    VALUE_AUTO *map = value_object();
    for (size_t i = 0; i < value_count(v); i++) {
        VALUE_AUTO *key = value_string(value_key_at(v, i));
        VALUE_AUTO *checked = conform(t->key, key, name, f);
        struct value *item =
            checked ? conform(t->item, value_item_at(v, i), name, f) : NULL;
        if (!item)
            return NULL;
        value_set(map, value_key_at(v, i), item);
    }
    return g_steal_pointer(&map);
}

static struct value *conform(const struct type *t, const struct value *v,
                             const char *name, struct fault *f)
{
    switch (t->kind) {
    case TYPE_INT:
        return conform_int(v, name, f);
    case TYPE_FLOAT:
        return conform_float(v, name, f);
    case TYPE_BOOL:
        return conform_bool(v, name, f);
    case TYPE_DATETIME:
        return conform_datetime(v, name, f);
    case TYPE_STRING:
    case TYPE_REF:
    case TYPE_ENUM:
        return conform_text(t, v, name, f);
    case TYPE_SET:
        return conform_set(t, v, name, f);
    case TYPE_MAP:
        return conform_map(t, v, name, f);
    case TYPE_RECORD: /* its fields are checked by who makes the object */
        return value_get_type(v) == VALUE_OBJECT ? value_copy(v)
                                                 : wrong_type(name, f);
    default:
        return value_copy(v);
    }
}

struct value *value_conform(const struct type *t, const struct value *v,
                            const char *name, struct fault *f)
{
    return conform(t, v, name, f);
}

/* "{a, b}" or "{"k" -> "v"}" of the rows; quotes around texts go. */
static struct value *parse_members(const struct type *t, const char *text)
{
    struct value *out = t->kind == TYPE_SET ? value_array() : value_object();
    g_autofree char *inner = g_strdup(text + 1);
    inner[strcspn(inner, "}")] = '\0';
    g_auto(GStrv) parts = g_strsplit(inner, ",", -1);
    for (int i = 0; parts[i]; i++) {
        g_autofree char *plain = g_strdup(g_strstrip(parts[i]));
        g_auto(GStrv) pair = g_strsplit(plain, " -> ", 2);
        for (int k = 0; pair[k]; k++) {
            size_t n = strlen(pair[k]);
            if (n > 1 && pair[k][0] == '"') {
                memmove(pair[k], pair[k] + 1, n - 2);
                pair[k][n - 2] = '\0';
            }
        }
        if (t->kind == TYPE_SET && *plain)
            value_push(out, value_of_default(t->item, pair[0]));
        else if (*plain)
            value_set(out, pair[0], value_of_default(t->item, pair[1]));
    }
    return out;
}

struct value *value_of_default(const struct type *t, const char *text)
{
    bool none = !text || !*text;
    switch (t->kind) {
    case TYPE_INT:
        return value_int(none ? 0 : g_ascii_strtoll(text, NULL, 10));
    case TYPE_FLOAT:
        return value_double(none ? 0 : g_ascii_strtod(text, NULL));
    case TYPE_BOOL:
        return value_bool(!none && !strcmp(text, "true"));
    case TYPE_DATETIME:
        return value_datetime(none ? "19700101T00:00:00Z" : text);
    case TYPE_REF:
        return value_string(none ? REF_NULL : text);
    case TYPE_ENUM:
        return value_string(none ? t->words[0] : text);
    case TYPE_SET:
    case TYPE_MAP:
        return none ? t->kind == TYPE_SET ? value_array() : value_object()
                    : parse_members(t, text);
    default:
        return value_string(none ? "" : text);
    }
}

void datetime_format(char *buf, int64_t unix_seconds)
{
    time_t when = unix_seconds;
    struct tm tm;
    if (!gmtime_r(&when, &tm) || tm.tm_year > 8099 || tm.tm_year < -1900)
        memset(&tm, 0, sizeof tm);
    g_snprintf(buf, 20, "%04d%02d%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
               tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool digits(const char **p, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (!g_ascii_isdigit(**p))
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

/* "Z", "+01:00", "-0130" or nothing. */
static bool parse_zone(const char *p, int *minutes)
{
    int h = 0, m = 0;
    *minutes = 0;
    if (!*p || !strcmp(p, "Z"))
        return true;
    int sign = *p == '+' ? 1 : *p == '-' ? -1 : 0;
    p++;
    if (!sign || !digits(&p, 2, &h))
        return false;
    p += *p == ':';
    if (*p && !digits(&p, 2, &m))
        return false;
    *minutes = sign * (h * 60 + m);
    return !*p;
}

bool datetime_parse(const char *p, int64_t *unix_seconds_out)
{
    struct tm tm = { 0 };
    int zone, year;
    if (!digits(&p, 4, &year))
        return false;
    p += *p == '-';
    if (!digits(&p, 2, &tm.tm_mon))
        return false;
    p += *p == '-';
    if (!digits(&p, 2, &tm.tm_mday) || (*p != 'T' && *p != ' '))
        return false;
    p++;
    if (!digits(&p, 2, &tm.tm_hour) || *p++ != ':' ||
        !digits(&p, 2, &tm.tm_min) || *p++ != ':' || !digits(&p, 2, &tm.tm_sec))
        return false;
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 24 || tm.tm_min > 59 || tm.tm_sec > 60 ||
        !parse_zone(p, &zone))
        return false;
    tm.tm_year = year - 1900;
    tm.tm_mon--;
    *unix_seconds_out = timegm(&tm) - zone * 60;
    return true;
}
