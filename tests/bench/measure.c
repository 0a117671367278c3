/* Runs a command several times and prints the medians of its wall time and CPU
 * time in ms and its largest peak memory in KiB: "WALL CPU RSS". For
 * `make bench`; built static, so that it runs in any Dom0.
 * usage: measure TIMES [-a AFTER] COMMAND ARG...   AFTER: a shell line run,
 * not measured, after each time (to undo what the command did). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIMES_MAX = 1000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double milliseconds(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Runs argv with its output thrown away; returns its wait status. */
static int run(char **argv, struct rusage *usage)
{
    int status = 0;
    pid_t pid = fork();
    if (pid < 0)
        return -1;
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (wait4(pid, &status, 0, usage) != pid)
        return -1;
    return status;
}

int main(int argc, char **argv)
{
    static double wall[TIMES_MAX], cpu[TIMES_MAX];
    int times = argc > 2 ? atoi(argv[1]) : 0;
    char *after = NULL;
    char **command = argv + 2;
    long rss = 0;

    if (argc > 4 && !strcmp(argv[2], "-a")) {
        after = argv[3];
        command = argv + 4;
    }
    if (times < 1 || times > TIMES_MAX || !*command) {
        fprintf(stderr, "usage: measure TIMES [-a AFTER] COMMAND ARG...\n");
        return 2;
    }
    for (int i = 0; i < times; i++) {
        struct rusage u = { 0 };
        double start = now();
        int status = run(command, &u);
        wall[i] = now() - start;
        if (status) {
            fprintf(stderr, "measure: %s failed, status %d\n", command[0],
                    WIFEXITED(status) ? WEXITSTATUS(status) : status);
            return 1;
        }
        cpu[i] = milliseconds(u.ru_utime) + milliseconds(u.ru_stime);
        if (u.ru_maxrss > rss)
            rss = u.ru_maxrss;
        char *undo[] = { "sh", "-c", after, NULL };
        if (after)
            run(undo, &u);
    }
    qsort(wall, (size_t)times, sizeof wall[0], by_size);
    qsort(cpu, (size_t)times, sizeof cpu[0], by_size);
    printf("%.2f %.2f %ld\n", wall[times / 2], cpu[times / 2], rss);
    return 0;
}
