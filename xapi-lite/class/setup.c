/* The records every installation has: pool, host, Domain-0 (way B). */
#include "class/setup.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "class/network.h"
#include "driver/driver.h"

/* The version of the data model that is served, and of the calls. */
#define MODEL_VERSION "24.3.0"
enum { API_MAJOR = 2, API_MINOR = 23 };

static char *only_one(struct txn *t, enum class_id c)
{
    const struct snapshot *s = txn_snapshot(t);
    return g_strdup(snapshot_count(s, c) ? record_ref(snapshot_at(s, c, 0))
                                         : store_create(t, c, NULL, NULL));
}

static char *find_dom0(struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    for (size_t i = 0; i < snapshot_count(s, CLASS_VM); i++) {
        const struct record *r = snapshot_at(s, CLASS_VM, i);
        if (record_bool(r, F_VM_is_control_domain))
            return g_strdup(record_ref(r));
    }
    return g_strdup(store_create(t, CLASS_VM, NULL, NULL));
}

static void put(struct txn *t, const char *ref, enum field_id f,
                const char *key, const char *text)
{
    store_map_put(t, ref, f, key, text ? text : "");
}

/* ---- host ------------------------------------------------------------------
 */

static void set_versions(struct xapi *x, struct txn *t, const char *host,
                         const struct host_info *h)
{
    const enum field_id f = F_host_software_version;
    put(t, host, f, "product_brand", "xapi-lite");
    put(t, host, f, "product_version", MODEL_VERSION);
    put(t, host, f, "product_version_text", MODEL_VERSION);
    put(t, host, f, "product_version_text_short", MODEL_VERSION);
    put(t, host, f, "platform_name", "Debian");
    put(t, host, f, "platform_version", MODEL_VERSION);
    put(t, host, f, "build_number", "0");
    put(t, host, f, "hostname", h->hostname);
    put(t, host, f, "xapi", "24.3");
    put(t, host, f, "xen", h->xen_version);
    put(t, host, f, "xen_cmdline", h->xen_cmdline);
    put(t, host, f, "linux", h->kernel);
    put(t, host, f, "network_backend", networks_backend(x));
    put(t, host, f, "dbv", "0.0.1");
}

static void set_cpu(struct txn *t, const char *host, const struct host_info *h)
{
    const enum field_id f = F_host_cpu_info;
    char text[32];
    g_snprintf(text, sizeof text, "%u", h->cpu_count);
    put(t, host, f, "cpu_count", text);
    g_snprintf(text, sizeof text, "%u", h->sockets);
    put(t, host, f, "socket_count", text);
    g_snprintf(text, sizeof text, "%u", MAX(1, h->threads_per_core));
    put(t, host, f, "threads_per_core", text);
    put(t, host, f, "vendor", h->cpu_vendor);
    g_snprintf(text, sizeof text, "%u", h->cpu_mhz);
    put(t, host, f, "speed", text);
    put(t, host, f, "modelname", h->cpu_model);
    g_snprintf(text, sizeof text, "%u", h->cpu_family);
    put(t, host, f, "family", text);
    g_snprintf(text, sizeof text, "%u", h->cpu_model_id);
    put(t, host, f, "model", text);
    g_snprintf(text, sizeof text, "%u", h->cpu_stepping);
    put(t, host, f, "stepping", text);
    put(t, host, f, "flags", h->cpu_flags);
}

/* Both maps have them: the pool is this host. */
static void set_features(struct xapi *x, struct txn *t,
                         const struct host_info *h)
{
    struct host_features f;
    char text[32];
    driver_host_features(&f);
    const struct {
        const char *key, *words;
    } rows[] = {
        { "features", f.host },         { "features_pv", f.pv },
        { "features_hvm", f.hvm },      { "features_pv_host", f.pv },
        { "features_hvm_host", f.hvm },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        put(t, x->host_ref, F_host_cpu_info, rows[i].key, rows[i].words);
        put(t, x->pool_ref, F_pool_cpu_info, rows[i].key, rows[i].words);
    }
    host_features_dispose(&f);
    put(t, x->pool_ref, F_pool_cpu_info, "vendor", h->cpu_vendor);
    g_snprintf(text, sizeof text, "%u", h->cpu_count);
    put(t, x->pool_ref, F_pool_cpu_info, "cpu_count", text);
    g_snprintf(text, sizeof text, "%u", h->sockets);
    put(t, x->pool_ref, F_pool_cpu_info, "socket_count", text);
}

static void set_bios(struct txn *t, const char *host, const struct host_info *h)
{
    const enum field_id f = F_host_bios_strings;
    put(t, host, f, "bios-vendor", h->bios_vendor);
    put(t, host, f, "bios-version", h->bios_version);
    put(t, host, f, "system-manufacturer", h->system_manufacturer);
    put(t, host, f, "system-product-name", h->system_product);
}

