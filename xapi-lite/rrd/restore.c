/* Archives in rrdtool's XML become rows again (beside way B). */
#include "rrd/restore.h"

#include <libxml/parser.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct restore {
    struct rrd *r;
    GArray *columns;            /* int: ours for each of theirs, or -1 */
    guint width;                /* ours */
    double *values[RRD_SCALES]; /* rows from the oldest, each as in the file */
    struct err *err;
};

/* ---- the tree
 * ------------------------------------------------------------------ */

static bool is_called(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name);
}

/* The first of n and its younger siblings with this name, or NULL. */
static const xmlNode *next_of(const xmlNode *n, const char *name)
{
    while (n && !is_called(n, name))
        n = n->next;
    return n;
}

static const xmlNode *child(const xmlNode *n, const char *name)
{
    return n ? next_of(n->children, name) : NULL;
}

/* rrdtool pads with blanks. "" for an element that is not there. */
static void text_of(const xmlNode *n, char *out, size_t size)
{
    const xmlNode *t = n ? n->children : NULL;
    g_strlcpy(out,
              t && t->type == XML_TEXT_NODE ? (const char *)t->content : "",
              size);
    g_strstrip(out);
}

static double number_of(const xmlNode *n)
{
    char text[64], *end;
    text_of(n, text, sizeof text);
    double x = g_ascii_strtod(text, &end);
    return end == text || *end ? NAN : x;
}

/* ---- sources
 * ------------------------------------------------------------------- */

static int read_sources(struct restore *s, const xmlNode *root)
{
    for (const xmlNode *n = child(root, "ds"); n; n = next_of(n->next, "ds")) {
        char name[RRD_NAME];
        int column = -1;
        text_of(child(n, "name"), name, sizeof name);
        if (rrd_ds_find(s->r, name))
            return err_set(s->err, ERR_CONFIG, "two data sources are called %s",
                           name);
        if (rrd_ds_add(s->r, name, true))
            column = (int)s->width++;
        g_array_append_val(s->columns, column);
    }
    return s->width ? 0
                    : err_set(s->err, ERR_CONFIG,
                              "none of its data sources is kept here");
}

/* ---- archives
 * ------------------------------------------------------------------ */

static int scale_of(double steps)
{
    for (int i = 0; i < RRD_SCALES; i++)
        if (rrd_scales[i].steps == steps)
            return i;
    return -1;
}

static int function_of(const char *name, int scale)
{
    for (unsigned i = 0; i < rrd_scales[scale].functions; i++)
        if (!strcmp(rrd_cf_names[i], name))
            return (int)i;
    return -1;
}

static size_t row_width(const struct restore *s, int scale)
{
    return (size_t)s->width * rrd_scales[scale].functions;
}

static int read_row(struct restore *s, const xmlNode *row, double *to)
{
    guint i = 0;
    for (const xmlNode *v = child(row, "v"); v; v = next_of(v->next, "v")) {
        int column =
            i < s->columns->len ? g_array_index(s->columns, int, i) : -1;
        if (column >= 0)
            to[column] = number_of(v);
        i++;
    }
    return i == s->columns->len
               ? 0
               : err_set(s->err, ERR_CONFIG,
                         "a row has %u values for %u data sources", i,
                         s->columns->len);
}

/* The last row ends at the last full step before the last update. */
static int read_archive(struct restore *s, const xmlNode *rra)
{
    char cf[16];
    int scale = scale_of(number_of(child(rra, "pdp_per_row")));
    const xmlNode *first = child(child(rra, "database"), "row");
    unsigned theirs = 0, i = 0;
    text_of(child(rra, "cf"), cf, sizeof cf);
    int function = scale < 0 ? -1 : function_of(cf, scale);
    if (function < 0)
        return 0;
    unsigned ours = rrd_scales[scale].rows;
    for (const xmlNode *n = first; n; n = next_of(n->next, "row"))
        theirs++;
    for (const xmlNode *n = first; n; n = next_of(n->next, "row"), i++) {
        unsigned from_end = theirs - 1 - i;
        if (from_end >= ours)
            continue;
        double *row =
            s->values[scale] + (ours - 1 - from_end) * row_width(s, scale);
        if (read_row(s, n, row + (size_t)function * s->width) < 0)
            return -1;
    }
    return 0;
}

/* ---- rows
 * ---------------------------------------------------------------------- */

static bool is_known(const double *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(row[i]))
            return true;
    return false;
}

static void take_rows(const struct restore *s, struct rrd_rows *rows)
{
    for (unsigned k = 0; k < RRD_SCALES; k++) {
        int64_t step = rrd_scale_seconds(k);
        int64_t end = (int64_t)s->r->updated / step * step;
        size_t n = row_width(s, (int)k);
        for (unsigned i = 0; i < rrd_scales[k].rows; i++) {
            const double *row = s->values[k] + i * n;
            if (is_known(row, n))
                rrd_rows_take(
                    rows, k, end - (int64_t)(rrd_scales[k].rows - 1 - i) * step,
                    row, (guint)n);
        }
    }
}

static void make_room(struct restore *s)
{
    for (int k = 0; k < RRD_SCALES; k++) {
        size_t n = rrd_scales[k].rows * row_width(s, k);
        s->values[k] = g_new(double, n);
        for (size_t i = 0; i < n; i++)
            s->values[k][i] = NAN;
    }
}

static int read_all(struct restore *s, const xmlDoc *doc)
{
    const xmlNode *root = xmlDocGetRootElement((xmlDoc *)doc);
    double step, updated;
    if (!root || doc->intSubset || !is_called(root, "rrd"))
        return err_set(s->err, ERR_CONFIG, "it is no <rrd> document");
    step = number_of(child(root, "step"));
    updated = number_of(child(root, "lastupdate"));
    if (step != RRD_STEP)
        return err_set(s->err, ERR_CONFIG,
                       "its step is not %d seconds, as it is here", RRD_STEP);
    if (!(updated > 0 && updated < 1e11))
        return err_set(s->err, ERR_CONFIG, "lastupdate is no time");
    s->r->updated = updated;
    if (read_sources(s, root) < 0)
        return -1;
    make_room(s);
    for (const xmlNode *n = child(root, "rra"); n; n = next_of(n->next, "rra"))
        if (read_archive(s, n) < 0)
            return -1;
    return 0;
}

int rrd_restore(const char *xml, size_t len, struct rrd *r,
                struct rrd_rows *rows, struct err *err)
{
    struct restore s = { .r = r, .err = err };
    xmlDoc *doc = len > 0 && len < G_MAXINT
                      ? xmlReadMemory(xml, (int)len, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_NOERROR |
                                          XML_PARSE_NOWARNING)
                      : NULL;
    if (!doc)
        return err_set(err, ERR_CONFIG, "it is no XML");
    s.columns = g_array_new(FALSE, FALSE, sizeof(int));
    int bad = read_all(&s, doc);
    if (!bad)
        take_rows(&s, rows);
    for (int k = 0; k < RRD_SCALES; k++)
        g_free(s.values[k]);
    g_array_unref(s.columns);
    xmlFreeDoc(doc);
    return bad;
}
