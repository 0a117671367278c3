/* What a column shows of a domain, once for all outputs. Pure. */
#ifndef TOP_COLUMNS_H
#define TOP_COLUMNS_H

#include "top/rate.h"
#include "top/sample.h"

enum column_id {
#define C(id, ...) COLUMN_##id,
#include "top/columns.def"
#undef C
    COLUMN_COUNT
};
enum { BATCH_COLUMNS = COLUMN_SSID + 1 };

enum column_form { FORM_NAME, FORM_WORD, FORM_INT, FORM_GROW, FORM_PCT };
enum column_unit { UNIT_NONE, UNIT_BYTES, UNIT_NS, UNIT_PER_S };
enum column_metric { METRIC_NO, METRIC_COUNTER, METRIC_GAUGE };

/* Sums over the counted devices of a domain. */
struct totals {
    uint64_t nets, tx, rx;
    uint64_t vbds, oo, rd, wr, rsect, wsect;
    bool unreadable; /* there are disks, and no counter could be read */
};

/* A domain as the columns see it; borrows from the sample and the rates. */
struct row {
    const struct sample *sample;
    const struct rates *rates;
    const struct domain *domain;
    const struct rate_domain *rate;
    struct totals total;
};

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_INT, CELL_REAL };
struct cell {
    enum cell_kind kind;
    const char *text; /* TEXT: as it came, not made safe; NONE: shown words */
    uint64_t n;       /* INT: in bytes, ns or counts */
    double x;         /* REAL */
};

struct column {
    const char *id;   /* lower-case name, for --sort */
    const char *head; /* as in the header line */
    int width;
    enum column_form form;
    enum column_unit unit;
    int screen;
    const char *json;
    enum column_metric metric;
    const char *metric_name, *meaning;
    struct cell (*get)(const struct row *row);
};

extern const struct column columns[COLUMN_COUNT];

/* Rows of all domains, in the sample's order. Free with g_array_unref. */
GArray *column_rows(const struct sample *s, const struct rates *r);
/* Sorts rows (struct row): names upwards, numbers downwards, or the other way
 * round; equal ones stay in order. */
void column_sort(GArray *rows, enum column_id by, bool reverse);
/* Column whose id or head is `word`, ignoring case; COLUMN_COUNT when none is.
 */
enum column_id column_find(const char *word);
/* Keeps the rows whose name, domid or uuid holds `text`, ignoring case. */
void column_filter(GArray *rows, const char *text);
/* Text of a cell as the batch output shows it, without padding; `out` is
 * emptied first. Names and words are made safe for a terminal. */
void column_text(GString *out, const struct column *c, struct cell cell);
/* The six letters of the batch output in their order; `out` holds 7 bytes. */
void column_state(const struct domain *d, char out[7]);

#endif
