/* Way A, in dom/: the device model. */
#include "dom/build.h"

void model_path(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (s)
        build_warn(b, "obsolete", s->pos,
                   "device_model_override= names another device model",
                   "device_model is ignored");
}

void model_override(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_atom(b, row->name);

    if (!s)
        return;
    value_replace(&b->config->b_info.device_model, s->value->text);
    if (!cfg_find(b->cfg, "device_model_version"))
        build_warn(b, "incomplete", s->pos,
                   "add device_model_version=\"qemu-xen\"",
                   "device_model_override= without device_model_version= "
                   "leaves open which interface it speaks");
}

/* The three lists of arguments; unlike other lists a single value is refused.
 */
void model_args(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = value_any(b, row->name);

    if (!s)
        return;
    if (value_is_list(s)) {
        struct key_row list = *row;
        list.shape = KEY_LIST;
        shape_set(b, &list);
        return;
    }
    build_refuse(b, 3, "not-a-list", build_value_pos(s),
                 "write one string for each argument: [ \"-a\", \"b\" ]",
                 "%s takes a list", row->name);
}

void model_msr_relaxed(struct dom_build *b, const struct key_row *row)
{
    const struct cfg_setting *s = cfg_find(b->cfg, row->name);
    struct key_row flag = *row;
    long number;

    flag.shape = KEY_BOOL;
    shape_set(b, &flag);
    if (s && value_long(b, row->name, true, &number))
        build_warn(b, "going-away", s->pos, NULL,
                   "msr_relaxed is a stopgap that a later Xen takes away: "
                   "tell xen-devel@lists.xenproject.org what needs it");
}

/* Read quietly by the original: a wrong value is just not used. */
void model_vmtrace(struct dom_build *b, const struct key_row *row)
{
    long number;

    if (value_long(b, row->name, false, &number))
        b->config->b_info.vmtrace_buf_kb = (int)number;
}
