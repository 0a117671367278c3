/* The interactive screen: the only user of curses. */
#ifndef TOP_SCREEN_H
#define TOP_SCREEN_H

#include "top/options.h"

/* Runs until the user quits (or the iterations are done): 0, or -1 with err. */
int screen_run(const struct options *o, struct err *err);

#endif
