/* Tests: processes beside each other, and what they hear of signals. */
#include "op/several.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define ROLE "XL_SEVERAL_TEST_ROLE"

/* several_run starts this program again: then it only waits. */
__attribute__((constructor)) static void be_a_job(void)
{
    if (!getenv(ROLE))
        return;
    sleep(20);
    _exit(0);
}

static void nothing(const struct several_job *job, void *user)
{
    (void)job;
    ++*(int *)user;
}

/* Two jobs at a time of three; `signo` comes for this process alone. */
static void signal_to_parent(int signo)
{
    char *argv[] = { (char *)"job", NULL };
    struct several_job jobs[3] = { { .argv = argv },
                                   { .argv = argv },
                                   { .argv = argv } };
    int told = 0;
    pid_t sender = fork();
    if (sender == 0) {
        usleep(300000);
        kill(getppid(), signo);
        _exit(0);
    }
    setenv(ROLE, "job", 1);
    int status = several_run(jobs, 3, 2, nothing, &told);
    unsetenv(ROLE);
    waitpid(sender, NULL, 0);
    CU_ASSERT_EQUAL(status, 128 + signo);
    CU_ASSERT_EQUAL(told, 3);
    CU_ASSERT_EQUAL(jobs[0].status, 128 + signo);
    CU_ASSERT_EQUAL(jobs[1].status, 128 + signo);
    CU_ASSERT_EQUAL(jobs[2].status, -1);
    for (int i = 0; i < 3; i++)
        g_string_free(jobs[i].said, TRUE);
}

static void interrupt_of_the_parent(void)
{
    signal_to_parent(SIGINT);
}

static void end_of_the_parent(void)
{
    signal_to_parent(SIGTERM);
}

const struct unit_test unit_tests[] = {
    { "SIGINT for the parent alone reaches all that runs, the rest is not "
      "begun",
      interrupt_of_the_parent },
    { "SIGTERM for the parent alone reaches all that runs", end_of_the_parent },
    { NULL, NULL },
};
