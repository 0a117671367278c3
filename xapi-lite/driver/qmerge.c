/* Chains of a running guest's disk become shorter, by its QEMU (way B). */
#include <string.h>

#include "driver/qdisk.h"
#include "driver/qmp.h"
#include "driver/sr_exec.h"

static bool is_id(const struct value *v, const char *key, int64_t id)
{
    return value_get_int(value_find(v, key)) == id;
}

/* In the graph that QEMU shows: the number of a node, -1: none. */
static int64_t id_of(const struct value *graph, const char *name)
{
    const struct value *nodes = value_find(graph, "nodes");
    for (size_t i = 0; i < value_count(nodes); i++) {
        const struct value *n = value_at(nodes, i);
        const char *s = value_get_string(value_find(n, "name"));
        if (s && !strcmp(s, name))
            return value_get_int(value_find(n, "id"));
    }
    return -1;
}

static const char *name_of(const struct value *graph, int64_t id)
{
    const struct value *nodes = value_find(graph, "nodes");
    for (size_t i = 0; i < value_count(nodes); i++)
        if (is_id(value_at(nodes, i), "id", id))
            return value_get_string(value_find(value_at(nodes, i), "name"));
    return NULL;
}

static int64_t backing_of(const struct value *graph, int64_t id)
{
    const struct value *edges = value_find(graph, "edges");
    for (size_t i = 0; i < value_count(edges); i++) {
        const struct value *e = value_at(edges, i);
        const char *kind = value_get_string(value_find(e, "name"));
        if (is_id(e, "parent", id) && kind && !strcmp(kind, "backing"))
            return value_get_int(value_find(e, "child"));
    }
    return -1;
}

/* By position: QEMU may know a file by the name that it had before. NULL when
 * QEMU's chain is not as long as the one of the files. */
static const char *node_below(const struct value *graph, const char *node,
                              unsigned layers, bool *none_out)
{
    int64_t id = id_of(graph, node);
    for (unsigned i = 0; i < layers && id >= 0; i++)
        id = backing_of(graph, id);
    int64_t below = id < 0 ? -1 : backing_of(graph, id);
    *none_out = id >= 0 && below < 0;
    return below < 0 ? NULL : name_of(graph, below);
}

static bool is_under_way(struct qmp *q, const char *job)
{
    VALUE_AUTO *jobs = NULL;
    if (qmp_call(q, "query-block-jobs", NULL, &jobs, NULL) < 0)
        return false;
    for (size_t i = 0; i < value_count(jobs); i++) {
        const char *id =
            value_get_string(value_find(value_at(jobs, i), "device"));
        if (id && (!job || !strcmp(id, job)))
            return true;
    }
    return false;
}

static void wait_end(struct qmp *q, const char *job, int tenths)
{
    for (int i = 0; i < tenths && is_under_way(q, job); i++)
        g_usleep(100000);
}

static int stream(struct qmp *q, const char *node, const char *job,
                  const char *base_node, const char *below, struct err *err)
{
    struct value *a = value_object();
    value_set(a, "job-id", value_string(job));
    value_set(a, "device", value_string(node));
    if (base_node) {
        value_set(a, "base-node", value_string(base_node));
        value_set(a, "backing-file", value_string(below));
    }
    return qmp_call(q, "block-stream", a, NULL, err);
}

int qdisk_merge(uint32_t domid, const char *path, unsigned layers,
                const char *below, struct err *err)
{
    bool none;
    VALUE_AUTO *graph = NULL;
    QMP_AUTO *q = qmp_open(domid, err);
    g_autofree char *node = q ? qdisk_node(q, path, err) : NULL;
    g_autofree char *job = g_strconcat("merge-", node, NULL);
    if (!node)
        return -1;
    if (is_under_way(q, job))
        return 0;
    if (qmp_call(q, "x-debug-query-block-graph", NULL, &graph, err) < 0)
        return -1;
    const char *base_node = node_below(graph, node, layers, &none);
    if (below ? !base_node : !none)
        return sr_fail(err, SR_FAIL_VDI, "QEMU has another chain of %s", path);
    if (stream(q, node, job, base_node, below, err) < 0)
        return -1;
    wait_end(q, job, 10);
    return 0;
}

void qdisk_quiet(uint32_t domid)
{
    VALUE_AUTO *jobs = NULL;
    QMP_AUTO *q = qmp_open(domid, NULL);
    if (!q || qmp_call(q, "query-block-jobs", NULL, &jobs, NULL) < 0)
        return;
    for (size_t i = 0; i < value_count(jobs); i++) {
        struct value *a = value_object();
        const char *id =
            value_get_string(value_find(value_at(jobs, i), "device"));
        value_set(a, "device", value_string(id ? id : ""));
        qmp_call(q, "block-job-cancel", a, NULL, NULL);
    }
    wait_end(q, NULL, 100);
}
