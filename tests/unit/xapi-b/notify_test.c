/* What the service tells the manager that started it. */
#include <glib.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../unit.h"
#include "daemon/notify.h"

/* A manager's socket under a name outside the file system. */
static int manager(const char *name)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    memcpy(at.sun_path + 1, name, strlen(name));
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CU_ASSERT_FATAL(fd >= 0);
    socklen_t size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    CU_ASSERT_FATAL(bind(fd, (struct sockaddr *)&at, size) == 0);
    return fd;
}

static void ready_reaches_the_manager(void)
{
    g_autofree char *name = g_strdup_printf("notify-test-%d", getpid());
    g_autofree char *named = g_strconcat("@", name, NULL);
    char got[32] = "";
    int fd = manager(name);
    setenv("NOTIFY_SOCKET", named, 1);
    daemon_notify("READY=1");
    CU_ASSERT(recv(fd, got, sizeof got - 1, 0) == 7);
    UNIT_EQUAL(got, "READY=1");
    close(fd);
    daemon_notify("STOPPING=1"); /* nobody listens any more */
}

static void without_a_manager_nothing_happens(void)
{
    const char *bad[] = { "", "no-path",
                          "/a-path-that-is-longer-than-the-name-of-any-socket-"
                          "may-be-------------------------------------------"
                          "--------------------" };
    unsetenv("NOTIFY_SOCKET");
    daemon_notify("READY=1");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        setenv("NOTIFY_SOCKET", bad[i], 1);
        daemon_notify("READY=1");
    }
    unsetenv("NOTIFY_SOCKET");
}

const struct unit_test unit_tests[] = {
    { "READY=1 reaches the socket that NOTIFY_SOCKET names",
      ready_reaches_the_manager },
    { "without such a socket nothing happens",
      without_a_manager_nothing_happens },
    { 0 },
};
