// The lab's agent: runs in Dom0, executes commands sent over virtio-serial
// ports. Outside ways A, B and C; the other end is labkit/client.py.
//
// A frame is a type byte, a 32-bit little-endian length and the payload of at
// most MAX_PAYLOAD bytes; type 0 is a lone filler byte. A client begins with
// more zero bytes than the longest frame, so that a frame which an earlier
// client left unfinished ends in them, and then says 'R' with a nonce.
//   to Dom0:   R nonce | A bytes of arguments | X flags rows cols | i stdin
//              e end of stdin | k signal | w rows cols | l leave the terminal
//   from Dom0: H nonce | o stdout | E stderr | a count of stdin bytes used
//              f could not start | x exit status
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    HEADER = 5,
    MAX_PAYLOAD = 16384,
    STDIN_WINDOW = 65536, // the client never has more unacknowledged bytes
    ARGS_MAX = 1 << 20,
    LINGER_MS = 100, // for output of a command that has already ended
    KILL_MS = 1000,  // between SIGTERM and SIGKILL
};

struct command {
    pid_t pid;                 // 0: nothing runs
    pid_t sid;                 // its session: a terminal's is its own, else the
    long long since;           // worker's, from this start time on (ticks)
    int pidfd, in, out, error; // -1: closed; with a terminal in == out
    bool tty, in_eof, ended;
    int status;
    int64_t deadline; // ms: SIGKILL while it runs, give up reading once ended
    char stdin_buf[STDIN_WINDOW];
    size_t stdin_len;
};

struct session {
    int port;
    char in[HEADER + MAX_PAYLOAD];
    size_t in_len;
    char out[4 * (HEADER + MAX_PAYLOAD)];
    size_t out_len;
    char *args; // NUL-terminated strings: K=V..., "", argv...
    size_t args_len;
    struct command cmd;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void frame_put(struct session *s, char type, const void *data,
                      uint32_t len)
{
    char *p = s->out + s->out_len;
    *p = type;
    memcpy(p + 1, &len, 4);
    memcpy(p + HEADER, data, len);
    s->out_len += HEADER + len;
}

// A command's output is read only while this holds.
static bool frame_fits(const struct session *s)
{
    return s->out_len + 2 * (HEADER + MAX_PAYLOAD) < sizeof s->out;
}

// ---- killing ---------------------------------------------------------------

// Session id and start time of a process, from /proc/PID/stat. False: gone.
static bool process_stat(const char *pid, pid_t *sid_out, long long *start_out)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    if (n <= 0)
        return false;
    line[n] = 0;
    char *p = strrchr(line, ')');
    if (!p)
        return false;
    char *save = NULL, *word = strtok_r(p + 1, " ", &save);
    for (int field = 3; word; field++) {
        if (field == 6)
            *sid_out = atoi(word);
        if (field == 22)
            *start_out = atoll(word);
        if (field == 22)
            return true;
        word = strtok_r(NULL, " ", &save);
    }
    return false;
}

static void process_signal(const struct command *c, const char *name, int sig)
{
    pid_t pid = atoi(name), sid;
    long long start;
    if (pid <= 1 || pid == getpid())
        return;
    if (process_stat(name, &sid, &start) && sid == c->sid && start >= c->since)
        kill(pid, sig);
}

// Every process of the command's session; daemons have left it.
static void command_signal(const struct command *c, int sig)
{
    if (!c->pid)
        return;
    int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    char buf[8192] __attribute__((aligned(8)));
    long n;
    while ((n = syscall(SYS_getdents64, fd, buf, sizeof buf)) > 0) {
        for (long at = 0; at < n;) {
            const char *d = buf + at; // struct linux_dirent64
            uint16_t reclen;
            memcpy(&reclen, d + 16, 2);
            process_signal(c, d + 19, sig);
            at += reclen;
        }
    }
    close(fd);
}

static void command_kill(struct command *c, int sig)
{
    command_signal(c, sig);
    if (!c->deadline)
        c->deadline = now_ms() + KILL_MS;
}

static void command_dispose(struct command *c)
{
    if (c->tty)
        c->out = -1; // the same descriptor as in
    fd_close(&c->pidfd);
    fd_close(&c->in);
    fd_close(&c->out);
    fd_close(&c->error);
    memset(c, 0, offsetof(struct command, stdin_buf));
    c->pidfd = c->in = c->out = c->error = -1;
    c->stdin_len = 0;
}