static void set_capabilities(struct txn *t, const char *host,
                             const struct host_info *h)
{
    g_auto(GStrv) caps = g_strsplit(h->xen_caps ? h->xen_caps : "", " ", -1);
    for (int i = 0; caps[i]; i++)
        if (*caps[i])
            store_set_add(t, host, F_host_capabilities, caps[i]);
}

static void set_host_once(struct txn *t, const char *host,
                          const struct host_info *h)
{
    store_set_str(t, host, F_host_name_label, h->hostname);
    store_set_str(t, host, F_host_name_description,
                  "Xen on Debian, served by xapi-lite");
    store_set_bool(t, host, F_host_enabled, true);
    store_set_str(t, host, F_host_edition, "free");
    store_set_add(t, host, F_host_editions, "free");
    store_set_bool(t, host, F_host_ssl_legacy, false);
}

/* The address from which this host would speak to the world; nothing is sent.
 * Caller frees. */
static char *address_of_route(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
    socklen_t n = sizeof a;
    char text[INET_ADDRSTRLEN] = "127.0.0.1";
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, "192.0.2.1", &a.sin_addr); /* of RFC 5737: nobody's */
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, n) == 0 &&
        getsockname(fd, (struct sockaddr *)&a, &n) == 0)
        inet_ntop(AF_INET, &a.sin_addr, text, sizeof text);
    if (fd >= 0)
        close(fd);
    return g_strdup(text);
}

/* What clients are told: the configured address, that of the management
 * interface, or that of the default route. Caller frees. */
static char *own_address(struct xapi *x, struct txn *t)
{
    const struct snapshot *s = txn_snapshot(t);
    if (x->config.address)
        return g_strdup(x->config.address);
    for (size_t i = 0; i < snapshot_count(s, CLASS_PIF); i++) {
        const struct record *r = snapshot_at(s, CLASS_PIF, i);
        if (record_bool(r, F_PIF_management) && *record_str(r, F_PIF_IP))
            return g_strdup(record_str(r, F_PIF_IP));
    }
    return address_of_route();
}

static void set_host(struct xapi *x, struct txn *t, const struct host_info *h)
{
    const char *host = x->host_ref;
    store_set_str(t, host, F_host_hostname, h->hostname);
    g_autofree char *address = own_address(x, t);
    store_set_str(t, host, F_host_address, address);
    store_set_int(t, host, F_host_API_version_major, API_MAJOR);
    store_set_int(t, host, F_host_API_version_minor, API_MINOR);
    store_set_str(t, host, F_host_API_version_vendor, "XenSource");
    store_set_str(t, host, F_host_sched_policy, h->xen_scheduler);
    store_set_add(t, host, F_host_supported_bootloaders, "pygrub");
    set_versions(x, t, host, h);
    set_cpu(t, host, h);
    if (x->driver)
        set_features(x, t, h);
    set_bios(t, host, h);
    set_capabilities(t, host, h);
    char text[32];
    g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT ".", h->boot_time);
    put(t, host, F_host_other_config, "boot_time", text);
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT ".",
               g_get_real_time() / G_USEC_PER_SEC);
    put(t, host, F_host_other_config, "agent_start_time", text);
}

static void set_metrics(struct xapi *x, struct txn *t,
                        const struct host_info *h)
{
    const struct record *host = txn_find(t, CLASS_host, x->host_ref);
    const char *m = record_str(host, F_host_metrics);
    if (!txn_find(t, CLASS_host_metrics, m)) {
        m = store_create(t, CLASS_host_metrics, NULL, NULL);
        store_set_str(t, x->host_ref, F_host_metrics, m);
    }
    store_set_bool(t, m, F_host_metrics_live, true);
    store_set_int(t, m, F_host_metrics_memory_total, (int64_t)h->memory_total);
    store_set_int(t, m, F_host_metrics_memory_free, (int64_t)h->memory_free);
    store_set_time(t, m, F_host_metrics_last_updated,
                   g_get_real_time() / G_USEC_PER_SEC);
}

static void make_cpus(struct xapi *x, struct txn *t, const struct host_info *h)
{
    for (unsigned i = 0; i < h->cpu_count; i++) {
        const char *c = store_create(t, CLASS_host_cpu, NULL, NULL);
        store_set_str(t, c, F_host_cpu_host, x->host_ref);
        store_set_int(t, c, F_host_cpu_number, i);
        store_set_str(t, c, F_host_cpu_vendor, h->cpu_vendor);
        store_set_str(t, c, F_host_cpu_modelname, h->cpu_model);
        store_set_str(t, c, F_host_cpu_flags, h->cpu_flags);
        store_set_int(t, c, F_host_cpu_speed, h->cpu_mhz);
        store_set_int(t, c, F_host_cpu_family, h->cpu_family);
        store_set_int(t, c, F_host_cpu_model, h->cpu_model_id);
    }
}

