/* xentop: what the domains of a Xen host use (way C, from options to the one
 * error). */
#include <stdio.h>

#include "top/listen.h"
#include "top/options.h"
#include "top/run.h"
#include "top/screen.h"

static int run(const struct options *o, struct err *err)
{
    switch (o->mode) {
    case MODE_HELP:
        options_help(stdout);
        return 0;
    case MODE_VERSION:
        puts("xentop 1.0");
        return 0;
    case MODE_SCREEN:
        return screen_run(o, err);
    case MODE_LISTEN:
        return listen_run(o, err);
    default:
        return run_batch(o, err);
    }
}

int main(int argc, char **argv)
{
    ERR_AUTO err = { 0 };
    struct options o;
    if (top_options_parse(&o, argc, argv, &err) || run(&o, &err)) {
        err_print(stderr, "xentop", &err);
        return err_exit_code(&err);
    }
    return 0;
}
