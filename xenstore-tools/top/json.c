/* The JSON output (way C, last arrow): the fields of sample.def, the rates, and
 * the columns of each domain. Pure. */
#include "top/json.h"

#include <math.h>

#include "base/value.h"
#include "top/text.h"

static struct value *json_U64(uint64_t n)
{
    return n > INT64_MAX ? value_null() : value_int((int64_t)n);
}

static struct value *json_I64(int64_t n)
{
    return n < 0 ? value_null() : value_int(n);
}

static struct value *json_BOOL(bool b)
{
    return value_bool(b);
}

static struct value *json_TEXT(const char *text)
{
    return value_string(text);
}

/* Two decimals are what a rate can tell. */
static struct value *rate_value(double x)
{
    return value_double(round(x * 100) / 100);
}

#define PUT(type, name, meaning) value_set(o, #name, json_##type(x->name));

static struct value *host_json(const struct sample *s, const struct rates *r)
{
    const struct host *x = &s->host;
    struct value *o = value_object();
#define HOST PUT
#include "top/sample.def"
#undef HOST
    value_set(o, "cpu_percent", rate_value(r->host_cpu));
    value_set(o, "dom0_steal_percent",
              r->dom0_steal < 0 ? value_null() : rate_value(r->dom0_steal));
    return o;
}

static struct value *pcpu_json(const struct pcpu *x, double percent)
{
    struct value *o = value_object();
#define PCPU PUT
#include "top/sample.def"
#undef PCPU
    value_set(o, "percent", rate_value(percent));
    return o;
}

static struct value *vcpu_json(const struct vcpu *x, double percent)
{
    struct value *o = value_object();
#define VCPU PUT
#include "top/sample.def"
#undef VCPU
    value_set(o, "percent", rate_value(percent));
    return o;
}

static struct value *net_json(const struct net *x, const struct rate_net *r)
{
    struct value *o = value_object();
#define NET PUT
#include "top/sample.def"
#undef NET
    value_set(o, "rx_bytes_per_second", rate_value(r->rx_bytes));
    value_set(o, "tx_bytes_per_second", rate_value(r->tx_bytes));
    value_set(o, "rx_packets_per_second", rate_value(r->rx_packets));
    value_set(o, "tx_packets_per_second", rate_value(r->tx_packets));
    return o;
}

static struct value *vbd_json(const struct vbd *x, const struct rate_vbd *r)
{
    struct value *o = value_object();
#define VBD PUT
#include "top/sample.def"
#undef VBD
    value_set(o, "driver", value_string(text_vbd_kind(x)));
    value_set(o, "rd_bytes_per_second", rate_value(r->rd_bytes));
    value_set(o, "wr_bytes_per_second", rate_value(r->wr_bytes));
    value_set(o, "rd_reqs_per_second", rate_value(r->rd_reqs));
    value_set(o, "wr_reqs_per_second", rate_value(r->wr_reqs));
    return o;
}

static struct value *cell_json(struct cell c)
{
    switch (c.kind) {
    case CELL_TEXT:
        return value_string(c.text);
    case CELL_INT:
        return json_U64(c.n);
    case CELL_REAL:
        return rate_value(c.x);
    case CELL_NONE:
        break;
    }
    return value_null();
}

static struct value *domain_json(const struct row *row)
{
    const struct domain *x = row->domain;
    const struct sample *s = row->sample;
    const struct rates *r = row->rates;
    struct value *o = value_object();
#define DOMAIN PUT
#include "top/sample.def"
#undef DOMAIN
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (i != COLUMN_NAME || x->name)
            value_set(o, columns[i].json, cell_json(columns[i].get(row)));
    struct value *vcpus = value_array(), *nets = value_array(),
                 *vbds = value_array();
    for (guint i = 0; i < x->vcpu.count; i++)
        value_push(vcpus, vcpu_json(sample_vcpu(s, x, i),
                                    rate_vcpu(r, x->vcpu.first + i)));
    for (guint i = 0; i < x->net.count; i++)
        value_push(
            nets, net_json(sample_net(s, x, i), rate_net(r, x->net.first + i)));
    for (guint i = 0; i < x->vbd.count; i++)
        value_push(
            vbds, vbd_json(sample_vbd(s, x, i), rate_vbd(r, x->vbd.first + i)));
    value_set(o, "vcpus", vcpus);
    value_set(o, "nets", nets);
    value_set(o, "vbds", vbds);
    return o;
}

/* DEL and the C1 controls are legal in JSON but can drive a terminal. */
static void append_safely(GString *out, const GString *json)
{
    for (const char *p = json->str; *p; p++) {
        if ((guchar)p[0] == 0xc2 && (guchar)p[1] >= 0x80 && (guchar)p[1] < 0xa0)
            g_string_append_printf(out, "\\u%04x", (guchar) * ++p);
        else if (*p == 0x7f)
            g_string_append(out, "\\u007f");
        else
            g_string_append_c(out, *p);
    }
}

void json_render(GString *out, const struct sample *s, const struct rates *r,
                 GArray *rows)
{
    VALUE_AUTO *o = value_object();
    struct value *pcpus = value_array(), *domains = value_array();
    value_set(o, "time", value_double((double)s->host.time_ns / 1e9));
    value_set(o, "seconds", value_double(r->seconds));
    value_set(o, "host", host_json(s, r));
    for (guint i = 0; i < s->pcpus->len; i++)
        value_push(pcpus, pcpu_json(&g_array_index(s->pcpus, struct pcpu, i),
                                    rate_pcpu(r, i)));
    for (guint i = 0; i < rows->len; i++)
        value_push(domains, domain_json(&g_array_index(rows, struct row, i)));
    value_set(o, "pcpus", pcpus);
    value_set(o, "domains", domains);
    g_autoptr(GString) json = g_string_new(NULL);
    value_json_format(json, o, false);
    append_safely(out, json);
    g_string_append_c(out, '\n');
}
