/* A sample as one line of JSON and back (way C: stands in for sample.c).
 * The fields are the rows of sample.def. Pure. */
#include "top/replay.h"

#include "base/value.h"

enum { VERSION = 1 };

static void put_U64(struct value *o, const char *key, uint64_t n)
{
    if (n > INT64_MAX) /* beyond what JSON numbers hold exactly */
        value_set(o, key, value_printf("%" G_GUINT64_FORMAT, n));
    else if (n)
        value_set(o, key, value_int((int64_t)n));
}

static void put_I64(struct value *o, const char *key, int64_t n)
{
    if (n >= 0)
        value_set(o, key, value_int(n));
}

static void put_BOOL(struct value *o, const char *key, bool b)
{
    if (b)
        value_set(o, key, value_bool(true));
}

/* A byte that is no UTF-8 is kept as U+FFFD by the JSON writer. */
static void put_TEXT(struct value *o, const char *key, const char *text)
{
    if (text)
        value_set(o, key, value_string(text));
}

static void get_U64(struct sample *s, const struct value *o, const char *key,
                    uint64_t *out)
{
    (void)s;
    const struct value *v = value_find(o, key);
    const char *text = value_get_string(v);
    int64_t n = value_get_int(v);
    if (text)
        *out = g_ascii_strtoull(text, NULL, 10);
    else
        *out = n > 0 ? (uint64_t)n : 0;
}

static void get_I64(struct sample *s, const struct value *o, const char *key,
                    int64_t *out)
{
    (void)s;
    const struct value *v = value_find(o, key);
    int64_t n = value_get_int(v);
    *out = v && n >= 0 ? n : -1;
}

static void get_BOOL(struct sample *s, const struct value *o, const char *key,
                     bool *out)
{
    (void)s;
    *out = value_get_bool(value_find(o, key));
}

static void get_TEXT(struct sample *s, const struct value *o, const char *key,
                     const char **out)
{
    *out = sample_text(s, value_get_string(value_find(o, key)));
}

#define PUT(type, name, meaning) put_##type(o, #name, x->name);
#define GET(type, name, meaning) get_##type(s, o, #name, &x->name);

/* The rows of sample.def fill the bodies. */
static struct value *put_host(const struct host *x)
{
    struct value *o = value_object();
#define HOST PUT
#include "top/sample.def"
#undef HOST
    return o;
}

static void get_host(struct sample *s, const struct value *o, struct host *x)
{
#define HOST GET
#include "top/sample.def"
#undef HOST
}

static struct value *put_pcpu(const struct pcpu *x)
{
    struct value *o = value_object();
#define PCPU PUT
#include "top/sample.def"
#undef PCPU
    return o;
}

static void get_pcpu(struct sample *s, const struct value *o)
{
    struct pcpu *x = sample_add_pcpu(s);
#define PCPU GET
#include "top/sample.def"
#undef PCPU
}

static struct value *put_vcpu(const struct vcpu *x)
{
    struct value *o = value_object();
#define VCPU PUT
#include "top/sample.def"
#undef VCPU
    return o;
}

static void get_vcpu(struct sample *s, const struct value *o)
{
    struct vcpu *x = sample_add_vcpu(s);
#define VCPU GET
#include "top/sample.def"
#undef VCPU
}

static struct value *put_net(const struct net *x)
{
    struct value *o = value_object();
#define NET PUT
#include "top/sample.def"
#undef NET
    return o;
}

static void get_net(struct sample *s, const struct value *o)
{
    struct net *x = sample_add_net(s);
#define NET GET
#include "top/sample.def"
#undef NET
}

static struct value *put_vbd(const struct vbd *x)
{
    struct value *o = value_object();
#define VBD PUT
#include "top/sample.def"
#undef VBD
    return o;
}

static void get_vbd(struct sample *s, const struct value *o)
{
    struct vbd *x = sample_add_vbd(s);
#define VBD GET
#include "top/sample.def"
#undef VBD
}

/* An object's device list under its key; nothing when there is no device. */
#define PUT_STRETCH(o, s, d, kind)                                             \
    do {                                                                       \
        struct value *list_ = value_array();                                   \
        for (guint i_ = 0; i_ < (d)->kind.count; i_++)                         \
            value_push(list_, put_##kind(sample_##kind((s), (d), i_)));        \
        if (value_count(list_))                                                \
            value_set((o), #kind "s", list_);                                  \
        else                                                                   \
            value_free(list_);                                                 \
    } while (0)

static struct value *put_domain(const struct sample *s, const struct domain *x)
{
    struct value *o = value_object();
#define DOMAIN PUT
#include "top/sample.def"
#undef DOMAIN
    PUT_STRETCH(o, s, x, vcpu);
    PUT_STRETCH(o, s, x, net);
    PUT_STRETCH(o, s, x, vbd);
    return o;
}

static guint each(struct sample *s, const struct value *list,
                  void (*get)(struct sample *s, const struct value *o))
{
    guint n = (guint)value_count(list);
    for (guint i = 0; i < n; i++)
        get(s, value_at(list, i));
    return n;
}

static int get_domain(struct sample *s, const struct value *o, struct err *err)
{
    uint64_t id = 0;
    get_U64(s, o, "id", &id);
    if (s->domains->len && sample_domain(s, s->domains->len - 1)->id >= id)
        return err_set(err, ERR_CONFIG,
                       "domain %" G_GUINT64_FORMAT
                       " is not above the domain before it",
                       id);
    struct domain *x = sample_add_domain(s, id);
#define DOMAIN GET
#include "top/sample.def"
#undef DOMAIN
    x->vcpu.first = s->vcpus->len;
    x->vcpu.count = each(s, value_find(o, "vcpus"), get_vcpu);
    x->net.first = s->nets->len;
    x->net.count = each(s, value_find(o, "nets"), get_net);
    x->vbd.first = s->vbds->len;
    x->vbd.count = each(s, value_find(o, "vbds"), get_vbd);
    return 0;
}

void replay_format(GString *out, const struct sample *s)
{
    VALUE_AUTO *o = value_object();
    value_set(o, "xentop", value_int(VERSION));
    value_set(o, "host", put_host(&s->host));
    struct value *pcpus = value_array(), *domains = value_array();
    for (guint i = 0; i < s->pcpus->len; i++)
        value_push(pcpus, put_pcpu(&g_array_index(s->pcpus, struct pcpu, i)));
    for (guint i = 0; i < s->domains->len; i++)
        value_push(domains, put_domain(s, sample_domain(s, i)));
    value_set(o, "pcpus", pcpus);
    value_set(o, "domains", domains);
    value_json_format(out, o, false);
    g_string_append_c(out, '\n');
}

int replay_parse(struct sample *s, const char *line, size_t len,
                 struct err *err)
{
    sample_reset(s);
    VALUE_AUTO *o = value_json_parse(line, len, err);
    if (!o)
        return -1;
    if (value_get_int(value_find(o, "xentop")) != VERSION)
        return err_set(err, ERR_CONFIG,
                       "this is no record of xentop: the key \"xentop\" "
                       "with the value %d is not there",
                       VERSION);
    get_host(s, value_find(o, "host"), &s->host);
    each(s, value_find(o, "pcpus"), get_pcpu);
    const struct value *domains = value_find(o, "domains");
    for (size_t i = 0; i < value_count(domains); i++)
        if (get_domain(s, value_at(domains, i), err))
            return -1;
    return 0;
}