// The client has gone: what it started in the foreground goes as well.
static void command_abandon(struct command *c)
{
    if (c->pid && !c->ended) {
        command_signal(c, SIGHUP);
        command_signal(c, SIGTERM);
        for (int i = 0; i < 20 && waitpid(c->pid, NULL, WNOHANG) == 0; i++)
            usleep(50000);
        command_signal(c, SIGKILL);
        waitpid(c->pid, NULL, WNOHANG);
    }
    command_dispose(c);
}

// ---- starting --------------------------------------------------------------

// Splits the collected strings; returns argv, *env_out gets the environment.
// NULL when there is no command. Both point into s->args.
static char **args_split(struct session *s, char ***env_out)
{
    if (!s->args_len || s->args[s->args_len - 1])
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < s->args_len; i++)
        n += !s->args[i];
    char **v = calloc(n + 2, sizeof *v);
    if (!v)
        return NULL;
    size_t k = 0, argv = 0;
    for (char *p = s->args; p < s->args + s->args_len; p += strlen(p) + 1) {
        if (!*p && !argv)
            argv = k + 1;
        bool divider = !*p && argv == k + 1;
        v[k++] = divider ? NULL : p;
    }
    *env_out = v;
    if (argv && argv < k)
        return v + argv;
    free(v);
    return NULL;
}

static void child_exec(char **argv, char **env, int report)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (chdir("/root") < 0 && chdir("/") < 0)
        _exit(126);
    for (; *env; env++)
        putenv(*env);
    execvp(argv[0], argv);
    int e = errno;
    if (write(report, &e, sizeof e) < 0)
        _exit(126);
    _exit(e == ENOENT ? 127 : 126);
}

static pid_t start_pipes(struct command *c, char **argv, char **env, int report)
{
    int in[2], out[2], error[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
        pipe2(error, O_CLOEXEC))
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(error[1], 2);
        child_exec(argv, env, report);
    }
    close(in[0]);
    close(out[1]);
    close(error[1]);
    c->in = in[1];
    c->out = out[0];
    c->error = error[0];
    return pid;
}

static pid_t start_tty(struct command *c, char **argv, char **env, int report,
                       struct winsize size)
{
    int master;
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    if (pid == 0)
        child_exec(argv, env, report);
    if (pid < 0)
        return -1;
    fcntl(master, F_SETFD, FD_CLOEXEC);
    c->in = c->out = master;
    return pid;
}

static void start_failed(struct session *s, const char *what, int e)
{
    char text[512];
    int n = snprintf(text, sizeof text, "%.400s: %s", what, strerror(e));
    frame_put(s, 'f', text, (uint32_t)n);
}

// X: flags (1 = terminal), rows, columns. Answers with f when exec fails; the
// exit status follows in any case.
static void command_start(struct session *s, const char *data, uint32_t len)
{
    struct command *c = &s->cmd;
    char **env, **argv = args_split(s, &env);
    if (c->pid || !argv || len < 5) {
        start_failed(s, "agent", EINVAL);
        return frame_put(s, 'x', "\x7e\0\0\0", 4);
    }
    struct winsize size = { 0 };
    memcpy(&size.ws_row, data + 1, 2);
    memcpy(&size.ws_col, data + 3, 2);
    int report[2] = { -1, -1 }, e = 0;
    if (pipe2(report, O_CLOEXEC) < 0)
        report[0] = report[1] = -1;
    c->tty = data[0] & 1;
    c->pid = c->tty ? start_tty(c, argv, env, report[1], size)
                    : start_pipes(c, argv, env, report[1]);
    close(report[1]);
    if (c->pid < 0) {
        start_failed(s, argv[0], errno);
        c->pid = 0;
        command_dispose(c);
        frame_put(s, 'x', "\x7e\0\0\0", 4);
    } else {
        char name[16];
        pid_t sid;
        snprintf(name, sizeof name, "%d", c->pid);
        c->sid = c->tty ? c->pid : getpid();
        if (!process_stat(name, &sid, &c->since))
            c->since = 0;
        c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
        if (read(report[0], &e, sizeof e) == sizeof e)
            start_failed(s, argv[0], e);
        fcntl(c->in, F_SETFL, O_NONBLOCK);
        if (!c->tty)
            fcntl(c->out, F_SETFL, O_NONBLOCK);
        if (!c->tty)
            fcntl(c->error, F_SETFL, O_NONBLOCK);
    }
    close(report[0]);
    free(env);
}

// ---- frames from the client ------------------------------------------------

static void session_reset(struct session *s)
{
    command_abandon(&s->cmd);
    s->out_len = s->in_len = 0;
    s->args_len = 0;
}

static void on_reset(struct session *s, const char *data, uint32_t len)
{
    size_t keep = s->in_len;
    session_reset(s);
    s->in_len = keep;
    frame_put(s, 'H', data, len);
}

