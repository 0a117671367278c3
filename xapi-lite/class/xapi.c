/* Opening and closing the daemon's parts, in order (way B). */
#include "xapi.h"

#include <errno.h>
#include <string.h>

#include "class/allowed.h"
#include "class/contents.h"
#include "class/device_metrics.h"
#include "class/handler.h"
#include "class/network.h"
#include "class/ops.h"
#include "class/pci.h"
#include "class/sessions.h"
#include "class/setup.h"
#include "class/storage.h"
#include "class/timing.h"
#include "class/vm.h"
#include "class/vmss.h"
#include "driver/driver.h"
#include "rrd/rrd.h"

enum { CLOSE_WAIT_S = 10 };

void xapi_config_init(struct xapi_config *c)
{
    if (!c->state_dir)
        c->state_dir = "/var/lib/xapi-lite";
    if (!c->login_delay_ms)
        c->login_delay_ms = 5000;
    if (!c->session_idle_s)
        c->session_idle_s = 86400;
    if (!c->workers)
        c->workers = 16;
    if (!c->auth)
        c->auth = session_auth_pam;
}

static int open_store(struct xapi *x, struct err *err)
{
    struct store_backend backend;
    g_autofree char *path =
        g_build_filename(x->config.state_dir, "state.db", NULL);
    if (g_mkdir_with_parents(x->config.state_dir, 0700) < 0)
        return err_errno(err, ERR_IO, errno, "cannot make %s",
                         x->config.state_dir);
    if (store_sqlite_open(&backend, path, err) < 0)
        return -1;
    x->store = store_open(x->model, backend, err);
    return x->store ? 0 : -1;
}

static int open_parts(struct xapi *x, struct err *err)
{
    if (!x->config.no_xen && !(x->driver = driver_open(err)))
        return -1;
    x->model = model_open();
    x->sessions = sessions_open();
    if (open_store(x, err) < 0)
        return -1;
    x->events = events_open(x->store);
    x->tasks = tasks_open(x->store);
    x->ops = ops_open(x);
    x->timings = timing_open();
    x->networks = networks_open(x->config.network_backend);
    store_hook(x->store, allowed_update, NULL);
    if (setup_host(x, err) < 0 || setup_templates(x, err) < 0 ||
        device_metrics_start(x->store, err) < 0)
        return -1;
    if (!x->config.no_xen &&
        (network_scan(x, err) < 0 || pci_refresh(x, err) < 0))
        return -1;
    contents_clean(x);
    if (sr_start(x, err) < 0)
        return -1;
    if (!x->config.no_xen)
        network_start(x);
    setup_recover(x);
    vms_open(x);
    x->rrds = rrds_open(x);
    x->schedules = vmss_open(x);
    return 0;
}

struct xapi *xapi_open(const struct xapi_config *config, struct err *err)
{
    struct xapi *x = g_new0(struct xapi, 1);
    x->config = *config;
    xapi_config_init(&x->config);
    if (open_parts(x, err) < 0)
        g_clear_pointer(&x, xapi_close);
    return x;
}

void xapi_close(struct xapi *x)
{
    if (!x)
        return;
    if (x->tasks)
        tasks_cancel_all(x->tasks, CLOSE_WAIT_S);
    network_stop(x);
    ops_close(x->ops);
    rrds_close(x->rrds);
    vmss_close(x->schedules);
    vms_close(x->vms);
    tasks_close(x->tasks);
    events_close(x->events);
    timing_close(x->timings);
    sessions_close(x->sessions);
    networks_close(x->networks);
    driver_close(x->driver);
    store_close(x->store);
    model_close(x->model);
    g_free(x->pool_ref);
    g_free(x->host_ref);
    g_free(x->dom0_ref);
    g_free(x);
}
