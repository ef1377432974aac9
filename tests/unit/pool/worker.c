// SPDX-License-Identifier: MIT
/* pool_worker WHAT DIR - one worker of a pool, which says what happens to it by lines in DIR/log.
 *   stay: until SIGTERM
 *   slow: then waits for the file DIR/go
 *   deaf: ignores SIGTERM
 *   pair: has a child that is deaf
 *   shell: ends at once, as a shell does, and has a child that is slow
 *   find: takes the file DIR/work, at first only if it is worker 1; is done with it when DIR/finish
 *         is there. If it is to go before, it waits for DIR/go, and hands it back. Without work it
 *         ends when DIR/found is there
 *   fail: ends with 3; fault: by SIGSEGV */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *dir, *number;
static volatile sig_atomic_t term;

static void on_term(int signal)
{
    term = signal;
}

/* One write of a line that is short: those of several do not mix. */
static void say(const char *what)
{
    char path[128], line[128];
    snprintf(path, sizeof path, "%s/log", dir);
    int len = snprintf(line, sizeof line, "%s %s %ld\n", what, number, (long)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, (size_t)len) != len || close(fd) != 0)
        abort();
}

static int is_there(const char *name)
{
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return stat(path, &st) == 0;
}

/* Until the file is there (NULL: for ever), or it is to go, if it heeds that. A minute at most, so
 * that nothing outlives a test for long. */
static void stay(const char *until, int heeds)
{
    for (int i = 0; i < 60000 && !(heeds && term) && !(until && is_there(until)); i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void move(const char *from, const char *to)
{
    char a[128], b[128];
    snprintf(a, sizeof a, "%s/%s", dir, from);
    snprintf(b, sizeof b, "%s/%s", dir, to);
    if (rename(a, b) != 0)
        abort();
}

static void find_work(void)
{
    if (!is_there("work") || (strcmp(number, "1") != 0 && !is_there("finish"))) {
        stay("found", 0);
        say("nothing");
        return;
    }
    move("work", "taken");
    say("took");
    stay("finish", 1);
    if (term) {
        say("leaving");
        stay("go", 0);
        move("taken", "work");
        say("handed");
    } else {
        move("taken", "done");
        say("did");
    }
}

static const char *or_dash(const char *name)
{
    return getenv(name) ? getenv(name) : "-";
}

static void say_start(void)
{
    char text[100];
    struct sigaction was;
    sigset_t blocked;
    sigaction(SIGUSR1, NULL, &was);
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    snprintf(text, sizeof text, "of %s threads %s control %s usr1 %s%s",
             or_dash("MINI_SLURM_WORKERS"), or_dash("OMP_NUM_THREADS"),
             or_dash("MINI_SLURM_CONTROL_FILE"),
             was.sa_handler == SIG_IGN ? "ignored" : "not ignored",
             sigismember(&blocked, SIGTERM) ? " blocked" : "");
    say(text);
    say("start");
}

/* Returns in the child. */
static void be_shell(void)
{
    pid_t child = fork();
    if (child == 0)
        return;
    signal(SIGTERM, SIG_DFL);
    waitpid(child, NULL, 0);
    exit(0);
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "";
    dir = argc == 3 ? argv[2] : ".";
    number = or_dash("MINI_SLURM_WORKER");
    signal(SIGTERM, strcmp(what, "deaf") == 0 ? SIG_IGN : on_term);
    if (strcmp(what, "pair") == 0 && fork() == 0) {
        signal(SIGTERM, SIG_IGN);
        say("child");
        stay(NULL, 0);
        return 1;
    }
    if (strcmp(what, "shell") == 0)
        be_shell();
    say_start();
    if (strcmp(what, "fail") == 0)
        return 3;
    if (strcmp(what, "fault") == 0) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
    }
    if (strcmp(what, "find") == 0) {
        find_work();
        return 0;
    }
    stay(NULL, 1);
    say("term");
    if (strcmp(what, "slow") == 0 || strcmp(what, "shell") == 0)
        stay("go", 0);
    return 0;
}
