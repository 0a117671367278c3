/* Tests: processes beside each other, and what they hear of signals. */
#include "op/several.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* What a job runs instead of xl. */
static int wait_long(int argc, char **argv)
{
    (void)argc, (void)argv;
    sleep(20);
    return 0;
}

/* Pipes beside standard input, output and error. */
static int pipes_open(void)
{
    struct stat st;
    int nr = 0;
    for (int fd = 3; fd < 64; fd++)
        nr += fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
    return nr;
}

static int pipes_before;

/* Says with what it runs, and how it ended. */
static int say(int argc, char **argv)
{
    if (pipes_open() != pipes_before)
        printf("a pipe of the others is open ");
    printf("%d %s %s", argc, argv[0], argv[1]);
    fprintf(stderr, " stdin %d", getchar());
    fflush(stdout);
    return atoi(argv[1]);
}

static void nothing(const struct several_job *job, void *user)
{
    (void)job;
    ++*(int *)user;
}

/* Two jobs at a time of three; `signo` comes for this process alone. */
static void signal_to_parent(int signo)
{
    char job[] = "job", *argv[] = { job, NULL };
    const struct several_self self = { wait_long, argv };
    struct several_job jobs[3] = { { .argv = argv },
                                   { .argv = argv },
                                   { .argv = argv } };
    int told = 0;
    signal(signo, SIG_DFL); /* a shell's background job ignores SIGINT */
    pid_t sender = fork();
    if (sender == 0) {
        usleep(300000);
        kill(getppid(), signo);
        _exit(0);
    }
    int status = several_run(&self, jobs, 3, 2, nothing, &told);
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

static int wait_shortly(int argc, char **argv)
{
    (void)argc, (void)argv;
    usleep(600000);
    return 0;
}

static void nohup(void)
{
    char job[] = "job", *argv[] = { job, NULL };
    const struct several_self self = { wait_shortly, argv };
    struct several_job jobs[2] = { { .argv = argv }, { .argv = argv } };
    int told = 0;
    signal(SIGHUP, SIG_IGN);
    pid_t sender = fork();
    if (sender == 0) {
        usleep(300000);
        kill(getppid(), SIGHUP);
        _exit(0);
    }
    CU_ASSERT_EQUAL(several_run(&self, jobs, 2, 1, nothing, &told), 0);
    waitpid(sender, NULL, 0);
    signal(SIGHUP, SIG_DFL);
    CU_ASSERT_EQUAL(told, 2);
    for (int i = 0; i < 2; i++)
        g_string_free(jobs[i].said, TRUE);
}

/* The line that was started stays the parent's. */
static void each_its_own_line(void)
{
    char words[] = "xl\0"
                   "4\0"
                   "0";
    char *line[] = { words, words + 3, words + 5, NULL };
    char *lines[2][3] = { { line[0], line[1], NULL },
                          { line[0], line[2], NULL } };
    struct several_job jobs[2] = { { .argv = lines[0] }, { .argv = lines[1] } };
    const struct several_self self = { say, line };
    int told = 0;
    pipes_before = pipes_open();
    printf("# said once\n");
    CU_ASSERT_EQUAL(several_run(&self, jobs, 2, 2, nothing, &told), 4);
    CU_ASSERT_EQUAL(told, 2);
    CU_ASSERT_EQUAL(jobs[0].status, 4);
    CU_ASSERT_EQUAL(jobs[1].status, 0);
    CU_ASSERT_STRING_EQUAL(jobs[0].said->str, " stdin -12 xl 4");
    CU_ASSERT_STRING_EQUAL(jobs[1].said->str, " stdin -12 xl 0");
    CU_ASSERT_STRING_EQUAL(line[1], "4");
    for (int i = 0; i < 2; i++)
        g_string_free(jobs[i].said, TRUE);
}

const struct unit_test unit_tests[] = {
    { "SIGINT for the parent alone reaches all that runs, the rest is not "
      "begun",
      interrupt_of_the_parent },
    { "SIGTERM for the parent alone reaches all that runs", end_of_the_parent },
    { "a signal that is ignored, as under nohup, ends nothing", nohup },
    { "each job is the program with its own command line, output, empty "
      "input and status",
      each_its_own_line },
    { NULL, NULL },
};
