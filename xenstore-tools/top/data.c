/* Memory of a sample (way C: between every two arrows). */
#include "top/sample.h"

struct sample *sample_new(void)
{
    struct sample *s = g_new0(struct sample, 1);
    s->pcpus = g_array_new(FALSE, TRUE, sizeof(struct pcpu));
    s->domains = g_array_new(FALSE, TRUE, sizeof(struct domain));
    s->vcpus = g_array_new(FALSE, TRUE, sizeof(struct vcpu));
    s->nets = g_array_new(FALSE, TRUE, sizeof(struct net));
    s->vbds = g_array_new(FALSE, TRUE, sizeof(struct vbd));
    s->text = g_string_chunk_new(4096);
    sample_reset(s);
    return s;
}

void sample_free(struct sample *s)
{
    if (!s)
        return;
    g_array_free(s->pcpus, TRUE);
    g_array_free(s->domains, TRUE);
    g_array_free(s->vcpus, TRUE);
    g_array_free(s->nets, TRUE);
    g_array_free(s->vbds, TRUE);
    g_string_chunk_free(s->text);
    g_free(s);
}

#define UNKNOWN_U64(name)
#define UNKNOWN_BOOL(name)
#define UNKNOWN_TEXT(name)
#define UNKNOWN_I64(name) x->name = -1;
#define UNKNOWN(type, name, meaning) UNKNOWN_##type(name)

void sample_reset(struct sample *s)
{
    g_array_set_size(s->pcpus, 0);
    g_array_set_size(s->domains, 0);
    g_array_set_size(s->vcpus, 0);
    g_array_set_size(s->nets, 0);
    g_array_set_size(s->vbds, 0);
    g_string_chunk_clear(s->text);
    s->host = (struct host){ 0 };
    struct host *x = &s->host;
#define HOST UNKNOWN
#include "top/sample.def"
#undef HOST
}

const char *sample_text(struct sample *s, const char *text)
{
    return text ? g_string_chunk_insert(s->text, text) : NULL;
}

static gpointer grow(GArray *array)
{
    g_array_set_size(array, array->len + 1);
    return array->data +
           (gsize)(array->len - 1) * g_array_get_element_size(array);
}

struct domain *sample_add_domain(struct sample *s, uint64_t id)
{
    struct domain *x = grow(s->domains);
#define DOMAIN UNKNOWN
#include "top/sample.def"
#undef DOMAIN
    x->id = id;
    return x;
}

struct vcpu *sample_add_vcpu(struct sample *s)
{
    return grow(s->vcpus);
}

struct net *sample_add_net(struct sample *s)
{
    struct net *x = grow(s->nets);
#define NET UNKNOWN
#include "top/sample.def"
#undef NET
    return x;
}

struct vbd *sample_add_vbd(struct sample *s)
{
    struct vbd *x = grow(s->vbds);
#define VBD UNKNOWN
#include "top/sample.def"
#undef VBD
    return x;
}

struct pcpu *sample_add_pcpu(struct sample *s)
{
    return grow(s->pcpus);
}

struct domain *sample_find(const struct sample *s, uint64_t id)
{
    guint low = 0, high = s->domains->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        struct domain *d = sample_domain(s, middle);
        if (d->id == id)
            return d;
        if (d->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
