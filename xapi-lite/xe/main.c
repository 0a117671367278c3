/* xe: the thin command-line client of XenAPI. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xe/client.h"

static const char usage[] =
    "usage: xe COMMAND [NAME=VALUE...] [--FLAG...]\n"
    "          [-s SERVER] [-p PORT] [-u USER] [-pw PASSWORD] [-pwf FILE]\n"
    "\n"
    "xe help lists the common commands, xe help --all all of them,\n"
    "xe help COMMAND explains one.\n";

/* ~/.xe, or NULL. */
static char *read_rc(void)
{
    char *text = NULL;
    g_autofree char *path = g_build_filename(g_get_home_dir(), ".xe", NULL);
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

/* For another host a user without password is asked for it on a terminal. */
static void ask_password(struct xe_args *a)
{
    bool here = !a->server || !strcmp(a->server, "127.0.0.1");
    if (here || !a->username || a->password || !isatty(STDIN_FILENO))
        return;
    const char *typed = getpass("Password: ");
    a->password = g_strdup(typed ? typed : "");
}

static int run(struct xe_args *a, struct err *err)
{
    if (a->version) {
        puts("ThinCLI protocol: 0.2");
        return 0;
    }
    if (!a->words->len) {
        fputs(usage, stderr);
        return 0;
    }
    ask_password(a);
    return client_run(a, err);
}

int main(int argc, char **argv)
{
    struct xe_args args;
    ERR_AUTO err = { 0 };
    g_autofree char *rc = read_rc();
    (void)argc;
    signal(SIGPIPE, SIG_IGN);
    int code = xe_args_parse(&args, argv + 1, getenv("XE_EXTRA_ARGS"), rc, &err)
                   ? -1
                   : run(&args, &err);
    if (code < 0) {
        err_print(stderr, "xe", &err);
        code = 1;
    }
    xe_args_dispose(&args);
    return code;
}
