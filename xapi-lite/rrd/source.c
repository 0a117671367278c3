/* The tables of what is measured and what is kept (beside way B). Pure. */
#include <math.h>
#include <string.h>

#include "rrd/ring.h"

#define NONE INFINITY
static const struct rrd_source sources[] = {
#define SOURCE(owner, name, kind, max, standard, units, description)           \
    { RRD_##owner, name, RRD_##kind, max, standard, units, description },
#include "rrd/sources.def"
#undef SOURCE
};

const struct rrd_scale rrd_scales[RRD_SCALES] = {
#define ARCHIVE(rows, steps, functions) { rows, steps, functions },
#include "rrd/archives.def"
#undef ARCHIVE
};

const char *const rrd_cf_names[RRD_FUNCTIONS] = { "AVERAGE", "MIN", "MAX" };

/* What stands for the % of the pattern: where in name and how long; -1 when the
 * name is not of this pattern. */
static int middle(const char *pattern, const char *name, size_t *at_out)
{
    const char *gap = strchr(pattern, '%');
    size_t before = gap ? (size_t)(gap - pattern) : strlen(pattern);
    size_t after = gap ? strlen(gap + 1) : 0, len = strlen(name);
    *at_out = before;
    if (!gap)
        return strcmp(pattern, name) ? -1 : 0;
    if (len <= before + after || strncmp(pattern, name, before) ||
        strcmp(gap + 1, name + len - after))
        return -1;
    return (int)(len - before - after);
}

/* The pattern that says most: vbd_xvda_iops_read is no disk "xvda_iops". */
const struct rrd_source *rrd_source_find(enum rrd_owner owner, const char *name)
{
    const struct rrd_source *best = NULL;
    size_t at;
    if (strlen(name) >= RRD_NAME)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        const struct rrd_source *s = &sources[i];
        if (s->owner == owner && middle(s->name, name, &at) >= 0 &&
            (!best || strlen(s->name) > strlen(best->name)))
            best = s;
    }
    return best;
}

char *rrd_source_describe(const struct rrd_source *s, const char *name)
{
    size_t at;
    int len = middle(s->name, name, &at);
    const char *gap = strchr(s->description, '%');
    if (!gap || len < 0)
        return g_strdup(s->description);
    return g_strdup_printf("%.*s%.*s%s", (int)(gap - s->description),
                           s->description, len, name + at, gap + 1);
}
