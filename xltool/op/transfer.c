/* A domain's state to and from a descriptor (way A, for save, restore and
 * migration). */
#include "op/transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "op/progress.h"
#include "op/savefile.h"
#include "op/signals.h"
#include "xen/wait.h"

static char *to_json(struct xen *x, libxl_domain_config *config,
                     uint32_t keep_domid, struct err *err)
{
    config->c_info.domid = keep_domid;
    char *json = libxl_domain_config_to_json(x->ctx, config);
    char *copy = g_strdup(json);
    free(json);
    if (!copy)
        err_set(err, ERR_FAIL, "the configuration cannot be written as JSON");
    return copy;
}

char *transfer_config(struct xen *x, uint32_t domid, const char *file,
                      bool keep_domid, struct err *err)
{
    uint32_t keep = keep_domid ? domid : 0;
    char *json = NULL;
    if (file) {
        struct load l;
        if (load_file(x, file, NULL, true, &l, err) == 0)
            json = to_json(x, &l.config, keep, err);
        else if (err)
            err->exit_code = 1; /* of save and migrate */
        load_dispose(&l);
        return json;
    }
    libxl_domain_config config;
    libxl_domain_config_init(&config);
    int rc = libxl_retrieve_domain_configuration(x->ctx, domid, &config, NULL);
    if (rc == 0) {
        json = to_json(x, &config, keep, err);
    } else {
        xen_fail(x, err, rc, "the domain's configuration is not stored");
        err_hint(err, "Give the config file it was made from.");
    }
    libxl_domain_config_dispose(&config);
    return json;
}

int transfer_write_all(int fd, const void *data, size_t len, const char *what,
                       struct err *err)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, (const char *)data + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, errno, "cannot write to %s", what);
        done += (size_t)n;
    }
    return 0;
}

int transfer_resume(struct xen *x, uint32_t domid, struct err *err)
{
    int rc = libxl_domain_resume(x->ctx, domid, 1, NULL);
    if (rc)
        return xen_fail(x, err, rc, "the domain cannot go on");
    return 0;
}

/* Whether the domain is suspended: then it must be resumed. */
static bool is_suspended(struct xen *x, uint32_t domid)
{
    libxl_dominfo info;
    libxl_dominfo_init(&info);
    bool suspended = libxl_domain_info(x->ctx, &info, domid) == 0 &&
                     info.shutdown &&
                     info.shutdown_reason == LIBXL_SHUTDOWN_REASON_SUSPEND;
    libxl_dominfo_dispose(&info);
    return suspended;
}

static int failed(struct xen *x, uint32_t domid, int rc, bool interrupted,
                  const char *what, struct err *err)
{
    ERR_AUTO second = { 0 };
    const char *early = "";
    if (interrupted) {
        err_set(err, ERR_ABORTED, "interrupted");
        if (err)
            err->exit_code = 130;
    } else {
        xen_fail(x, err, rc, "the domain was not saved to %s", what);
        if (err && strstr(err->message, "p2m"))
            early = "Its system has not started far enough yet. ";
    }
    xen_log_clear(x->log);
    if (!is_suspended(x, domid) || transfer_resume(x, domid, &second) == 0)
        return err_hint(err, "%sThe domain goes on running here.", early);
    err_context(err, "resuming it: %s", second.message);
    return err_hint(err, "The domain is still there but stands still.");
}

uint64_t transfer_memory(struct xen *x, uint32_t domid)
{
    libxl_dominfo info;
    libxl_dominfo_init(&info);
    uint64_t kib = libxl_domain_info(x->ctx, &info, domid)
                       ? 0
                       : info.current_memkb + info.outstanding_memkb;
    libxl_dominfo_dispose(&info);
    return kib * 1024;
}

int transfer_send(struct xen *x, uint32_t domid, int fd, int flags,
                  const char *config_json, const char *what, const char *doing,
                  struct err *err)
{
    g_autoptr(GString) head = g_string_new(NULL);
    struct signals signals = { .fd = -1 };
    struct wait_op op;
    savefile_format(head, config_json);
    if (transfer_write_all(fd, head->str, head->len, what, err))
        return -1;
    struct progress_how seen = { .what = doing,
                                 .source = PROGRESS_WRITE,
                                 .fd = fd,
                                 .total = transfer_memory(x, domid) };
    struct progress *progress = progress_start(x->log, &seen);
    signals_hold(&signals);
    wait_op_init(&op);
    int rc = libxl_domain_suspend(x->ctx, domid, fd, flags, &op.how);
    if (rc == 0)
        rc = wait_op(x, &op, signals.fd, -1);
    progress_end(progress, rc == 0);
    int r =
        rc == 0 ? 0 : failed(x, domid, rc, signals_came(&signals), what, err);
    signals_release(&signals);
    return r;
}

static int config_of_head(struct xen *x, const struct savefile *head,
                          const char *what, struct load *l, struct err *err)
{
    memset(l, 0, sizeof(*l));
    libxl_domain_config_init(&l->config);
    if (!head->config) {
        err_set(err, ERR_CONFIG, "%s holds no configuration", what);
        return err_hint(err, "Give the config file it was made from.");
    }
    if (!(head->mandatory & SAVEFILE_JSON))
        return load_text(x, what, head->config, head->config_len, NULL, true, l,
                         err);
    if (xlconf_read(LOAD_XLCONF, &l->conf, err))
        return -1;
    int rc = libxl_domain_config_from_json(x->ctx, &l->config, head->config);
    if (rc)
        return xen_fail(x, err, rc, "the configuration in %s cannot be read",
                        what);
    return 0;
}

int transfer_load(struct xen *x, int fd, const char *what, const char *file,
                  struct load *l_out, libxl_domain_restore_params *params_out,
                  struct err *err)
{
    struct savefile head;
    memset(l_out, 0, sizeof(*l_out));
    libxl_domain_config_init(&l_out->config);
    libxl_domain_restore_params_init(params_out);
    int r = savefile_read(fd, what, &head, err);
    if (r == 0)
        r = file ? load_file(x, file, NULL, true, l_out, err)
                 : config_of_head(x, &head, what, l_out, err);
    params_out->stream_version = head.mandatory & SAVEFILE_V2 ? 2 : 1;
    savefile_dispose(&head);
    return r;
}
