/* xl sharing: how many pages of each domain are shared (way A). */
#include "cmd/devices_common.h"
#include "op/listing.h"

const struct opt_row cmd_sharing_opts[] = {
    { DEVICES_OPT_JSON, "json", NULL, "as JSON" }, { 0 }
};

static void show(const struct listing *l)
{
    printf("Name                                        ID   Mem Shared\n");
    for (int i = 0; i < l->nr; i++)
        printf("%-40s %5d %5lu  %5lu\n",
               l->domains[i].name ? l->domains[i].name : "(null)",
               (int)l->infos[i].domid,
               (unsigned long)((l->infos[i].current_memkb +
                                l->infos[i].outstanding_memkb) /
                               1024),
               (unsigned long)(l->infos[i].shared_memkb / 4));
}

static void show_json(const struct listing *l)
{
    struct value *array = value_array();
    for (int i = 0; i < l->nr; i++) {
        struct value *row = value_object();
        value_set(row, "name", value_string(l->domains[i].name));
        value_set(row, "domid", value_int(l->infos[i].domid));
        value_set(row, "memory_kib",
                  value_int((int64_t)(l->infos[i].current_memkb +
                                      l->infos[i].outstanding_memkb)));
        value_set(row, "shared_kib",
                  value_int((int64_t)l->infos[i].shared_memkb));
        value_push(array, row);
    }
    cmd_print_json(array);
}

int cmd_sharing_run(struct cmd *c, struct err *err)
{
    struct listing l = { 0 };
    if (cmd_open(c, err) || listing_read(&c->xen, cmd_word(c, 0), &l, err))
        return -1;
    int r = listing_describe(&c->xen, &l, 0, err);
    if (r == 0) {
        if (cmd_has(c, DEVICES_OPT_JSON))
            show_json(&l);
        else
            show(&l);
    }
    listing_dispose(&l);
    return r;
}
