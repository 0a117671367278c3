/* Way A, in dom/: vdispl=, the paravirtual display with connectors. */
#include <stdio.h>
#include <string.h>

#include "dom/spec.h"

static void drop_connectors(libxl_device_vdispl *display)
{
    for (int i = 0; i < display->num_connectors; i++)
        libxl_connector_param_dispose(&display->connectors[i]);
    g_free(display->connectors);
    display->connectors = NULL;
    display->num_connectors = 0;
}

/* "id:WIDTHxHEIGHT" */
static void add_connector(struct dom_build *b, libxl_device_vdispl *display,
                          const struct spec_field *f, const char *text)
{
    const char *colon = strchr(text, ':');
    int read;

    if (!colon || colon == text) {
        build_refuse(b, 1, "bad-connector", spec_value_pos(f),
                     "write connectors=ID:WIDTHxHEIGHT, more behind \";\"",
                     "\"%s\" is not a connector", text);
        return;
    }
    libxl_connector_param *c =
        BUILD_ADD(display->connectors, display->num_connectors);
    libxl_connector_param_init(c);
    c->unique_id = g_strndup(text, (gsize)(colon - text));
    /* like the original: a text without numbers is told, but not refused */
    read = sscanf(colon + 1, "%ux%u", &c->width, &c->height);
    if (read == 1)
        build_refuse(b, 1, "bad-connector", spec_value_pos(f),
                     "write ID:WIDTHxHEIGHT, such as 0:1920x1080",
                     "\"%s\" does not give a width and a height", text);
    else if (read != 2)
        build_warn(b, "bad-connector", spec_value_pos(f),
                   "write ID:WIDTHxHEIGHT, such as 0:1920x1080",
                   "\"%s\" does not give a width and a height", text);
}

static void set_connectors(struct dom_build *b, void *device,
                           const struct spec_field *f)
{
    g_auto(GStrv) parts = g_strsplit(f->value, ";", -1);

    drop_connectors(device);
    for (char **p = parts; *p; p++)
        if (**p)
            add_connector(b, device, f, *p);
}

#define AT(field) offsetof(libxl_device_vdispl, field)
static const struct spec_key keys[] = {
    { "backend", SPEC_TEXT, AT(backend_domname), NULL, NULL },
    { "be-alloc", SPEC_YESNO, AT(be_alloc), NULL, NULL },
    { "connectors", SPEC_OWN, 0, NULL, set_connectors },
    { NULL, SPEC_TEXT, 0, NULL, NULL },
};

static const struct spec_style style = {
    .what = "vdispl",
    .keys = keys,
    .unknown = DIAG_ERROR,
    .bare = DIAG_ERROR,
};

static void add(struct dom_build *b, const struct cfg_node *item)
{
    libxl_domain_config *config = b->config;
    libxl_device_vdispl *display =
        BUILD_ADD(config->vdispls, config->num_vdispls);
    int before = b->exit_code;

    libxl_device_vdispl_init(display);
    display->devid = config->num_vdispls - 1;
    spec_read(b, &style, item, display);
    if (!display->num_connectors && b->exit_code == before)
        build_refuse(b, 1, "incomplete", item->pos,
                     "add connectors=ID:WIDTHxHEIGHT",
                     "a vdispl needs at least one connector");
}

void dev_vdispl(struct dom_build *b, const struct key_row *row)
{
    spec_each(b, row->name, add);
}
