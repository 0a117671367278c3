/* Tests: progress of a long copy, as text. */
#include "op/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define MIB ((uint64_t)1024 * 1024)

static void bar_is(const struct progress_state *s, int columns,
                   const char *want)
{
    g_autoptr(GString) got = g_string_new(NULL);
    progress_bar(got, s, columns);
    UNIT_EQUAL(got->str, want);
}

static void bars(void)
{
    struct progress_state s = { "saving web", 24 * MIB, 96 * MIB,
                                (double)(8 * MIB) };
    bar_is(&s, 79,
           "saving web [#####.................]  25 %  24 MiB of 96 MiB, "
           "8 MiB/s, 0:09 left");
    bar_is(&s, 50, "saving web  25 %  24 MiB of 96 MiB, 8 MiB/s, 0:09 ");
    s.rate = 0;
    s.done = 96 * MIB;
    bar_is(&s, 60,
           "saving web [######################.]  99 %  96 MiB of 96 MiB");
    s.total = 0;
    bar_is(&s, 60, "saving web  96 MiB");
}

static void lines(void)
{
    struct progress_state s = { "moving web to b", 3 * 1024 * MIB,
                                64 * 1024 * MIB, (double)(10 * MIB) };
    g_autoptr(GString) got = g_string_new(NULL);
    progress_line(got, &s);
    UNIT_EQUAL(got->str, "moving web to b: 4 %, 3.0 GiB of 64.0 GiB, "
                         "10 MiB/s, 1:44:06 left\n");
    g_string_truncate(got, 0);
    progress_sum(got, "saving web", 96 * MIB, 2400);
    UNIT_EQUAL(got->str, "saving web: 96 MiB in 2.4 s (40 MiB/s)\n");
}

static void rates(void)
{
    double r = progress_rate(0, 10 * MIB, 1000);
    CU_ASSERT_DOUBLE_EQUAL(r, 10.0 * MIB, 1);
    r = progress_rate(r, 20 * MIB, 1000);
    CU_ASSERT_DOUBLE_EQUAL(r, 15.0 * MIB, 1);
    CU_ASSERT_DOUBLE_EQUAL(progress_rate(r, 5, 0), r, 1);
    CU_ASSERT_DOUBLE_EQUAL(progress_rate(r, 0, 60000), 0, 1);
}

static void a_file_that_grows(void)
{
    FILE *out = tmpfile(), *copy = tmpfile();
    struct xen_log *log = xen_log_new(out, 0);
    log->cr = true; /* a bar, as on a terminal */
    struct progress_how how = { .what = "saving web",
                                .source = PROGRESS_WRITE,
                                .fd = fileno(copy),
                                .total = 4 * MIB };
    struct progress *p = progress_start(log, &how);
    static const char block[1024 * 1024];
    CU_ASSERT_EQUAL(write(how.fd, block, sizeof(block)), sizeof(block));
    usleep(400000);
    progress_end(p, true);
    char said[4096] = "";
    rewind(out);
    size_t n = fread(said, 1, sizeof(said) - 1, out);
    said[n] = '\0';
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "] "));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, " 25 %  1 MiB of 4 MiB"));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "\r\033[Kxl: saving web: 1 MiB in "));
    xen_log_free(log);
    fclose(out);
    fclose(copy);
}

const struct unit_test unit_tests[] = {
    { "a bar shows share, bytes, rate and time left in the width there is",
      bars },
    { "elsewhere lines say the same, the last one the sum", lines },
    { "the rate follows what is measured without jumping", rates },
    { "the bar follows a file that another writes to", a_file_that_grows },
    { NULL, NULL },
};
