/* The table of hand-written commands. */
#include <string.h>

#include "cli/internal.h"

const struct command cli_commands[] = {
#define CMD(name, required, optional, flags, fn, help)                         \
    { name, required, optional, flags, fn, help },
#include "cli/commands.def"
#undef CMD
    { 0 },
};

static const char *const missing[] = {
#define MISSING(name) name,
#include "cli/missing.def"
#undef MISSING
    NULL,
};

const struct command *cli_command_find(const char *name)
{
    for (const struct command *cmd = cli_commands; cmd->name; cmd++)
        if (!strcmp(cmd->name, name))
            return cmd;
    return NULL;
}

bool cli_command_is_missing(const char *name)
{
    return g_strv_contains(missing, name);
}
