/* Any text as the expression of get_all_records_where, on a real record. */
#include "class/where.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *store;
static const struct snapshot *snapshot;

static void set_up(void)
{
    struct store_backend backend;
    store_memory_open(&backend);
    store = store_open(model_open(), backend, NULL);
    struct txn *t = store_begin(store);
    const char *vm = store_create(t, CLASS_VM, NULL, NULL);
    store_set_str(t, vm, F_VM_name_label, "a");
    store_map_put(t, vm, F_VM_other_config, "k", "v");
    store_set_add(t, vm, F_VM_tags, "t");
    store_commit(t, NULL);
    snapshot = store_read(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ERR_AUTO err = { 0 };
    if (!store)
        set_up();
    g_autofree char *text = g_strndup((const char *)data, size);
    struct where *w =
        where_parse(model_class(store_model(store), CLASS_VM), text, &err);
    if (!w)
        return 0;
    where_matches(w, snapshot_at(snapshot, CLASS_VM, 0));
    where_free(w);
    return 0;
}
