/* Tests: libxl's messages -> the first cause. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "op/why.h"
#include "tests/unit/unit.h"

__attribute__((format(printf, 2, 3))) static void says(struct xen_log *log,
                                                       const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    log->vtable.vmessage(&log->vtable, XTL_ERROR, -1, "libxl", format, ap);
    va_end(ap);
}

/* Fills err as for a failed creation of `config`. */
static void explain(struct xen_log *log, libxl_domain_config *config, int rc,
                    const struct memory_need *memory, struct err *err)
{
    struct why_facts facts = {
        .config = config, .memory = memory, .rc = rc, .domid = 5
    };
    why_creation_failed(log, &facts, err);
}

static void init(libxl_domain_config *config, libxl_domain_type type)
{
    libxl_domain_config_init(config);
    config->c_info.name = strdup("guest");
    libxl_domain_build_info_init_type(&config->b_info, type);
}

static void a_missing_kernel(void)
{
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    struct xen_log *log = xen_log_new(stderr, 0);
    init(&config, LIBXL_DOMAIN_TYPE_PV);
    config.b_info.kernel = strdup("/no/such/kernel");
    says(log, "xg_dom_core.c:205: failed to open file");
    says(log, "libxl_dom.c:1:f: Domain 5:cannot (re-)build domain: %d", -3);
    explain(log, &config, ERROR_FAIL, NULL, &err);
    UNIT_EQUAL(err.message, "the kernel \"/no/such/kernel\" does not exist");
    CU_ASSERT_EQUAL(err_exit_code(&err), 3);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.hint, "libxl: Domain 5:cannot (re-)build domain: -3"));
    libxl_domain_config_dispose(&config);
    xen_log_free(log);
}

static void a_name_that_is_taken(void)
{
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    struct xen_log *log = xen_log_new(stderr, 0);
    init(&config, LIBXL_DOMAIN_TYPE_PV);
    config.b_info.kernel = strdup("/no/such/kernel");
    says(log, "Domain with name \"guest\" already exists.");
    explain(log, &config, ERROR_INVAL, NULL, &err);
    UNIT_EQUAL(err.message, "a domain of this name runs already");
    CU_ASSERT_EQUAL(err_exit_code(&err), 6);
    libxl_domain_config_dispose(&config);
    xen_log_free(log);
}

static void too_little_memory(void)
{
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    struct memory_need need = { .need_kib = 2048 * 1024, .free_kib = 1024 };
    struct xen_log *log = xen_log_new(stderr, 0);
    init(&config, LIBXL_DOMAIN_TYPE_PV);
    says(log, "xc_dom_boot_mem_init failed");
    explain(log, &config, ERROR_FAIL, &need, &err);
    UNIT_EQUAL(err.message, "not enough memory: the domain needs 2048 MiB, 1 "
                            "MiB are free");
    libxl_domain_config_dispose(&config);
    xen_log_free(log);
}

static void the_scripts_own_words(void)
{
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    struct xen_log *log = xen_log_new(stderr, 0);
    init(&config, LIBXL_DOMAIN_TYPE_PV);
    says(log, "/etc/xen/scripts/vif-x online [7] exited with error status 1");
    says(log, "script: no such VLAN");
    explain(log, &config, ERROR_FAIL, NULL, &err);
    UNIT_EQUAL(err.message, "script: no such VLAN");
    libxl_domain_config_dispose(&config);
    xen_log_free(log);
}

static void nothing_known_takes_the_first_message(void)
{
    libxl_domain_config config;
    ERR_AUTO err = { 0 };
    struct xen_log *log = xen_log_new(stderr, 0);
    init(&config, LIBXL_DOMAIN_TYPE_PV);
    says(log, "libxl_x.c:12:function: the first cause");
    says(log, "libxl_x.c:13:function: what followed");
    explain(log, &config, ERROR_FAIL, NULL, &err);
    UNIT_EQUAL(err.message, "the first cause");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.hint, "libxl: what followed"));
    err_dispose(&err);
    xen_log_clear(log);
    explain(log, &config, ERROR_NOMEM, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "not enough memory"));
    CU_ASSERT_EQUAL(err_exit_code(&err), 5);
    libxl_domain_config_dispose(&config);
    xen_log_free(log);
}

