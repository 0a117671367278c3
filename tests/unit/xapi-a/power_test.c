/* The table of operations and power states: every state with every operation.
 */
#include "class/power.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct model *model;
static struct store *store;

static void open_store(void)
{
    struct store_backend b;
    model = model_open();
    store_memory_open(&b);
    store = store_open(model, b, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
}

static void close_store(void)
{
    store_close(store);
    model_close(model);
}

/* A VM with some fields set; the snapshot keeps it. */
static const struct record *vm_with(const struct snapshot **s,
                                    const char *const *fields)
{
    struct txn *t = store_begin(store);
    g_autofree char *ref = g_strdup(store_create(t, CLASS_VM, NULL, NULL));
    for (int i = 0; fields[i]; i += 2) {
        const struct field *f =
            model_find_field(model_class(model, CLASS_VM), fields[i]);
        VALUE_AUTO *v =
            value_json_parse(fields[i + 1], strlen(fields[i + 1]), NULL);
        store_set(t, ref, f, v);
    }
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    *s = store_read(store);
    return snapshot_find(*s, CLASS_VM, ref);
}
#define VM(s, ...) vm_with(s, (const char *const[]){ __VA_ARGS__, NULL })

static char *check(const struct record *vm, enum power_op op, bool strict)
{
    FAULT_AUTO f = { 0 };
    if (power_check(vm, NULL, op, strict, &f) == 0)
        return g_strdup("ok");
    return g_strdup(f.code);
}

static void words_in_order(void)
{
    open_store();
    const struct type *t = model_type(model, "enum vm_operations");
    CU_ASSERT_EQUAL_FATAL(t->n_words, OP_COUNT);
    for (int i = 0; i < OP_COUNT; i++)
        UNIT_EQUAL(power_op_name(i), t->words[i]);
    close_store();
}

/* states.tsv: operation, then ok or - for Halted, Paused, Running, Suspended.
 */
static void every_state(void)
{
    static const char *const states[] = { "\"Halted\"", "\"Paused\"",
                                          "\"Running\"", "\"Suspended\"" };
    g_autofree char *text = NULL;
    CU_ASSERT_FATAL(
        g_file_get_contents("tests/data/xapi/states.tsv", &text, NULL, NULL));
    open_store();
    const struct type *t = model_type(model, "enum vm_operations");
    const struct snapshot *s[4];
    const struct record *vm[4];
    for (int i = 0; i < 4; i++)
        vm[i] = VM(&s[i], "power_state", states[i], "domain_type", "\"pv\"");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    CU_ASSERT_EQUAL(g_strv_length(lines), OP_COUNT + 1);
    for (int i = 1; lines[i]; i++) {
        g_auto(GStrv) col = g_strsplit(lines[i], "\t", -1);
        int op = type_word(t, col[0]);
        CU_ASSERT_FATAL(op >= 0);
        for (int k = 0; k < 4; k++) {
            g_autofree char *got = check(vm[k], op, false);
            bool bad = !strcmp(got, "VM_BAD_POWER_STATE");
            if (bad != !strcmp(col[k + 1], "-"))
                fprintf(stderr, "# %s in %s: %s\n", col[0], states[k], got);
            CU_ASSERT_EQUAL(bad, !strcmp(col[k + 1], "-"));
        }
    }
    for (int i = 0; i < 4; i++)
        snapshot_release(s[i]);
    close_store();
}

static void names_states(void)
{
    const struct snapshot *s;
    FAULT_AUTO f = { 0 };
    open_store();
    const struct record *vm = VM(&s, "power_state", "\"Halted\"");
    power_check(vm, NULL, OP_hard_shutdown, false, &f);
    g_autofree char *got = fault_format(&f);
    g_autofree char *want = g_strdup_printf(
        "VM_BAD_POWER_STATE: [ %s; paused, running, suspended; halted ]",
        record_ref(vm));
    UNIT_EQUAL(got, want);
    snapshot_release(s);
    close_store();
}

/* Each row is wrong in all ways from its reason on: the first is named. */
static void order_of_reasons(void)
{
    const struct snapshot *s;
    open_store();
    const struct record *vm =
        VM(&s, "power_state", "\"Running\"", "blocked_operations",
           "{\"start\":\"no\"}", "current_operations",
           "{\"OpaqueRef:t\":\"clone\"}", "is_a_template", "true");
    g_autofree char *blocked = check(vm, OP_start, true);
    UNIT_EQUAL(blocked, "OPERATION_BLOCKED");
    g_autofree char *state = check(vm, OP_start_on, true);
    UNIT_EQUAL(state, "VM_BAD_POWER_STATE");
    g_autofree char *other = check(vm, OP_pause, true);
    UNIT_EQUAL(other, "OTHER_OPERATION_IN_PROGRESS");
    snapshot_release(s);
    vm = VM(&s, "power_state", "\"Halted\"", "is_a_template", "true");
    g_autofree char *template = check(vm, OP_start, true);
    UNIT_EQUAL(template, "VM_IS_TEMPLATE");
    g_autofree char *provision = check(vm, OP_provision, true);
    UNIT_EQUAL(provision, "ok");
    snapshot_release(s);
    vm = VM(&s, "power_state", "\"Halted\"", "is_a_template", "true",
            "is_a_snapshot", "true");
    g_autofree char *snap = check(vm, OP_start, true);
    UNIT_EQUAL(snap, "VM_IS_SNAPSHOT");
    g_autofree char *revert = check(vm, OP_revert, true);
    UNIT_EQUAL(revert, "ok");
    snapshot_release(s);
    vm = VM(&s, "power_state", "\"Halted\"");
    g_autofree char *no_template = check(vm, OP_provision, true);
    UNIT_EQUAL(no_template, "PROVISION_ONLY_ALLOWED_ON_TEMPLATE");
    g_autofree char *no_snapshot = check(vm, OP_revert, true);
    UNIT_EQUAL(no_snapshot, "REVERT_ONLY_ALLOWED_ON_SNAPSHOT");
    snapshot_release(s);
    close_store();
}

static void domain0_is_protected(void)
{
    const struct snapshot *s;
    open_store();
    const struct record *vm =
        VM(&s, "power_state", "\"Running\"", "is_control_domain", "true");
    g_autofree char *down = check(vm, OP_hard_shutdown, false);
    UNIT_EQUAL(down, "OPERATION_NOT_ALLOWED");
    g_autofree char *memory = check(vm, OP_changing_static_range, false);
    UNIT_EQUAL(memory, "ok");
    snapshot_release(s);
    close_store();
}

static void hard_overtakes_clean(void)
{
    const struct snapshot *s;
    open_store();
    const struct record *vm =
        VM(&s, "power_state", "\"Running\"", "current_operations",
           "{\"OpaqueRef:t\":\"clean_shutdown\"}");
    g_autofree char *hard = check(vm, OP_hard_shutdown, true);
    UNIT_EQUAL(hard, "ok");
    g_autofree char *pause = check(vm, OP_pause, true);
    UNIT_EQUAL(pause, "OTHER_OPERATION_IN_PROGRESS");
    snapshot_release(s);
    close_store();
}

static void guests_without_drivers(void)
{
    const struct snapshot *s;
    open_store();
    const struct record *vm = VM(&s, "power_state", "\"Running\"",
                                 "HVM_boot_policy", "\"BIOS order\"");
    g_autofree char *strict = check(vm, OP_clean_shutdown, true);
    UNIT_EQUAL(strict, "VM_LACKS_FEATURE");
    g_autofree char *asked = check(vm, OP_clean_shutdown, false);
    UNIT_EQUAL(asked, "ok");
    CU_ASSERT_FALSE(power_allowed(vm, NULL) & 1ull << OP_clean_shutdown);
    CU_ASSERT_TRUE(power_allowed(vm, NULL) & 1ull << OP_hard_shutdown);
    snapshot_release(s);
    close_store();
}

const struct unit_test unit_tests[] = {
    { "the table has every operation, in its order", words_in_order },
    { "each operation is allowed in exactly its power states", every_state },
    { "a wrong power state is named with those that would do", names_states },
    { "the reasons are checked in their order", order_of_reasons },
    { "Domain-0 cannot be shut down, its memory can be changed",
      domain0_is_protected },
    { "a hard shutdown overtakes a clean one", hard_overtakes_clean },
    { "a guest without drivers is not offered a clean shutdown",
      guests_without_drivers },
    { 0 },
};
