/* Default templates: VM records from a data file (way B). */
#include <string.h>

#include "class/handler.h"
#include "class/setup.h"
#include "class/vm.h"

static int add(struct xapi *x, struct txn *t, const struct value *v,
               struct err *err)
{
    const char *uuid = value_get_string(value_find(v, "uuid"));
    const struct class *class = model_class(x->model, CLASS_VM);
    FAULT_AUTO f = { 0 };
    struct ctx c = { .x = x, .fault = &f };
    if (!uuid)
        return err_set(err, ERR_CONFIG, "a template without uuid");
    if (txn_find_uuid(t, CLASS_VM, uuid))
        return 0;
    const char *vm = store_create(t, CLASS_VM, NULL, uuid);
    VALUE_AUTO *rest = value_copy(v);
    value_remove(rest, "uuid");
    if (ctx_fill(&c, t, class, vm, rest) < 0) {
        g_autofree char *why = fault_format(&f);
        return err_set(err, ERR_CONFIG, "template %s: %s", uuid, why);
    }
    store_set_bool(t, vm, F_VM_is_a_template, true);
    store_set_bool(t, vm, F_VM_is_default_template, true);
    store_set_int(t, vm, F_VM_domid, -1);
    vm_metrics(t, vm);
    return 0;
}

int setup_templates(struct xapi *x, struct err *err)
{
    const char *path = x->config.templates_file;
    g_autofree char *text = NULL;
    g_autoptr(GError) e = NULL;
    if (!path)
        return 0;
    if (!g_file_get_contents(path, &text, NULL, &e))
        return err_set(err, ERR_NOENT, "the file of default templates: %s",
                       e->message);
    VALUE_AUTO *list = value_json_parse(text, strlen(text), err);
    if (!list)
        return err_context(err, "reading %s", path);
    struct txn *t = store_begin(x->store);
    for (size_t i = 0; i < value_count(list); i++)
        if (add(x, t, value_at(list, i), err) < 0) {
            store_rollback(t);
            return err_context(err, "reading %s", path);
        }
    return store_commit(t, err);
}

/* ---- after a crash
 * -------------------------------------------------------------------- */

static void recover(struct txn *t, const struct record *r, void *user)
{
    struct xapi *x = user;
    g_autofree char *vm = g_strdup(record_ref(r));
    g_autofree char *saved = vm_saved_path(x, record_str(r, F_VM_uuid));
    int state = record_word(r, F_VM_power_state);
    /* whether it really runs is seen from the list of domains */
    if (state == STATE_SUSPENDED && !g_file_test(saved, G_FILE_TEST_EXISTS))
        vm_set_halted(t, vm);
}

void setup_recover(struct xapi *x)
{
    struct txn *t = store_begin(x->store);
    txn_each(t, CLASS_VM, recover, x);
    store_commit(t, NULL);
}