static void on_args(struct session *s, const char *data, uint32_t len)
{
    if (s->args_len + len > ARGS_MAX)
        return;
    char *p = realloc(s->args, s->args_len + len);
    if (!p)
        return;
    memcpy(p + s->args_len, data, len);
    s->args = p;
    s->args_len += len;
}

static void on_stdin(struct session *s, const char *data, uint32_t len)
{
    struct command *c = &s->cmd;
    if (c->in < 0)
        return frame_put(s, 'a', &len, 4);
    if (c->stdin_len + len > STDIN_WINDOW)
        return;
    memcpy(c->stdin_buf + c->stdin_len, data, len);
    c->stdin_len += len;
}

static void on_stdin_end(struct session *s, const char *data, uint32_t len)
{
    (void)data, (void)len;
    s->cmd.in_eof = true;
}

static void on_kill(struct session *s, const char *data, uint32_t len)
{
    uint32_t sig = SIGTERM;
    if (len >= 4)
        memcpy(&sig, data, 4);
    command_kill(&s->cmd, (int)sig);
}

static void on_window(struct session *s, const char *data, uint32_t len)
{
    struct winsize size = { 0 };
    if (len < 4 || !s->cmd.tty || s->cmd.in < 0)
        return;
    memcpy(&size.ws_row, data, 2);
    memcpy(&size.ws_col, data + 2, 2);
    ioctl(s->cmd.in, TIOCSWINSZ, &size);
}

// Ctrl-]: ends the shell when it is at its prompt; a program in the foreground
// (xl console) gets the key instead. One byte: leave in any case.
static void on_leave(struct session *s, const char *data, uint32_t len)
{
    (void)data;
    struct command *c = &s->cmd;
    if (!c->tty || c->in < 0)
        return;
    if (!len && tcgetpgrp(c->in) != c->pid)
        return on_stdin(s, "\x1d", 1);
    command_abandon(c);
    s->args_len = 0;
    frame_put(s, 'x', "\0\0\0\0", 4);
}

static const struct {
    char type;
    void (*run)(struct session *, const char *, uint32_t);
} frames[] = {
    { 'R', on_reset },  { 'A', on_args },      { 'X', command_start },
    { 'i', on_stdin },  { 'e', on_stdin_end }, { 'k', on_kill },
    { 'w', on_window }, { 'l', on_leave },
};

static void frame_run(struct session *s, char type, const char *data,
                      uint32_t len)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (frames[i].type == type)
            return frames[i].run(s, data, len);
}

// Runs every whole frame in s->in and keeps the rest.
static void frames_take(struct session *s)
{
    size_t at = 0;
    while (at < s->in_len && frame_fits(s)) {
        if (!s->in[at]) {
            at++;
            continue;
        }
        if (s->in_len - at < HEADER)
            break;
        uint32_t len;
        memcpy(&len, s->in + at + 1, 4);
        if (len > MAX_PAYLOAD) { // out of step: wait for the next filler
            at++;
            continue;
        }
        if (s->in_len - at < HEADER + len)
            break;
        frame_run(s, s->in[at], s->in + at + HEADER, len);
        at += HEADER + len;
    }
    memmove(s->in, s->in + at, s->in_len - at);
    s->in_len -= at;
}

// ---- the loop --------------------------------------------------------------

// One read of a command's output into a frame; closes *fd at its end.
static void output_read(struct session *s, int *fd, char type)
{
    char buf[MAX_PAYLOAD];
    ssize_t n = read(*fd, buf, sizeof buf);
    if (n > 0)
        return frame_put(s, type, buf, (uint32_t)n);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (s->cmd.tty)
        s->cmd.in = s->cmd.out = (close(*fd), -1);
    else
        fd_close(fd);
}

static void stdin_write(struct session *s)
{
    struct command *c = &s->cmd;
    if (c->stdin_len) {
        ssize_t n = write(c->in, c->stdin_buf, c->stdin_len);
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            n = (ssize_t)c->stdin_len;
            if (!c->tty)
                fd_close(&c->in);
        }
        if (n > 0) {
            uint32_t used = (uint32_t)n;
            frame_put(s, 'a', &used, 4);
            c->stdin_len -= used;
            memmove(c->stdin_buf, c->stdin_buf + used, c->stdin_len);
        }
    }
    if (c->in_eof && !c->stdin_len && !c->tty)
        fd_close(&c->in);
}

