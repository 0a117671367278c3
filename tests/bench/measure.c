/* Runs a command several times and prints the medians of its wall time and CPU
 * time in ms and its largest peak memory in KiB: "WALL CPU RSS". For
 * `make bench`; built static, so that it runs in any Dom0.
 * usage: measure TIMES [-a AFTER] COMMAND ARG...   AFTER: a shell line run,
 *                        not measured, after each time (to undo the command).
 *        measure TIMES [-a AFTER] -2 LINE LINE   two shell lines by turns, so
 *                        that other load meets both: a line of figures each. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
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
        /* QEMU without KVM translates a program anew wherever it is loaded;
         * that would be measured instead of the program */
        personality(ADDR_NO_RANDOMIZE);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (wait4(pid, &status, 0, usage) != pid)
        return -1;
    return status;
}

struct sample {
    double wall[TIMES_MAX], cpu[TIMES_MAX];
    long rss;
};

static int take(struct sample *s, int i, char **command)
{
    struct rusage u = { 0 };
    double start = now();
    int status = run(command, &u);
    s->wall[i] = now() - start;
    if (status) {
        fprintf(stderr, "measure: %s failed, status %d\n", command[0],
                WIFEXITED(status) ? WEXITSTATUS(status) : status);
        return -1;
    }
    s->cpu[i] = milliseconds(u.ru_utime) + milliseconds(u.ru_stime);
    if (u.ru_maxrss > s->rss)
        s->rss = u.ru_maxrss;
    return 0;
}

static void print(struct sample *s, int times)
{
    qsort(s->wall, (size_t)times, sizeof s->wall[0], by_size);
    qsort(s->cpu, (size_t)times, sizeof s->cpu[0], by_size);
    printf("%.2f %.2f %ld\n", s->wall[times / 2], s->cpu[times / 2], s->rss);
}

int main(int argc, char **argv)
{
    static struct sample samples[2];
    int times = argc > 2 ? atoi(argv[1]) : 0, commands = 1;
    char **word = argv + 2, *after = NULL;

    if (argc > 4 && !strcmp(*word, "-a")) {
        after = word[1];
        word += 2;
    }
    bool pair = *word && !strcmp(*word, "-2") && word[1] && word[2];
    if (times < 1 || times > TIMES_MAX || !*word || (!pair && **word == '-')) {
        fprintf(stderr, "usage: measure TIMES [-a AFTER] COMMAND ARG...\n"
                        "       measure TIMES [-a AFTER] -2 LINE LINE\n");
        return 2;
    }
    char *line[2][4] = { { "sh", "-c", word[1], NULL } };
    char *undo[] = { "sh", "-c", after, NULL };
    if (pair) {
        commands = 2;
        memcpy(line[1], line[0], sizeof(line[0]));
        line[1][2] = word[2];
    }
    for (int i = 0; i < times; i++)
        for (int c = 0; c < commands; c++) {
            struct rusage u;
            if (take(&samples[c], i, pair ? line[c] : word))
                return 1;
            if (after)
                run(undo, &u);
        }
    for (int c = 0; c < commands; c++)
        print(&samples[c], times);
    return 0;
}
