/* Way A, in dom/: host resources a guest may use: ioports, irqs, iomem. */
#include <stdlib.h>
#include <string.h>

#include "dom/build.h"

/* A number too big for 64 bits is the biggest. */
static int parse_number(const char **text, int base, unsigned long long *out)
{
    char *end;

    *out = strtoull(*text, &end, base);
    if (end == *text)
        return -1;
    *text = end;
    return 0;
}

static void refuse(struct dom_build *b, const struct key_row *row,
                   const struct cfg_node *item, const char *hint)
{
    build_refuse(b, 1, "bad-range", item->pos, hint,
                 "\"%s\" is not an entry of %s", item->text, row->name);
}

/* A list element that is itself a list is refused by these three keys. */
static bool check_strings(struct dom_build *b, const struct cfg_setting *list)
{
    const GPtrArray *items = list->value->items;

    for (unsigned i = 0; items && i < items->len; i++) {
        const struct cfg_node *item = g_ptr_array_index(items, i);
        if (item->kind == CFG_LIST) {
            build_refuse(b, 1, "list-in-list", item->pos, NULL,
                         "%s is a list of strings", list->name);
            return false;
        }
    }
    return true;
}

static void for_each(struct dom_build *b, const struct key_row *row,
                     void (*set)(struct dom_build *, const struct key_row *,
                                 const struct cfg_node *))
{
    const struct cfg_setting *s = value_list(b, row->name);
    const struct cfg_node *item;

    if (!s || !check_strings(b, s))
        return;
    for (unsigned i = 0; (item = value_item(b, s, i)); i++)
        set(b, row, item);
}

static void set_ioport(struct dom_build *b, const struct key_row *row,
                       const struct cfg_node *item)
{
    static const char hint[] = "write hexadecimal ports such as \"2f8-2ff\"";
    libxl_domain_build_info *info = &b->config->b_info;
    const char *text = item->text;
    unsigned long long first, last;

    if (parse_number(&text, 16, &first)) {
        refuse(b, row, item, hint);
        return;
    }
    last = first;
    if (*text == '-') {
        text++;
        if (parse_number(&text, 16, &last) || *text) {
            refuse(b, row, item, hint);
            return;
        }
    } else if (*text) {
        build_warn(b, "trailing-text", item->pos, hint,
                   "\"%s\" behind the port is ignored", text);
    }
    if (first >= UINT32_MAX || last >= UINT32_MAX || first > last) {
        refuse(b, row, item, hint);
        return;
    }
    *BUILD_ADD(info->ioports, info->num_ioports) =
        (libxl_ioport_range){ .first = (uint32_t)first,
                              .number = (uint32_t)(last - first + 1) };
}

void ports_io(struct dom_build *b, const struct key_row *row)
{
    for_each(b, row, set_ioport);
}

static void set_irq(struct dom_build *b, const struct key_row *row,
                    const struct cfg_node *item)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const char *text = item->text;
    unsigned long long irq;

    if (parse_number(&text, 10, &irq) || *text || irq >= UINT32_MAX)
        refuse(b, row, item, "write decimal numbers");
    else
        *BUILD_ADD(info->irqs, info->num_irqs) = (uint32_t)irq;
}

void ports_irqs(struct dom_build *b, const struct key_row *row)
{
    for_each(b, row, set_irq);
}

/* start,count[@gfn] */
static void set_iomem(struct dom_build *b, const struct key_row *row,
                      const struct cfg_node *item)
{
    libxl_domain_build_info *info = &b->config->b_info;
    const char *text = item->text;
    unsigned long long start, count, gfn = 0;
    bool good = !parse_number(&text, 16, &start) && *text++ == ',' &&
                !parse_number(&text, 16, &count);
    bool with_gfn = good && *text == '@';

    if (with_gfn) {
        text++;
        good = !parse_number(&text, 16, &gfn);
    }
    if (!good || *text) {
        refuse(b, row, item,
               "write hexadecimal page frames: \"start,count\" or "
               "\"start,count@guest-frame\"");
        return;
    }
    libxl_iomem_range *range = BUILD_ADD(info->iomem, info->num_iomem);
    libxl_iomem_range_init(range);
    range->start = start;
    range->number = count;
    if (with_gfn)
        range->gfn = gfn;
}

void ports_iomem(struct dom_build *b, const struct key_row *row)
{
    for_each(b, row, set_iomem);
}