// Notes the end of the command; reports it once its output is read.
static void command_progress(struct session *s)
{
    struct command *c = &s->cmd;
    if (!c->pid)
        return;
    int64_t now = now_ms();
    if (!c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid) {
        c->ended = true;
        c->deadline = now + LINGER_MS;
    }
    if (!c->ended) {
        if (c->deadline && now >= c->deadline) {
            command_signal(c, SIGKILL);
            c->deadline = now + KILL_MS;
        }
        return;
    }
    if ((c->out >= 0 || c->error >= 0) && now < c->deadline)
        return;
    int32_t code = WIFEXITED(c->status) ? WEXITSTATUS(c->status)
                                        : 128 + WTERMSIG(c->status);
    frame_put(s, 'x', &code, 4);
    command_dispose(c);
    s->args_len = 0;
}

enum { W_PORT, W_PID, W_IN, W_OUT, W_ERROR, W_COUNT };

static int loop_wait(struct session *s, struct pollfd *p)
{
    struct command *c = &s->cmd;
    bool room = frame_fits(s);
    p[W_PORT].fd = s->port;
    p[W_PORT].events = (room && s->in_len < sizeof s->in ? POLLIN : 0) |
                       (s->out_len ? POLLOUT : 0);
    p[W_PID].fd = c->ended ? -1 : c->pidfd;
    p[W_PID].events = POLLIN;
    bool write_stdin = c->stdin_len || (c->in_eof && !c->tty);
    p[W_IN].fd = c->in >= 0 && room && write_stdin ? c->in : -1;
    p[W_IN].events = POLLOUT;
    p[W_OUT].fd = room ? c->out : -1;
    p[W_ERROR].fd = room ? c->error : -1;
    p[W_OUT].events = p[W_ERROR].events = POLLIN;
    int64_t wait = c->pid && c->deadline ? c->deadline - now_ms() : 60000;
    return poll(p, W_COUNT, wait < 0 ? 0 : (int)wait);
}

// Output that arrives while a finished command lingers keeps it a bit longer.
static void loop_output(struct session *s, const struct pollfd *p)
{
    struct command *c = &s->cmd;
    size_t before = s->out_len;
    if (c->out >= 0 && p[W_OUT].revents)
        output_read(s, &c->out, 'o');
    if (c->error >= 0 && p[W_ERROR].revents)
        output_read(s, &c->error, 'E');
    if (c->ended && s->out_len > before)
        c->deadline = now_ms() + LINGER_MS;
}

// Serves one client until it leaves.
static void serve(struct session *s)
{
    for (;;) {
        struct pollfd p[W_COUNT] = { 0 };
        if (loop_wait(s, p) < 0 && errno != EINTR)
            return;
        if (p[W_PORT].revents & POLLHUP)
            return;
        if (p[W_PORT].revents & POLLIN) {
            ssize_t n =
                read(s->port, s->in + s->in_len, sizeof s->in - s->in_len);
            if (n == 0)
                return;
            if (n > 0)
                s->in_len += (size_t)n;
        }
        frames_take(s);
        if (s->cmd.in >= 0 && p[W_IN].fd >= 0 && p[W_IN].revents)
            stdin_write(s);
        loop_output(s, p);
        command_progress(s);
        if (s->out_len) {
            ssize_t n = write(s->port, s->out, s->out_len);
            if (n > 0) {
                s->out_len -= (size_t)n;
                memmove(s->out, s->out + n, s->out_len);
            }
        }
    }
}

// The driver sends SIGIO when a client comes; the time limit is for a lost one.
static void port_worker(const char *path)
{
    static struct session s;
    sigset_t io;
    setsid(); // commands get no terminal by opening one: they lead no session
    sigemptyset(&io);
    sigaddset(&io, SIGIO);
    sigprocmask(SIG_BLOCK, &io, NULL);
    command_dispose(&s.cmd);
    s.port = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (s.port < 0)
        _exit(1);
    fcntl(s.port, F_SETOWN, getpid());
    fcntl(s.port, F_SETFL, O_NONBLOCK | O_ASYNC);
    for (;;) {
        struct pollfd p = { .fd = s.port, .events = POLLIN };
        struct timespec t = { .tv_sec = 1 };
        if (poll(&p, 1, 0) >= 0 && !(p.revents & POLLHUP))
            serve(&s);
        session_reset(&s);
        sigtimedwait(&io, NULL, &t);
    }
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    pid_t pids[32] = { 0 };
    for (;;) {
        for (int i = 1; i < argc && i < 32; i++) {
            if (pids[i])
                continue;
            pids[i] = fork();
            if (pids[i] == 0)
                port_worker(argv[i]);
        }
        pid_t pid = wait(NULL);
        for (int i = 1; i < 32; i++)
            if (pids[i] == pid)
                pids[i] = 0;
        usleep(100000);
    }
}
