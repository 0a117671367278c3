/* The program `xenstore`; its links xenstore-ls, -read, ... are verbs. */
#include "xs/verb.h"

int main(int argc, char **argv)
{
    return xenstore_run(argc, argv);
}
