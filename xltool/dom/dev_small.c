/* Way A, in dom/: p9=, pvcalls= and vtpm=, specs of a few options each. */
#include <string.h>

#include "dom/spec.h"

#define P9(field) offsetof(libxl_device_p9, field)
static const struct spec_key p9_keys[] = {
    { "backend", SPEC_TEXT, P9(backend_domname), NULL, NULL },
    { "tag", SPEC_TEXT, P9(tag), NULL, NULL },
    { "path", SPEC_TEXT, P9(path), NULL, NULL },
    { "security_model", SPEC_TEXT, P9(security_model), NULL, NULL },
#ifdef LIBXL_HAVE_XEN_9PFS
    { "type", SPEC_WORD, P9(type), libxl_p9_type_string_table, NULL },
    { "max-space", SPEC_DECIMAL, P9(max_space), NULL, NULL },
    { "max-files", SPEC_DECIMAL, P9(max_files), NULL, NULL },
    { "max-open-files", SPEC_DECIMAL, P9(max_open_files), NULL, NULL },
    { "auto-delete", SPEC_YESNO, P9(auto_delete), NULL, NULL },
#endif
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style p9_style = {
    .what = "p9",
    .keys = p9_keys,
    .unknown = DIAG_ERROR,
#ifdef LIBXL_HAVE_XEN_9PFS
    .trim = true,
    .filled = true,
    .bare = DIAG_ERROR,
#else
    .bare_ends = true,
    .bare = DIAG_WARNING,
#endif
};

static bool p9_complete(const libxl_device_p9 *p9)
{
#ifdef LIBXL_HAVE_XEN_9PFS
    (void)p9; /* libxl checks when it creates */
    return true;
#else
    return p9->tag && p9->path && p9->security_model;
#endif
}

/* Each entry stands for itself; the original lets the values of one leak into
 * the next. */
static void add_p9(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_p9 *p9 = BUILD_ADD(config->p9s, config->num_p9s);

    libxl_device_p9_init(p9);
    spec_read(b, &p9_style, item, p9);
    if (!p9_complete(p9))
        build_refuse(b, 1, "incomplete", item->pos,
                     "write \"tag=share,path=/dir,security_model=none\"",
                     "a p9 share needs tag, path and security_model");
}

void dev_p9(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_p9);
}

static const struct spec_key pvcalls_keys[] = {
    { "backend", SPEC_TEXT, offsetof(libxl_device_pvcallsif, backend_domname),
      NULL, NULL },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style pvcalls_style = {
    .what = "pvcalls",
    .keys = pvcalls_keys,
    .unknown = DIAG_ERROR,
    .bare_ends = true,
    .bare = DIAG_WARNING,
};

static void add_pvcalls(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_pvcallsif *calls =
        BUILD_ADD(config->pvcallsifs, config->num_pvcallsifs);

    libxl_device_pvcallsif_init(calls);
    calls->devid = config->num_pvcallsifs - 1;
    spec_read(b, &pvcalls_style, item, calls);
}

void dev_pvcalls(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_pvcalls);
}

static void set_vtpm_uuid(struct dom_build *b, void *device,
                          const struct spec_field *f)
{
    libxl_device_vtpm *vtpm = device;

    if (libxl_uuid_from_string(&vtpm->uuid, f->value))
        build_refuse(b, 1, "bad-uuid", spec_value_pos(f),
                     "write it as uuidgen prints it", "\"%s\" is not a UUID",
                     f->value);
}

static const struct spec_key vtpm_keys[] = {
    { "backend", SPEC_TEXT, offsetof(libxl_device_vtpm, backend_domname), NULL,
      NULL },
    { "uuid", SPEC_OWN, 0, NULL, set_vtpm_uuid },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style vtpm_style = {
    .what = "vtpm",
    .keys = vtpm_keys,
    .unknown = DIAG_ERROR,
    .bare_ends = true,
    .bare = DIAG_WARNING,
};

static void add_vtpm(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_vtpm *vtpm = BUILD_ADD(config->vtpms, config->num_vtpms);

    libxl_device_vtpm_init(vtpm);
    vtpm->devid = config->num_vtpms - 1;
    spec_read(b, &vtpm_style, item, vtpm);
    if (!vtpm->backend_domname)
        build_refuse(b, 1, "incomplete", item->pos,
                     "add backend=NAME, the domain that runs the vtpm",
                     "a vtpm needs a backend");
}

void dev_vtpm(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add_vtpm);
}
