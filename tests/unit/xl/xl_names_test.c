/* Names of many domains with one question to xenstored. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

#include "tests/unit/unit.h"
#include "xen/names.h"

enum { MANY = 300, NAMELESS = 7 };

static gboolean read_whole(int fd, void *data, size_t len)
{
    return recv(fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

/* Answers in pieces of three bytes, so that each border is met. */
static void answer(int fd, const struct xsd_sockmsg *asked, const char *path)
{
    unsigned domid = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    sscanf(path, "/local/domain/%u/name", &domid);
    struct xsd_sockmsg head = *asked;
    g_autofree char *name = g_strdup_printf("guest%u", domid);
    if (domid == NAMELESS)
        head.type = XS_ERROR;
    const char *text = domid == NAMELESS ? "ENOENT" : name;
    head.len = (uint32_t)strlen(text) + (domid == NAMELESS);
    g_string_append_len(out, (const char *)&head, sizeof(head));
    g_string_append_len(out, text, head.len);
    for (size_t i = 0; i < out->len; i += 3)
        if (write(fd, out->str + i, MIN(3, out->len - i)) < 0)
            return;
}

/* A xenstored that ends after `data` answers. */
static int listener = -1;
static gpointer serve(gpointer data)
{
    int fd = accept(listener, NULL, NULL), left = GPOINTER_TO_INT(data);
    struct xsd_sockmsg head;
    char path[128];
    while (left-- > 0 && read_whole(fd, &head, sizeof(head)) &&
           (size_t)head.len < sizeof(path) && read_whole(fd, path, head.len))
        answer(fd, &head, path);
    close(fd);
    return NULL;
}

static bool ask(int nr, int answers, char **names)
{
    uint32_t domids[MANY];
    g_autofree char *dir = g_dir_make_tmp("names-XXXXXX", NULL);
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    g_snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", dir);
    g_setenv("XENSTORED_PATH", addr.sun_path, TRUE);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_EQUAL(bind(listener, (void *)&addr, sizeof(addr)), 0);
    listen(listener, 1);
    GThread *server = g_thread_new("xs", serve, GINT_TO_POINTER(answers));
    for (int i = 0; i < nr; i++)
        domids[i] = (uint32_t)i;
    bool good = xen_names_read(domids, nr, names);
    g_thread_join(server);
    close(listener);
    g_unlink(addr.sun_path);
    g_rmdir(dir);
    return good;
}

static void each_gets_its_own(void)
{
    char *names[MANY];
    CU_ASSERT_TRUE_FATAL(ask(MANY, MANY, names));
    UNIT_EQUAL(names[0], "guest0");
    UNIT_EQUAL(names[MANY - 1], "guest299");
    UNIT_EQUAL(names[NAMELESS], NULL);
    for (int i = 0; i < MANY; i++)
        free(names[i]);
}

static void half_an_answer_is_none(void)
{
    char *names[MANY];
    CU_ASSERT_FALSE(ask(MANY, MANY / 2, names));
    UNIT_EQUAL(names[0], NULL);
}

static void no_socket_is_said(void)
{
    const uint32_t domid = 1;
    char *name;
    g_setenv("XENSTORED_PATH", "/nonexistent/socket", TRUE);
    CU_ASSERT_FALSE(xen_names_read(&domid, 1, &name));
}

const struct unit_test unit_tests[] = {
    { "300 domains get each its own name, one has none", each_gets_its_own },
    { "a xenstored that goes away gives no names", half_an_answer_is_none },
    { "without a socket there are no names", no_socket_is_said },
    { 0 }
};