/* libxl's message -> what is said first, and a word of the next step. */
static void messages_have_a_sentence_and_a_next_step(void)
{
    static const struct {
        const char *message, *sentence, *next;
    } rows[] = {
        { "panic: xg_dom_core.c:536: xc_dom_chk_alloc_pages: segment kernel "
          "too large (0x3a00 > 0x4000 - 0x1000 pages)",
          "the guest's memory is too small for its kernel", "memory=" },
        { "panic: xg_dom_core.c:536: xc_dom_chk_alloc_pages: segment ramdisk "
          "too large (0x3a00 > 0x4000 - 0x1000 pages)",
          "the guest's memory is too small for its ramdisk", "memory=" },
        { "passthrough not supported on this host", "no IOMMU", NULL },
        { "Domain 5:unable to add device with path "
          "/local/domain/0/backend/vbd/5/51712",
          "the back end of a disk did not come up", "xen-blkback" },
        { "Domain 5:unable to add device with path "
          "/local/domain/0/backend/vif/5/0",
          "the back end of a vif did not come up", "xen-netback" },
        { "killing hotplug script /etc/xen/scripts/block because of timeout",
          "took too long", "/etc/xen/scripts" },
        { "device model /x/qemu is not executable", "/x/qemu", "qemu" },
        { "illegal pool specified: (null)", "pool specified", "cpupool-list" },
        { "Domain 5:PCI device 0:0:10.0 is not assignable", "not ready",
          "pci-assignable-add" },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        libxl_domain_config config;
        ERR_AUTO err = { 0 };
        struct xen_log *log = xen_log_new(stderr, 0);
        init(&config, LIBXL_DOMAIN_TYPE_PV);
        says(log, "%s", rows[i].message);
        explain(log, &config, ERROR_FAIL, NULL, &err);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, rows[i].sentence));
        CU_ASSERT(!rows[i].next || strstr(err.hint, rows[i].next));
        libxl_domain_config_dispose(&config);
        xen_log_free(log);
    }
}

/* What is shown at once, without -v (verbosity 0) or with it. */
static void warnings_shown(unsigned verbosity, const char *want)
{
    char *shown = NULL;
    size_t len;
    FILE *out = open_memstream(&shown, &len);
    struct xen_log *log = xen_log_new(out, verbosity);
    xtl_log(&log->vtable, XTL_WARN, -1, "libxl",
            "libxl_dom.c:51:libxl__domain_type: unable to get domain type for "
            "domid=1, assuming HVM");
    xtl_log(&log->vtable, XTL_WARN, -1, "libxl", "libxl_x.c:1:x: mind this");
    fclose(out);
    UNIT_EQUAL(shown, want);
    xen_log_free(log);
    free(shown);
}

static void a_domain_that_ends_gives_no_warning(void)
{
    warnings_shown(0, "libxl: warning: mind this\n");
    warnings_shown(1, "libxl: warning: libxl_dom.c:51:libxl__domain_type: "
                      "unable to get domain type for domid=1, assuming HVM\n"
                      "libxl: warning: libxl_x.c:1:x: mind this\n");
}

const struct unit_test unit_tests[] = {
    { "what libxl warns of because a domain ends is shown with -v only",
      a_domain_that_ends_gives_no_warning },
    { "libxl's messages have a sentence and a next step",
      messages_have_a_sentence_and_a_next_step },
    { "a missing kernel is named", a_missing_kernel },
    { "a name that is taken counts before all else", a_name_that_is_taken },
    { "too little memory tells both numbers", too_little_memory },
    { "a hotplug script's own words are shown", the_scripts_own_words },
    { "an unknown failure is told by libxl's first message",
      nothing_known_takes_the_first_message },
    { 0 }
};
