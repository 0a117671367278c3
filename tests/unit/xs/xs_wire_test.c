/* Messages of the XenStore protocol, permissions, directories in parts. */
#include "xs/wire.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

#include "tests/unit/unit.h"
#include "xs/client.h"
#include "xs/perm.h"

static void round_trip(void)
{
    char buf[WIRE_HEADER + 5];
    struct wire_msg in = { .type = 2, .id = 7, .tx = 9, .len = 5 }, out;

    wire_header(buf, &in);
    memcpy(buf + WIRE_HEADER, "/a/b", 5);
    for (size_t n = 0; n < sizeof(buf); n++)
        CU_ASSERT_EQUAL(wire_parse(buf, n, &out), 0);
    CU_ASSERT_EQUAL(wire_parse(buf, sizeof(buf), &out), (long)sizeof(buf));
    CU_ASSERT_EQUAL(out.type, 2);
    CU_ASSERT_EQUAL(out.id, 7);
    CU_ASSERT_EQUAL(out.tx, 9);
    UNIT_EQUAL(out.data, "/a/b");
}

static void too_long(void)
{
    char buf[WIRE_HEADER];
    struct wire_msg m = { .len = WIRE_PAYLOAD_MAX + 1 };

    wire_header(buf, &m);
    CU_ASSERT_EQUAL(wire_parse(buf, sizeof(buf), &m), -1);
}

static void errors(void)
{
    CU_ASSERT_EQUAL(wire_errno("ENOENT", 7), ENOENT);
    CU_ASSERT_EQUAL(wire_errno("E2BIG", 5), E2BIG);
    CU_ASSERT_EQUAL(wire_errno("EACCES\0junk", 11), EACCES);
    CU_ASSERT_EQUAL(wire_errno("ENO", 3), EINVAL);
    CU_ASSERT_EQUAL(wire_errno("", 0), EINVAL);
}

static void check_perm(const char *text, const char *want)
{
    char buf[16] = "";
    size_t n = perm_parse(text, buf);

    UNIT_EQUAL(n ? buf : NULL, want);
    CU_ASSERT_EQUAL(n, want ? strlen(want) + 1 : 0);
}

static void perms(void)
{
    check_perm("n0", "n0");
    check_perm("b32751", "b32751");
    check_perm("r", "r0");
    check_perm("w007", "w7");
    check_perm("x1", NULL);
    check_perm("", NULL);
    check_perm("r1x", NULL);
    check_perm("r-1", NULL);
    check_perm("r32752", NULL);
    check_perm("r4294967296", NULL);
}

static void check_words(const char *list, size_t len, const char *want)
{
    struct out o = { .fd = -1 };

    perm_print_words(&o, list, len);
    out_char(&o, '\0');
    UNIT_EQUAL(o.buf, want);
    out_dispose(&o);
}

static void perm_words(void)
{
    check_words("n0", 3, "(owner domain 0, others have no access)");
    check_words("r0\0b5\0w6\0n7", 12,
                "(owner domain 0, others may read; domain 5 may read and "
                "write; domain 6 may write; domain 7 has no access)");
}

static void parts(void)
{
    struct client_part p = { 0 };

    CU_ASSERT_EQUAL(client_part_add(&p, "5\0a\0bb", 7), 0);
    CU_ASSERT_EQUAL(p.names.len, 5);
    CU_ASSERT_EQUAL(client_part_add(&p, "5\0c\0", 5), 1);
    CU_ASSERT_EQUAL(p.names.len, 7);
    CU_ASSERT_EQUAL(memcmp(p.names.data, "a\0bb\0c", 7), 0);
    free(p.names.data);
}

static void parts_start_over(void)
{
    struct client_part p = { 0 };

    CU_ASSERT_EQUAL(client_part_add(&p, "5\0a", 4), 0);
    CU_ASSERT_EQUAL(client_part_add(&p, "6\0b", 4), 0);
    CU_ASSERT_EQUAL(p.names.len, 0);
    CU_ASSERT_EQUAL(client_part_add(&p, "6\0x\0", 5), 1);
    CU_ASSERT_EQUAL(memcmp(p.names.data, "x", 2), 0);
    free(p.names.data);
    p = (struct client_part){ 0 };
    CU_ASSERT_EQUAL(client_part_add(&p, "no-final-NUL", 12), -1);
    free(p.names.data);
}

/* A socket that keeps messages apart stands for the device: the kernel keeps
 * the bytes of one request only, until it has sent them. */
static void one_by_one(void)
{
    struct channel c;
    struct wire_msg m = { .type = 2 };
    struct wire_part part = wire_text("/a");
    char buf[256];
    int fd[2];

    CU_ASSERT_EQUAL(socketpair(AF_UNIX, SOCK_DGRAM, 0, fd), 0);
    channel_take(&c, fd[0], true);
    for (int i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(channel_queue(&c, &m, &part, 1), 0);
    CU_ASSERT_EQUAL(channel_flush(&c), 0);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT),
                        WIRE_HEADER + 3);
        CU_ASSERT_EQUAL(channel_flush(&c), 0);
        CU_ASSERT_EQUAL(recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT), -1);
        wire_header(buf, &(struct wire_msg){ .type = XS_WATCH_EVENT });
        CU_ASSERT_EQUAL(send(fd[1], buf, WIRE_HEADER, 0), WIRE_HEADER);
        CU_ASSERT_EQUAL(channel_next(&c, &m, 1000), 1);
        CU_ASSERT_EQUAL(recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT), -1);
        wire_header(buf, &(struct wire_msg){ .type = XS_READ });
        CU_ASSERT_EQUAL(send(fd[1], buf, WIRE_HEADER, 0), WIRE_HEADER);
        CU_ASSERT_EQUAL(channel_next(&c, &m, 1000), 1);
        CU_ASSERT_EQUAL(channel_next(&c, &m, 1), 0);
    }
    CU_ASSERT_EQUAL(recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT), -1);
    channel_close(&c);
    close(fd[1]);
}

const struct unit_test unit_tests[] = {
    { "a message survives the wire, and is seen only when whole", round_trip },
    { "a payload over the protocol's limit is no message", too_long },
    { "error names become error numbers", errors },
    { "a permission is a letter and a domain id", perms },
    { "permissions are said in words", perm_words },
    { "a long directory is put together from its parts", parts },
    { "a directory that changes between two parts starts over",
      parts_start_over },
    { "the device of a domain gets one request at a time", one_by_one },
    { 0 },
};
