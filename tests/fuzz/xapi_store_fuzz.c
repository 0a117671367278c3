/* Any text as the kept fields of objects, as in a damaged database: refused, or
 * read into records that can be shown. The first byte chooses the class. */
#include <string.h>

#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct model *model;
static const char *fields;
static enum class_id class;

static int load(void *data, uint64_t *generation_out,
                int (*row)(void *user, const struct store_row *r,
                           struct err *err),
                void *user, struct err *err)
{
    struct store_row a = { model_class(model, class)->name,
                           "OpaqueRef:11111111-2222-3333-4444-555555555555",
                           fields };
    struct store_row b = { model_class(model, class)->name,
                           "OpaqueRef:66666666-2222-3333-4444-555555555555",
                           fields };
    (void)data;
    *generation_out = 1;
    return row(user, &a, err) < 0 || row(user, &b, err) < 0 ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ERR_AUTO err = { 0 };
    struct store_backend backend;
    if (!model)
        model = model_open();
    if (!size)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    class = (enum class_id)(data[0] % CLASS_COUNT);
    fields = text;
    store_memory_open(&backend);
    backend.load = load;
    struct store *s = store_open(model, backend, &err);
    if (!s)
        return 0;
    const struct snapshot *now = store_read(s);
    for (size_t i = 0; i < snapshot_count(now, class); i++)
        value_free(record_to_value(snapshot_at(now, class, i)));
    snapshot_release(now);
    store_close(s);
    return 0;
}
