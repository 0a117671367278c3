/* xl list: the domains that run, as a table or as JSON (way A). */
#include <inttypes.h>

#include "cmd/cmd.h"
#include "op/config_json.h"
#include "op/holders.h"
#include "op/listing.h"
#include "op/load.h"
#include "view/sxp.h"

const struct opt_row cmd_list_opts[] = {
    { 'l', "long", NULL, "the whole configuration of each domain, as JSON" },
    { 'v', "verbose", NULL, "also UUID, shutdown reason and security label" },
    { 'Z', "context", NULL, "also the security label" },
    { 'c', "cpupool", NULL, "also the cpupool" },
    { 'n', "numa", NULL, "also the NUMA nodes preferred for it" },
    { CMD_OPT_JSON, "json", NULL, "the table's content as JSON" },
    { 0 }
};

static int print_long(struct cmd *c, const struct listing *l, struct err *err)
{
    struct config_json *j = config_json_new(true);
    for (int i = 0; i < l->nr; i++) {
        libxl_domain_config config;
        libxl_domain_config_init(&config);
        int rc = libxl_retrieve_domain_configuration(
            c->xen.ctx, l->infos[i].domid, &config, NULL);
        if (rc == 0)
            config_json_add(j, (int)l->infos[i].domid, &config);
        libxl_domain_config_dispose(&config);
    }
    g_autofree char *text = config_json_end(j);
    if (!text)
        return err_set(err, ERR_FAIL,
                       "the configurations cannot be written as JSON");
    puts(text); /* the empty line at the end is the original's, too */
    return 0;
}

static int print_sxp(struct cmd *c, const struct listing *l)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (int i = 0; i < l->nr; i++) {
        libxl_domain_config config;
        libxl_domain_config_init(&config);
        if (libxl_retrieve_domain_configuration(c->xen.ctx, l->infos[i].domid,
                                                &config, NULL) == 0)
            view_sxp(out, (int)l->infos[i].domid, &l->infos[i].uuid, &config);
        libxl_domain_config_dispose(&config);
    }
    fputs(out->str, stdout);
    return 0;
}

/* As output_format= of xl.conf wants it. */
static int print_config(struct cmd *c, const struct listing *l, struct err *err)
{
    struct xlconf conf;
    int r = xlconf_read(LOAD_XLCONF, &conf, err);
    if (r == 0)
        r = conf.output_format == XLCONF_SXP ? print_sxp(c, l)
                                             : print_long(c, l, err);
    xlconf_dispose(&conf);
    return r;
}

static unsigned columns(const struct cmd *c)
{
    return (cmd_has(c, 'v') ? VIEW_LIST_VERBOSE : 0) |
           (cmd_has(c, 'Z') ? VIEW_LIST_CONTEXT : 0) |
           (cmd_has(c, 'c') ? VIEW_LIST_CPUPOOL : 0) |
           (cmd_has(c, 'n') ? VIEW_LIST_NODES : 0) |
           (cmd_has(c, CMD_OPT_JSON) ? VIEW_LIST_CPUPOOL | VIEW_LIST_NODES : 0);
}

/* A domain that has ended goes when nobody holds its memory any more; until
 * then it stands in the table without its name. */
static void explain_rests(const struct listing *l)
{
    for (int i = 0; i < l->nr; i++) {
        const libxl_dominfo *d = &l->infos[i];
        g_autoptr(GString) who = g_string_new(NULL);
        if (!d->dying || l->domains[i].name)
            continue;
        holders_find(who, "", d->domid);
        fprintf(stderr,
                "xl: domain %u has ended, but %" PRIu64 " KiB of it are held "
                "by %s\n",
                d->domid, (uint64_t)d->current_memkb,
                who->len ? who->str
                         : "something that is not seen from here; `xl "
                           "debug-keys g` and `xl dmesg` tell whose grants");
    }
}

static int print_quick(struct listing *l)
{
    GString *s = g_string_new(NULL);
    view_list_text(s, l->domains, l->nr, 0);
    cmd_print(s);
    listing_dispose(l);
    return 0;
}

int cmd_list_run(struct cmd *c, struct err *err)
{
    struct listing l;
    if (!cmd_word(c, 0) && !columns(c) && !cmd_has(c, 'l') && listing_quick(&l))
        return print_quick(&l);
    if (cmd_open(c, err) || listing_read(&c->xen, cmd_word(c, 0), &l, err))
        return -1;
    int r = 0;
    if (cmd_has(c, 'l'))
        r = print_config(c, &l, err);
    else if ((r = listing_describe(&c->xen, &l, columns(c), err)) == 0) {
        if (cmd_has(c, CMD_OPT_JSON)) {
            cmd_print_json(view_list_value(l.domains, l.nr));
        } else {
            GString *s = g_string_new(NULL);
            view_list_text(s, l.domains, l.nr, columns(c));
            cmd_print(s);
            if (cmd_has(c, 'v'))
                explain_rests(&l);
        }
    }
    listing_dispose(&l);
    return r;
}
