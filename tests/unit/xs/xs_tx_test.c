/* Transactions with all their writes in flight at once. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>
#include <xenstore.h>

#include "tests/unit/unit.h"

enum { TX = 7 };

static const char *const verbs[XS_TYPE_COUNT] = {
    [XS_DIRECTORY] = "ls",        [XS_READ] = "read",
    [XS_GET_PERMS] = "perms",     [XS_TRANSACTION_START] = "start",
    [XS_TRANSACTION_END] = "end", [XS_WRITE] = "write",
    [XS_MKDIR] = "mkdir",         [XS_RM] = "rm",
    [XS_SET_PERMS] = "chmod",
};

/* What the pretended xenstored was asked; '|' where it had to wait. */
static GString *asked;
static int listener = -1;

static void reply(int fd, struct xsd_sockmsg head, const char *data, size_t len)
{
    char buf[128];
    head.len = (uint32_t)len;
    memcpy(buf, &head, sizeof(head));
    memcpy(buf + sizeof(head), data, len);
    if (write(fd, buf, sizeof(head) + len) < 0)
        g_string_append(asked, "(gone)");
}

static void fail(int fd, struct xsd_sockmsg head, const char *name)
{
    head.type = XS_ERROR;
    reply(fd, head, name, strlen(name) + 1);
}

static void serve_one(int fd, struct xsd_sockmsg head, const char *data)
{
    const char *second = data + strlen(data) + 1;
    g_string_append_printf(asked, " %s %s", verbs[head.type], data);
    if (head.type == XS_SET_PERMS || head.type == XS_WRITE)
        g_string_append_printf(asked, "=%.*s", (int)(data + head.len - second),
                               second);
    if (head.type == XS_TRANSACTION_START)
        reply(fd, head, "7", 2);
    else if (strstr(data, "refused"))
        fail(fd, head, "EACCES");
    else if (strstr(data, "long"))
        fail(fd, head, "E2BIG");
    else if (strstr(data, "none"))
        fail(fd, head, "ENOENT");
    else if (head.type == XS_DIRECTORY)
        reply(fd, head, "one\0two", 8);
    else if (head.type == XS_GET_PERMS)
        reply(fd, head, "n0\0r5", 6);
    else if (head.type == XS_READ)
        reply(fd, head, "text", 4);
    else
        reply(fd, head, "OK", 3);
}

static gpointer serve(gpointer unused)
{
    int fd = accept(listener, NULL, NULL);
    char buf[65536];
    ssize_t n;
    while ((n = recv(fd, buf, sizeof(buf) - 1, 0)) > 0) {
        g_string_append_c(asked, '|');
        for (ssize_t at = 0; at < n;) {
            struct xsd_sockmsg head;
            char data[4097] = "";
            memcpy(&head, buf + at, sizeof(head));
            memcpy(data, buf + at + sizeof(head), head.len);
            serve_one(fd, head, data);
            at += (ssize_t)(sizeof(head) + head.len);
        }
    }
    close(fd);
    return unused;
}

/* The connection lasts as long as the process: each test has its own. */
static void in_a_process(void (*run)(void), const char *want)
{
    g_autofree char *dir = g_dir_make_tmp("tx-XXXXXX", NULL);
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    g_snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", dir);
    g_setenv("XENSTORED_RUNDIR", dir, TRUE);
    asked = g_string_new(NULL);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_EQUAL(bind(listener, (void *)&addr, sizeof(addr)), 0);
    listen(listener, 1);
    pid_t pid = fork();
    if (pid == 0) {
        run();
        _exit((int)CU_get_number_of_failures());
    }
    GThread *server = g_thread_new("xs", serve, NULL);
    int status = -1;
    waitpid(pid, &status, 0);
    g_thread_join(server);
    CU_ASSERT_EQUAL(status, 0);
    UNIT_EQUAL(asked->str, want);
    g_string_free(asked, TRUE);
    close(listener);
    g_unlink(addr.sun_path);
    g_rmdir(dir);
}

static struct xs_permissions owner = { .id = 5, .perms = XS_PERM_NONE };

static void write_three(void)
{
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_EQUAL(t, TX);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/a", "1", 1));
    CU_ASSERT_TRUE(xs_mkdir(NULL, t, "/b"));
    CU_ASSERT_TRUE(xs_set_permissions(NULL, t, "/b", &owner, 1));
    CU_ASSERT_TRUE(xs_rm(NULL, t, "/none"));
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, false));
}

static void writes_go_together(void)
{
    in_a_process(write_three, "| start | write /a=1 mkdir /b chmod /b=n5 "
                              "rm /none| end T");
}

