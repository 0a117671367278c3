/* The getters of columns.def, and what rows can do: sort, filter, become text
 * (way C, third arrow). Pure. */
#include "top/columns.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "top/safe.h"

static struct cell number(uint64_t n)
{
    return (struct cell){ .kind = CELL_INT, .n = n };
}

static struct cell real(double x)
{
    return (struct cell){ .kind = CELL_REAL, .x = x };
}

static struct cell word(const char *text)
{
    if (!text)
        return (struct cell){ .kind = CELL_NONE, .text = "-" };
    return (struct cell){ .kind = CELL_TEXT, .text = text };
}

static struct cell none(const char *shown)
{
    return (struct cell){ .kind = CELL_NONE, .text = shown };
}

/* -1 stands for "not known" in a sample. */
static struct cell known(int64_t n)
{
    return n < 0 ? none("-") : number((uint64_t)n);
}

static struct cell per_s(double x)
{
    return number((uint64_t)(x + 0.5));
}

static struct cell part_of_host(const struct row *r, uint64_t bytes)
{
    uint64_t all = r->sample->host.total_bytes;
    return real(all ? (double)bytes / (double)all * 100.0 : 0);
}

static struct cell disk_total(const struct row *r, uint64_t n)
{
    return r->total.unreadable ? none("-") : number(n);
}

#define GET(id) static struct cell column_##id(const struct row *r)
#define GET_NUMBER(id, expression)                                             \
    GET(id)                                                                    \
    {                                                                          \
        return expression;                                                     \
    }

GET(NAME)
{
    return word(r->domain->name ? r->domain->name : "(null)");
}

/* All states share 64 texts, so that a cell need not own one. */
GET(STATE)
{
    static char texts[64][7];
    const struct domain *d = r->domain;
    unsigned i = d->dying | d->shutdown << 1 | d->blocked << 2 |
                 d->crashed << 3 | d->paused << 4 | d->running << 5;
    column_state(d, texts[i]);
    return word(texts[i]);
}

GET(MAXMEM)
{
    uint64_t max = r->domain->max_bytes;
    return max == UINT64_MAX ? none("no limit") : number(max);
}

GET(MAXMEM_PCT)
{
    uint64_t max = r->domain->max_bytes;
    return max == UINT64_MAX ? none("n/a") : part_of_host(r, max);
}

GET(UPTIME)
{
    int64_t now = r->sample->host.time_ns / 1000000000;
    int64_t start = r->domain->start_time;
    return start < 0 || start > now ? none("-")
                                    : number((uint64_t)(now - start));
}

GET(RUNNABLE)
{
    if (!r->domain->vcpu.count)
        return none("-");
    uint64_t n = 0;
    for (guint i = 0; i < r->domain->vcpu.count; i++) {
        const struct vcpu *v = sample_vcpu(r->sample, r->domain, i);
        n += v->online && !v->running && !v->blocked;
    }
    return number(n);
}

GET_NUMBER(CPU_SEC, number(r->domain->cpu_ns))
GET_NUMBER(CPU_PCT, real(r->rate->cpu))
GET_NUMBER(MEM, number(r->domain->memory_bytes))
GET_NUMBER(MEM_PCT, part_of_host(r, r->domain->memory_bytes))
GET_NUMBER(VCPUS, number(r->domain->vcpus_max))
GET_NUMBER(NETS, number(r->total.nets))
GET_NUMBER(NETTX, number(r->total.tx))
GET_NUMBER(NETRX, number(r->total.rx))
GET_NUMBER(VBDS, number(r->total.vbds))
GET_NUMBER(VBD_OO, disk_total(r, r->total.oo))
GET_NUMBER(VBD_RD, disk_total(r, r->total.rd))
GET_NUMBER(VBD_WR, disk_total(r, r->total.wr))
GET_NUMBER(VBD_RSECT, disk_total(r, r->total.rsect))
GET_NUMBER(VBD_WSECT, disk_total(r, r->total.wsect))
GET_NUMBER(SSID, number(r->domain->ssid))
GET_NUMBER(ID, number(r->domain->id))
GET_NUMBER(NETTX_S, per_s(r->rate->net.tx_bytes))
GET_NUMBER(NETRX_S, per_s(r->rate->net.rx_bytes))
GET_NUMBER(RD_S, per_s(r->rate->vbd.rd_bytes))
GET_NUMBER(WR_S, per_s(r->rate->vbd.wr_bytes))
GET_NUMBER(RD_REQ_S, per_s(r->rate->vbd.rd_reqs))
GET_NUMBER(WR_REQ_S, per_s(r->rate->vbd.wr_reqs))
GET_NUMBER(TARGET, known(r->domain->target_bytes))
GET_NUMBER(ONLINE, number(r->domain->vcpus_online))
GET_NUMBER(CLAIMED, number(r->domain->outstanding_bytes))
GET_NUMBER(SHARED, number(r->domain->shared_bytes))
GET_NUMBER(PAGED, number(r->domain->paged_bytes))
GET_NUMBER(AGENT, known(r->domain->agent_free_bytes))
GET_NUMBER(POOL, number(r->domain->cpupool))
GET_NUMBER(KIND, word(r->domain->kind))
GET_NUMBER(UUID, word(r->domain->uuid))

