/* The objects a command works on: vm=NAME, host=NAME, or field filters. */
#include <string.h>

#include "cli/filter.h"

/* Which class, under which parameter, in which words. */
struct kind {
    const char *xe_class, *param, *words;
};
static const struct kind vms = { "vm", "vm", "VMs" };
static const struct kind hosts = { "host", "host", "hosts" };
static const struct kind srs = { "sr", "sr", "SRs" };

static bool is_named(const struct record *r, const char *text)
{
    const struct class *k = record_class(r);
    return !strcmp(record_str(r, k->uuid->id), text) ||
           !strcmp(record_str(r, k->name_label->id), text);
}

static GPtrArray *matching(struct cli *c, const struct kind *kind,
                           const char *ignore, const char *implied)
{
    const struct xe_class *k = xe_class_find(kind->xe_class);
    g_autofree char *all = g_strdup_printf("%s %s", ignore, kind->param);
    const char *name = cli_param(c, kind->param);
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    GArray *filters = filters_parse(c, k, all, implied);
    if (!filters)
        return NULL;
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < snapshot_count(s, k->class); i++) {
        const struct record *r = snapshot_at(s, k->class, i);
        if ((!name || is_named(r, name)) && filters_match(c, s, r, filters))
            g_ptr_array_add(found, g_strdup(record_ref(r)));
    }
    g_array_unref(filters);
    return found;
}

static GPtrArray *select_kind(struct cli *c, const struct kind *kind,
                              const char *ignore, const char *implied)
{
    GPtrArray *found = matching(c, kind, ignore, implied);
    if (!found)
        return NULL;
    if (!found->len)
        cli_fail(c, "No matching %s found", kind->words);
    else if (found->len > 1 && !cli_flag(c, "multiple"))
        cli_fail(c,
                 "Multiple matches %s found. --multiple required to complete "
                 "the operation",
                 kind->words);
    else
        return found;
    g_ptr_array_unref(found);
    return NULL;
}

GPtrArray *cli_select_vms(struct cli *c, unsigned how, const char *ignore)
{
    GString *implied = g_string_new(NULL);
    if (how & SELECT_SNAPSHOTS_ONLY)
        g_string_append(implied, "is-a-snapshot=true,");
    else if (!(how & SELECT_TEMPLATES))
        g_string_append(implied, "is-a-template=false,");
    if (!(how & SELECT_CONTROL))
        g_string_append(implied, "is-control-domain=false");
    GPtrArray *found = select_kind(c, &vms, ignore, implied->str);
    g_string_free(implied, TRUE);
    return found;
}

/* Without any selector the only host is meant. */
GPtrArray *cli_select_hosts(struct cli *c, const char *ignore)
{
    return select_kind(c, &hosts, ignore, "");
}

/* "operation failed on UUID: MESSAGE" */
static void show_failure(struct cli *c, const char *ref)
{
    SNAPSHOT_AUTO *s = store_read(c->x->store);
    const struct record *r = snapshot_find_any(s, ref);
    g_autofree char *why = cli_take_error(c);
    const struct field *uuid = r ? record_class(r)->uuid : NULL;
    g_strchomp(why);
    cli_printf(c, "operation failed on %s: %s",
               uuid ? record_str(r, uuid->id) : ref, why);
}

/* Takes over refs. */
static int each(struct cli *c, GPtrArray *refs, cli_each_fn *fn, void *user)
{
    int bad = 0;
    if (!refs)
        return -1;
    for (guint i = 0; i < refs->len && !c->gone; i++) {
        if (fn(c, refs->pdata[i], user) == 0)
            continue;
        bad = -1;
        if (refs->len > 1) {
            show_failure(c, refs->pdata[i]);
            c->silent = true;
        }
    }
    g_ptr_array_unref(refs);
    return bad;
}

int cli_each_vm(struct cli *c, unsigned how, const char *ignore,
                cli_each_fn *fn, void *user)
{
    return each(c, cli_select_vms(c, how, ignore), fn, user);
}

int cli_each_host(struct cli *c, const char *ignore, cli_each_fn *fn,
                  void *user)
{
    return each(c, cli_select_hosts(c, ignore), fn, user);
}

int cli_each_sr(struct cli *c, const char *ignore, cli_each_fn *fn, void *user)
{
    return each(c, select_kind(c, &srs, ignore, ""), fn, user);
}