static void read_between(void)
{
    unsigned nr = 0;
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/a", "1", 1));
    g_autofree char *text = xs_read(NULL, t, "/a", &nr);
    UNIT_EQUAL(text, "text");
    CU_ASSERT_EQUAL(nr, 4);
    char **names = xs_directory(NULL, t, "/", &nr);
    CU_ASSERT_EQUAL_FATAL(nr, 2);
    UNIT_EQUAL(names[1], "two");
    free(names);
    struct xs_permissions *perms = xs_get_permissions(NULL, t, "/a", &nr);
    CU_ASSERT_EQUAL_FATAL(nr, 2);
    CU_ASSERT_EQUAL(perms[1].id, 5);
    CU_ASSERT_EQUAL(perms[1].perms, XS_PERM_READ);
    free(perms);
    CU_ASSERT_PTR_NULL(xs_read(NULL, t, "/none", &nr));
    CU_ASSERT_EQUAL(errno, ENOENT);
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, false));
}

static void reads_see_the_writes(void)
{
    in_a_process(read_between, "| start | write /a=1 read /a| ls /| perms /a|"
                               " read /none| end T");
}

static void be_refused(void)
{
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/a", "1", 1));
    CU_ASSERT_TRUE(xs_write(NULL, t, "/refused", "1", 1));
    CU_ASSERT_TRUE(xs_write(NULL, t, "/b", "1", 1));
    errno = 0;
    CU_ASSERT_FALSE(xs_transaction_end(NULL, t, false));
    CU_ASSERT_EQUAL(errno, EACCES);
}

static void a_failed_write_commits_nothing(void)
{
    in_a_process(be_refused, "| start | write /a=1 write /refused=1 write /b=1|"
                             " end F");
}

static void write_too_much(void)
{
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/long", "1", 1));
    CU_ASSERT_TRUE(xs_write(NULL, t, "/b", "1", 1));
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, false));
}

static void a_text_too_long_is_left_out(void)
{
    in_a_process(write_too_much, "| start | write /long=1 write /b=1| end T");
}

static void give_up(void)
{
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/refused", "1", 1));
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, true));
}

static void abort_is_no_failure(void)
{
    in_a_process(give_up, "| start | write /refused=1 end F");
}

static void make_nodes(void)
{
    struct xs_permissions two[] = { owner, { 0, XS_PERM_READ } };
    xs_transaction_t t = xs_transaction_start(NULL);
    xs_rm(NULL, t, "/d");
    xs_write(NULL, t, "/d", "", 0);
    xs_set_permissions(NULL, t, "/d", two, 2);
    xs_write(NULL, t, "/d/like", "1", 1);
    xs_set_permissions(NULL, t, "/d/like", two, 2);
    xs_write(NULL, t, "/d/x/y", "1", 1);
    xs_set_permissions(NULL, t, "/d/x/y", &owner, 1);
    xs_set_permissions(NULL, t, "/d/x", two, 2);
    xs_set_permissions(NULL, t, "/d", &owner, 1);
    xs_write(NULL, t, "/d/x/z", "1", 1);
    xs_set_permissions(NULL, t, "/d/x/z", &owner, 1);
    xs_write(NULL, t, "/old", "1", 1);
    xs_set_permissions(NULL, t, "/old", two, 2);
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, false));
}

static void what_a_node_inherits_is_not_sent(void)
{
    in_a_process(make_nodes,
                 "| start | rm /d write /d= chmod /d=n5 write /d/like=1"
                 " write /d/x/y=1 chmod /d/x/y=n5 chmod /d=n5 write /d/x/z=1"
                 " chmod /d/x/z=n5 write /old=1 chmod /old=n5| end T");
}

static void fork_within(void)
{
    xs_transaction_t t = xs_transaction_start(NULL);
    CU_ASSERT_TRUE(xs_write(NULL, t, "/a", "1", 1));
    pid_t pid = fork();
    if (pid == 0)
        exit(0);
    waitpid(pid, NULL, 0);
    CU_ASSERT_TRUE(xs_transaction_end(NULL, t, false));
}

static void a_child_leaves_it_alone(void)
{
    in_a_process(fork_within, "| start | write /a=1| end T");
}

static void paths_need_no_question(void)
{
    g_autofree char *path = xs_get_domain_path(NULL, 12);
    UNIT_EQUAL(path, "/local/domain/12");
}

const struct unit_test unit_tests[] = {
    { "the writes of a transaction are sent together", writes_go_together },
    { "a read in a transaction comes behind its writes", reads_see_the_writes },
    { "a write that failed fails the end, and nothing is committed",
      a_failed_write_commits_nothing },
    { "a text that xenstored finds too long is left out",
      a_text_too_long_is_left_out },
    { "giving a transaction up succeeds", abort_is_no_failure },
    { "permissions that a new node inherits are not sent",
      what_a_node_inherits_is_not_sent },
    { "a child process does not end its parent's transaction",
      a_child_leaves_it_alone },
    { "the path of a domain is known", paths_need_no_question },
    { 0 }
};
