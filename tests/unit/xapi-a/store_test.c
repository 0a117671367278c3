/* The store: transactions, snapshots, relations, and nothing lost by kill -9.
 */
#include "store/store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static struct model *model;
static char dir[] = "/tmp/store-test-XXXXXX";

static char *file_path(void)
{
    return g_build_filename(dir, "store.db", NULL);
}

static struct store *open_memory(void)
{
    struct store_backend b;
    ERR_AUTO err = { 0 };
    if (!model)
        model = model_open();
    store_memory_open(&b);
    struct store *s = store_open(model, b, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    return s;
}

static struct store *open_file(void)
{
    struct store_backend b;
    ERR_AUTO err = { 0 };
    if (!model)
        model = model_open();
    if (strstr(dir, "XXXXXX"))
        CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
    g_autofree char *path = file_path();
    if (store_sqlite_open(&b, path, &err) < 0)
        CU_FAIL_FATAL("no file");
    struct store *s = store_open(model, b, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    return s;
}

static void remove_file(void)
{
    g_autofree char *cmd = g_strdup_printf("rm -rf %s", dir);
    CU_ASSERT_EQUAL(system(cmd), 0);
    strcpy(dir, "/tmp/store-test-XXXXXX");
}

static char *make_vm(struct store *s, const char *name)
{
    struct txn *t = store_begin(s);
    char *ref = g_strdup(store_create(t, CLASS_VM, NULL, NULL));
    store_set_str(t, ref, F_VM_name_label, name);
    store_set_int(t, ref, F_VM_VCPUs_max, 4);
    store_map_put(t, ref, F_VM_other_config, "k", "v");
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    return ref;
}

static void commit_shows(void)
{
    struct store *s = open_memory();
    SNAPSHOT_AUTO *before = store_read(s);
    g_autofree char *ref = make_vm(s, "web");
    CU_ASSERT_PTR_NULL(snapshot_find(before, CLASS_VM, ref));
    SNAPSHOT_AUTO *now = store_read(s);
    const struct record *r = snapshot_find(now, CLASS_VM, ref);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r);
    UNIT_EQUAL(record_str(r, F_VM_name_label), "web");
    CU_ASSERT_EQUAL(record_int(r, F_VM_VCPUs_max), 4);
    UNIT_EQUAL(record_map_get(r, F_VM_other_config, "k"), "v");
    UNIT_EQUAL(record_str(r, F_VM_power_state), "Halted");
    UNIT_EQUAL(record_str(r, F_VM_affinity), REF_NULL);
    CU_ASSERT_PTR_EQUAL(
        snapshot_find_uuid(now, CLASS_VM, record_str(r, F_VM_uuid)), r);
    g_autoptr(GPtrArray) named = snapshot_find_name(now, CLASS_VM, "web");
    CU_ASSERT_EQUAL(named->len, 1);
    CU_ASSERT(snapshot_generation(now) > snapshot_generation(before));
    snapshot_release(g_steal_pointer(&before));
    snapshot_release(g_steal_pointer(&now));
    store_close(s);
}

static void rollback_hides(void)
{
    struct store *s = open_memory();
    g_autofree char *ref = make_vm(s, "web");
    struct txn *t = store_begin(s);
    store_set_str(t, ref, F_VM_name_label, "other");
    const char *fresh = store_create(t, CLASS_VM, NULL, NULL);
    UNIT_EQUAL(record_str(txn_find(t, CLASS_VM, ref), F_VM_name_label),
               "other");
    CU_ASSERT_PTR_NOT_NULL(txn_find(t, CLASS_VM, fresh));
    store_rollback(t);
    SNAPSHOT_AUTO *now = store_read(s);
    CU_ASSERT_EQUAL(snapshot_count(now, CLASS_VM), 1);
    UNIT_EQUAL(record_str(snapshot_find(now, CLASS_VM, ref), F_VM_name_label),
               "web");
    snapshot_release(g_steal_pointer(&now));
    store_close(s);
}

static unsigned told;
static void note(void *user, uint64_t generation, const struct change *c,
                 size_t n)
{
    GString *s = user;
    (void)generation;
    told++;
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(s, "%c:%s ", c[i].op, c[i].class->name);
}

static void tells_changes(void)
{
    struct store *s = open_memory();
    g_autoptr(GString) log = g_string_new(NULL);
    g_autofree char *vm = make_vm(s, "web");
    store_observe(s, note, log);
    told = 0;
    struct txn *t = store_begin(s);
    char *vbd = g_strdup(store_create(t, CLASS_VBD, NULL, NULL));
    store_set_str(t, vbd, F_VBD_VM, vm);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    UNIT_EQUAL(log->str, "a:VBD m:VM ");
    g_string_truncate(log, 0);
    t = store_begin(s); /* nothing new: nobody is told */
    store_set_str(t, vbd, F_VBD_VM, vm);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    CU_ASSERT_EQUAL(told, 1);
    t = store_begin(s);
    store_delete(t, CLASS_VBD, vbd);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    UNIT_EQUAL(log->str, "d:VBD m:VM ");
    g_free(vbd);
    store_close(s);
}

static void check_relation(struct store *s, const char *vm, size_t n)
{
    SNAPSHOT_AUTO *now = store_read(s);
    const struct record *r = snapshot_find(now, CLASS_VM, vm);
    CU_ASSERT_EQUAL(record_count(r, F_VM_VBDs), n);
    for (size_t i = 0; i < n; i++)
        CU_ASSERT_PTR_NOT_NULL(
            snapshot_find(now, CLASS_VBD, record_item(r, F_VM_VBDs, i)));
}

static void keeps_relations(void)
{
    struct store *s = open_file();
    g_autofree char *a = make_vm(s, "a");
    g_autofree char *b = make_vm(s, "b");
    struct txn *t = store_begin(s);
    char *vbd = g_strdup(store_create(t, CLASS_VBD, NULL, NULL));
    store_set_str(t, vbd, F_VBD_VM, a);
    store_set_str(t, store_create(t, CLASS_VBD, NULL, NULL), F_VBD_VM, a);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    check_relation(s, a, 2);
    t = store_begin(s);
    store_set_str(t, vbd, F_VBD_VM, b);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    check_relation(s, a, 1);
    check_relation(s, b, 1);
    store_close(s);
    s = open_file(); /* the sets are found again, not stored */
    check_relation(s, a, 1);
    check_relation(s, b, 1);
    store_close(s);
    remove_file();
    g_free(vbd);
}

/* Every kind of field survives closing and opening. */
static void reopens_whole(void)
{
    struct store *s = open_file();
    g_autofree char *ref = make_vm(s, "we\xc3\xa4\"\n");
    struct txn *t = store_begin(s);
    store_set_time(t, ref, F_VM_snapshot_time, 1767225600);
    store_set_float(t, ref, F_VM_HVM_shadow_multiplier, 2.5);
    store_set_bool(t, ref, F_VM_is_a_template, true);
    store_set_str(t, ref, F_VM_actions_after_crash, "preserve");
    store_map_put(t, ref, F_VM_blocked_operations, "start", "no");
    store_set_add(t, ref, F_VM_tags, "red");
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    SNAPSHOT_AUTO *old = store_read(s);
    VALUE_AUTO *want = record_to_value(snapshot_find(old, CLASS_VM, ref));
    uint64_t generation = snapshot_generation(old);
    snapshot_release(g_steal_pointer(&old));
    store_close(s);
    s = open_file();
    SNAPSHOT_AUTO *now = store_read(s);
    VALUE_AUTO *got = record_to_value(snapshot_find(now, CLASS_VM, ref));
    CU_ASSERT(value_equal(want, got));
    UNIT_EQUAL(value_get_string(value_find(got, "snapshot_time")),
               "20260101T00:00:00Z");
    CU_ASSERT(snapshot_generation(now) > generation);
    snapshot_release(g_steal_pointer(&now));
    store_close(s);
    remove_file();
}

/* ---- kill -9 ----------------------------------------------------------------
 */

/* Each transaction makes a VM with two VBDs or deletes such a group, and says
 * so on the pipe once it is acknowledged. */
static void child_work(int fd)
{
    struct store *s = open_file();
    GRand *rand = g_rand_new();
    for (;;) {
        struct txn *t = store_begin(s);
        const struct snapshot *snap = txn_snapshot(t);
        size_t n = snapshot_count(snap, CLASS_VM);
        char line[64];
        if (n > 3 && g_rand_boolean(rand)) {
            const struct record *vm = snapshot_at(
                snap, CLASS_VM, g_rand_int_range(rand, 0, (gint32)n));
            for (size_t i = 0; i < record_count(vm, F_VM_VBDs); i++)
                store_delete(t, CLASS_VBD, record_item(vm, F_VM_VBDs, i));
            store_delete(t, CLASS_VM, record_ref(vm));
            g_snprintf(line, sizeof line, "-%s\n", record_ref(vm));
        } else {
            const char *vm = store_create(t, CLASS_VM, NULL, NULL);
            g_snprintf(line, sizeof line, "+%s\n", vm);
            for (int i = 0; i < 2; i++)
                store_set_str(t, store_create(t, CLASS_VBD, NULL, NULL),
                              F_VBD_VM, vm);
        }
        if (store_commit(t, NULL) < 0 || write(fd, line, strlen(line)) < 0)
            _exit(1);
    }
}

/* Runs a child for a moment, kills it, returns what it had acknowledged. */
static char *run_and_kill(unsigned usec)
{
    int fd[2];
    CU_ASSERT_EQUAL_FATAL(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        child_work(fd[1]);
    }
    close(fd[1]);
    usleep(usec);
    kill(pid, SIGKILL);
    GString *log = g_string_new(NULL);
    char buf[4096];
    ssize_t n;
    while ((n = read(fd[0], buf, sizeof buf)) > 0)
        g_string_append_len(log, buf, n);
    close(fd[0]);
    waitpid(pid, NULL, 0);
    return g_string_free(log, FALSE);
}

static void apply_log(GHashTable *alive, const char *log)
{
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    for (int i = 0; lines[i] && lines[i + 1]; i++)
        if (lines[i][0] == '+')
            g_hash_table_add(alive, g_strdup(lines[i] + 1));
        else
            g_hash_table_remove(alive, lines[i] + 1);
}

/* What was acknowledged is there; at most the one transaction in flight more
 * or less; never half of one. */
static void check_after_kill(GHashTable *alive)
{
    struct store *s = open_file();
    SNAPSHOT_AUTO *now = store_read(s);
    size_t n = snapshot_count(now, CLASS_VM), unknown = 0, missing = 0;
    for (size_t i = 0; i < n; i++) {
        const struct record *vm = snapshot_at(now, CLASS_VM, i);
        CU_ASSERT_EQUAL(record_count(vm, F_VM_VBDs), 2);
        unknown += !g_hash_table_contains(alive, record_ref(vm));
    }
    CU_ASSERT_EQUAL(snapshot_count(now, CLASS_VBD), 2 * n);
    GHashTableIter it;
    void *ref;
    g_hash_table_iter_init(&it, alive);
    while (g_hash_table_iter_next(&it, &ref, NULL))
        missing += !snapshot_find(now, CLASS_VM, ref);
    CU_ASSERT(unknown + missing <= 1);
    g_hash_table_remove_all(alive);
    for (size_t i = 0; i < n; i++)
        g_hash_table_add(alive,
                         g_strdup(record_ref(snapshot_at(now, CLASS_VM, i))));
    snapshot_release(g_steal_pointer(&now));
    store_close(s);
}

static void survives_kill(void)
{
    g_autoptr(GHashTable) alive =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    store_close(open_file());
    size_t done = 0;
    for (int i = 0; i < 25; i++) {
        g_autofree char *log =
            run_and_kill(10000 + 7919u * (unsigned)i % 30000);
        done += strlen(log);
        apply_log(alive, log);
        check_after_kill(alive);
    }
    CU_ASSERT(done > 0);
    remove_file();
}

/* ---- readers and one writer -------------------------------------------- */

static atomic_bool stop;

/* Both fields are always set together: a reader must never see them differ. */
static void *reader(void *data)
{
    struct store *s = data;
    uintptr_t wrong = 0;
    while (!atomic_load(&stop)) {
        SNAPSHOT_AUTO *now = store_read(s);
        const struct record *r = snapshot_at(now, CLASS_VM, 0);
        wrong += record_int(r, F_VM_VCPUs_max) !=
                 record_int(r, F_VM_VCPUs_at_startup);
    }
    return (void *)wrong;
}

static void readers_see_whole_changes(void)
{
    struct store *s = open_memory();
    g_autofree char *ref = make_vm(s, "web");
    struct txn *t = store_begin(s);
    store_set_int(t, ref, F_VM_VCPUs_at_startup, 4);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    GThread *threads[4];
    atomic_store(&stop, false);
    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("reader", reader, s);
    for (int i = 0; i < 5000; i++) {
        t = store_begin(s);
        store_set_int(t, ref, F_VM_VCPUs_max, i);
        store_set_int(t, ref, F_VM_VCPUs_at_startup, i);
        CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
        if (i % 500 == 0)
            g_usleep(20000); /* the count of readers of one root gets large */
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 4; i++)
        CU_ASSERT_PTR_NULL(g_thread_join(threads[i]));
    store_close(s);
}

static void remember(void *user, const struct class *c, const char *ref,
                     uint64_t generation)
{
    (void)generation;
    g_string_append_printf(user, "%s %s;", c->name, ref);
}

static void remembers_deleted(void)
{
    struct store *s = open_memory();
    g_autoptr(GString) log = g_string_new(NULL);
    g_autofree char *ref = make_vm(s, "web");
    SNAPSHOT_AUTO *with = store_read(s);
    struct txn *t = store_begin(s);
    store_delete(t, CLASS_VM, ref);
    CU_ASSERT_EQUAL(store_commit(t, NULL), 0);
    SNAPSHOT_AUTO *now = store_read(s);
    CU_ASSERT(
        snapshot_deleted_since(now, snapshot_generation(with), remember, log));
    g_autofree char *want = g_strdup_printf("VM %s;", ref);
    UNIT_EQUAL(log->str, want);
    g_string_truncate(log, 0);
    CU_ASSERT(
        snapshot_deleted_since(now, snapshot_generation(now), remember, log));
    UNIT_EQUAL(log->str, "");
    CU_ASSERT_FALSE(snapshot_deleted_since(now, 1, remember, log));
    snapshot_release(g_steal_pointer(&with));
    snapshot_release(g_steal_pointer(&now));
    store_close(s);
}

static void dumps_a_copy(void)
{
    ERR_AUTO err = { 0 };
    struct store *s = open_file();
    g_free(make_vm(s, "web"));
    g_autofree char *copy = g_build_filename(dir, "copy", NULL);
    CU_ASSERT_EQUAL(store_dump(s, copy, &err), 0);
    store_close(s);
    CU_ASSERT_EQUAL(store_sqlite_check(copy, &err), 0);
    g_file_set_contents(copy, "no database, surely not one at all", -1, NULL);
    CU_ASSERT_EQUAL(store_sqlite_check(copy, &err), -1);
    remove_file();
}

/* ---- values
 * ------------------------------------------------------------------ */

static void conforms(void)
{
    static const struct {
        const char *type, *in, *out;
    } rows[] = {
        { "int", "\"42\"", "42" },
        { "int", "-7", "-7" },
        { "int", "3.0", "3" },
        { "int", "\"4x\"", NULL },
        { "int", "true", NULL },
        { "float", "5", "5.0" },
        { "float", "\"0.5\"", "0.5" },
        { "bool", "true", "true" },
        { "bool", "\"false\"", "false" },
        { "bool", "\"maybe\"", NULL },
        { "string", "\"x\"", "\"x\"" },
        { "string", "1", NULL },
        { "enum vm_power_state", "\"Running\"", "\"Running\"" },
        { "enum vm_power_state", "\"running\"", NULL },
        { "VM ref", "\"\"", "\"OpaqueRef:NULL\"" },
        { "string set", "[\"a\",\"b\"]", "[\"a\",\"b\"]" },
        { "string set", "[1]", NULL },
        { "(string -> int) map", "{\"a\":\"1\"}", "{\"a\":1}" },
        { "(enum vm_operations -> string) map", "{\"fly\":\"1\"}", NULL },
        { "datetime", "\"2026-01-01T00:00:00Z\"", "\"20260101T00:00:00Z\"" },
        { "datetime", "\"20260101T01:30:00+01:30\"", "\"20260101T00:00:00Z\"" },
        { "datetime", "\"today\"", NULL },
    };
    if (!model)
        model = model_open();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        FAULT_AUTO fault = { 0 };
        VALUE_AUTO *in = value_json_parse(rows[i].in, strlen(rows[i].in), NULL);
        VALUE_AUTO *out =
            value_conform(model_type(model, rows[i].type), in, "field", &fault);
        g_autoptr(GString) text = g_string_new(NULL);
        if (out)
            value_json_format(text, out, false);
        UNIT_EQUAL(out ? text->str : NULL, rows[i].out);
        CU_ASSERT_EQUAL(!out, !!fault.code);
    }
}

const struct unit_test unit_tests[] = {
    { "a commit becomes visible at once and whole", commit_shows },
    { "a rolled back transaction leaves nothing", rollback_hides },
    { "each change is told once, no change is not", tells_changes },
    { "both sides of a relation follow, also after a restart",
      keeps_relations },
    { "every kind of field survives a restart", reopens_whole },
    { "kill -9 loses nothing that was acknowledged and keeps no half",
      survives_kill },
    { "readers never see half of a change", readers_see_whole_changes },
    { "deleted objects are remembered for those who ask", remembers_deleted },
    { "a dump is a complete copy; a broken one is told", dumps_a_copy },
    { "values from outside become exact or are refused", conforms },
    { 0 },
};