/* ---- Domain-0 and the pool -------------------------------------------------
 */

static void set_dom0(struct xapi *x, struct txn *t, const struct host_info *h)
{
    const char *vm = x->dom0_ref;
    g_autofree char *name =
        g_strdup_printf("Control domain on host: %s", h->hostname);
    store_set_str(t, vm, F_VM_name_label, name);
    store_set_str(t, vm, F_VM_name_description,
                  "The domain which manages physical devices and other "
                  "domains");
    store_set_bool(t, vm, F_VM_is_control_domain, true);
    store_set_str(t, vm, F_VM_power_state, "Running");
    store_set_int(t, vm, F_VM_domid, 0);
    store_set_str(t, vm, F_VM_domarch, "x86_64");
    store_set_str(t, vm, F_VM_domain_type, "pv");
    store_set_str(t, vm, F_VM_resident_on, x->host_ref);
    store_set_str(t, vm, F_VM_affinity, x->host_ref);
    store_set_str(t, x->host_ref, F_host_control_domain, vm);
    if (strcmp(record_str(txn_find(t, CLASS_VM, vm), F_VM_metrics), REF_NULL))
        return;
    const char *m = store_create(t, CLASS_VM_metrics, NULL, NULL);
    store_set_str(t, vm, F_VM_metrics, m);
    store_set_time(t, m, F_VM_metrics_start_time, (int64_t)h->boot_time);
}

static void set_pool(struct xapi *x, struct txn *t)
{
    store_set_str(t, x->pool_ref, F_pool_master, x->host_ref);
    const struct record *r = txn_find(t, CLASS_pool, x->pool_ref);
    if (!record_count(r, F_pool_other_config))
        put(t, x->pool_ref, F_pool_other_config, "auto_poweron", "false");
}

/* What is known without Xen, for a look round. */
static void plain_info(struct host_info *h)
{
    struct utsname u;
    uname(&u);
    h->hostname = g_strdup(u.nodename);
    h->kernel = g_strdup(u.release);
    h->cpu_count = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    h->sockets = 1;
    h->xen_version = g_strdup("");
    h->xen_scheduler = g_strdup("");
}

static int read_info(struct xapi *x, struct host_info *h, struct err *err)
{
    if (x->driver)
        return driver_host_info(x->driver, h, err);
    plain_info(h);
    return 0;
}

int setup_host(struct xapi *x, struct err *err)
{
    struct host_info h = { 0 };
    if (read_info(x, &h, err) < 0)
        return -1;
    struct txn *t = store_begin(x->store);
    bool first = !snapshot_count(txn_snapshot(t), CLASS_host);
    x->host_ref = only_one(t, CLASS_host);
    x->pool_ref = only_one(t, CLASS_pool);
    x->dom0_ref = find_dom0(t);
    if (first)
        set_host_once(t, x->host_ref, &h);
    set_host(x, t, &h);
    set_metrics(x, t, &h);
    make_cpus(x, t, &h);
    set_dom0(x, t, &h);
    set_pool(x, t);
    setup_roles(t);
    host_info_dispose(&h);
    return store_commit(t, err);
}

int setup_refresh(struct xapi *x, struct err *err)
{
    struct host_info h = { 0 };
    if (read_info(x, &h, err) < 0)
        return -1;
    struct txn *t = store_begin(x->store);
    set_host(x, t, &h);
    set_metrics(x, t, &h);
    host_info_dispose(&h);
    return store_commit(t, err);
}

/* Written only when it has moved, since each change is an event. */
void setup_free_memory(struct xapi *x)
{
    struct host_info h = { 0 };
    if (!x->driver || driver_host_info(x->driver, &h, NULL) < 0)
        return;
    struct txn *t = store_begin(x->store);
    const struct record *host = txn_find(t, CLASS_host, x->host_ref);
    const struct record *m =
        txn_find(t, CLASS_host_metrics, record_str(host, F_host_metrics));
    if (m &&
        record_int(m, F_host_metrics_memory_free) != (int64_t)h.memory_free) {
        store_set_int(t, record_ref(m), F_host_metrics_memory_free,
                      (int64_t)h.memory_free);
        store_set_time(t, record_ref(m), F_host_metrics_last_updated,
                       g_get_real_time() / G_USEC_PER_SEC);
    }
    host_info_dispose(&h);
    store_commit(t, NULL);
}
