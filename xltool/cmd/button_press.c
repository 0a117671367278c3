/* xl button-press: the old spelling of `xl trigger` power and sleep (way A). */
#include <string.h>

#include "cmd/devices_common.h"

const struct opt_row cmd_button_press_opts[] = { { 0 } };

int cmd_button_press_run(struct cmd *c, struct err *err)
{
    const char *button = cmd_word(c, 1);
    uint32_t domid;
    fprintf(stderr, "WARNING: \"button-press\" is deprecated. Please use "
                    "\"trigger\"\n");
    if (cmd_domain(c, cmd_word(c, 0), &domid, err))
        return -1;
    bool power = !strcmp(button, "power");
    if (!power && strcmp(button, "sleep")) {
        err_set(err, ERR_FAIL, "%s is an invalid button identifier", button);
        return err_hint(err, "There are power and sleep.");
    }
    int rc = libxl_send_trigger(
        c->xen.ctx, domid, power ? LIBXL_TRIGGER_POWER : LIBXL_TRIGGER_SLEEP, 0,
        NULL);
    if (rc) {
        xen_fail(&c->xen, err, rc, "the button was not pressed");
        devices_complain(err);
    }
    return 0;
}