const struct column columns[COLUMN_COUNT] = {
#define C(id, head, width, form, unit, screen, json, type, metric, meaning)    \
    { #id,  head,          width,  FORM_##form, UNIT_##unit, screen,           \
      json, METRIC_##type, metric, meaning,     column_##id },
#include "top/columns.def"
#undef C
};

void column_state(const struct domain *d, char out[7])
{
    const char letters[7] = "dsbcpr";
    const bool on[6] = { d->dying,   d->shutdown, d->blocked,
                         d->crashed, d->paused,   d->running };
    for (int i = 0; i < 6; i++)
        out[i] = on[i] ? letters[i] : '-';
    out[6] = '\0';
}

static void add_devices(struct row *r)
{
    struct totals *t = &r->total;
    bool readable = false;
    for (guint i = 0; i < r->domain->net.count; i++) {
        const struct net *n = sample_net(r->sample, r->domain, i);
        if (!n->ifname)
            continue;
        t->nets++;
        t->tx += n->tx_bytes;
        t->rx += n->rx_bytes;
    }
    for (guint i = 0; i < r->domain->vbd.count; i++) {
        const struct vbd *v = sample_vbd(r->sample, r->domain, i);
        if (!v->counted)
            continue;
        t->vbds++;
        if (v->error)
            continue;
        readable = true;
        t->oo += v->oo_reqs;
        t->rd += v->rd_reqs;
        t->wr += v->wr_reqs;
        t->rsect += v->rd_sects;
        t->wsect += v->wr_sects;
    }
    t->unreadable = t->vbds && !readable;
}

GArray *column_rows(const struct sample *s, const struct rates *r)
{
    GArray *rows =
        g_array_sized_new(FALSE, TRUE, sizeof(struct row), s->domains->len);
    for (guint i = 0; i < s->domains->len; i++) {
        struct row row = { .sample = s,
                           .rates = r,
                           .domain = sample_domain(s, i),
                           .rate = rate_domain(r, i) };
        add_devices(&row);
        g_array_append_val(rows, row);
    }
    return rows;
}

static double as_real(struct cell c)
{
    return c.kind == CELL_INT ? (double)c.n : c.kind == CELL_REAL ? c.x : -1;
}

static int compare(struct cell a, struct cell b)
{
    if (a.kind == CELL_TEXT && b.kind == CELL_TEXT)
        return strcasecmp(a.text, b.text);
    double x = as_real(a), y = as_real(b);
    return (x < y) - (x > y);
}

struct order {
    const struct column *by;
    int sign;
};

static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct order *o = data;
    return o->sign * compare(o->by->get(a), o->by->get(b));
}

void column_sort(GArray *rows, enum column_id by, bool reverse)
{
    struct order o = { &columns[by], reverse ? -1 : 1 };

    /* both are stable: rows that are equal keep their order */
#if GLIB_CHECK_VERSION(2, 82, 0)
    g_sort_array(rows->data, rows->len, sizeof(struct row), compare_rows, &o);
#else
    g_qsort_with_data(rows->data, (gint)rows->len, sizeof(struct row),
                      compare_rows, &o);
#endif
}

enum column_id column_find(const char *word_given)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (!strcasecmp(word_given, columns[i].id) ||
            !strcasecmp(word_given, columns[i].head))
            return i;
    return COLUMN_COUNT;
}

/* Fewer letters of an uuid are in most uuids. */
enum { UUID_PART = 4 };

static bool holds(const struct domain *d, const char *text)
{
    char id[24];
    g_snprintf(id, sizeof id, "%" PRIu64, d->id);
    return !strcmp(id, text) || (d->name && strcasestr(d->name, text)) ||
           (d->uuid && strlen(text) >= UUID_PART && strcasestr(d->uuid, text));
}

void column_filter(GArray *rows, const char *text)
{
    guint kept = 0;
    for (guint i = 0; i < rows->len; i++) {
        struct row r = g_array_index(rows, struct row, i);
        if (holds(r.domain, text))
            g_array_index(rows, struct row, kept++) = r;
    }
    g_array_set_size(rows, kept);
}

void column_text(GString *out, const struct column *c, struct cell cell)
{
    static const uint64_t divisor[] = { [UNIT_NONE] = 1,
                                        [UNIT_BYTES] = 1024,
                                        [UNIT_NS] = 1000000000,
                                        [UNIT_PER_S] = 1024 };
    g_string_truncate(out, 0);
    switch (cell.kind) {
    case CELL_NONE:
    case CELL_TEXT:
        safe_append(out, cell.text);
        break;
    case CELL_INT:
        g_string_append_printf(out, "%" PRIu64, cell.n / divisor[c->unit]);
        break;
    case CELL_REAL:
        g_string_append_printf(out, "%.1f", cell.x);
        break;
    }
}
