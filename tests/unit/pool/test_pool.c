// SPDX-License-Identifier: MIT
/* The worker pool: the program itself, with somebody who stands in for the shepherd, and workers
 * that say what happens to them (worker.c). */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stand_in.h"
#include "tap.h"

enum { GRACE_MS = 30000 };

static struct stand_in job;
static long long generation;
static pid_t pool;
static char worker[512];

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", job.dir, name);
    return path;
}

static void make_file(const char *name)
{
    int fd = open(path_of(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || close(fd) != 0)
        cannot(name);
}

/* What the workers have said: text that holds for the next call. */
static const char *said(void)
{
    static char text[65536];
    FILE *f = fopen(path_of("log"), "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    if (f)
        fclose(f);
    return text;
}

/* How many lines begin with that; *pid: of the last of them. */
static int count(const char *what, long *pid)
{
    int n = 0;
    for (const char *line = said(); *line; line = strchr(line, '\n') + 1) {
        if (strncmp(line, what, strlen(what)) != 0 || line[strlen(what)] != ' ')
            continue;
        n++;
        if (pid)
            *pid = strtol(line + strlen(what), NULL, 10);
    }
    return n;
}

/* Until that many begin so; the pid in the last of them, -1 after 20 s. */
static long await(const char *what, int lines)
{
    long pid;
    for (int i = 0; i < 20000; i++, tiny_sleep())
        if (count(what, &pid) >= lines)
            return pid;
    printf("# no %d lines \"%s\" in:\n%s", lines, what, said());
    return -1;
}

static bool is_gone(long pid)
{
    for (int i = 0; i < 20000; i++, tiny_sleep())
        if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            return true;
    return false;
}

static void run_pool(const char *option, const char *value, const char *what)
{
    const char *const argv[] = {
        MINI_SLURM_WORKERS, option, value, "--", worker, what, job.dir, NULL};
    const char *const plain[] = {MINI_SLURM_WORKERS, "--", worker, what, job.dir, NULL};
    int errors = open(path_of("errors"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    pool = fork();
    if (pool == 0) {
        dup2(errors, STDERR_FILENO);
        signal(SIGINT, SIG_DFL); /* a shell ignores it for what runs in the background */
        execv(MINI_SLURM_WORKERS, (char *const *)(uintptr_t)(option ? argv : plain));
        _exit(99);
    }
    close(errors);
}

/* A pool of workers of that kind in a job with so many CPUs. */
static void begin(int cpus, const char *what)
{
    generation = 0;
    stand_in_open(&job, cpus);
    run_pool(NULL, NULL, what);
}

/* How the pool ended: its exit status, or minus the signal; 1000 if it does not within 30 s. */
static int ended(void)
{
    int status;
    for (int i = 0; i < 30000; i++, tiny_sleep())
        if (waitpid(pool, &status, WNOHANG) == pool)
            return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return 1000;
}

static const char *errors(void)
{
    static char text[8192];
    FILE *f = fopen(path_of("errors"), "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    if (f)
        fclose(f);
    return text;
}

static void end(void)
{
    kill(pool, SIGTERM);
    is_int(ended(), -SIGTERM, "(the pool ends)");
    stand_in_close(&job);
}

/* As a shepherd: only who handles the signal gets it, so that the pool must have begun. */
static void resize(int cpus, int grace_ms)
{
    stand_in_tell(&job, cpus, ++generation, grace_ms);
    kill(pool, SIGUSR1);
}

static void test_follows(void)
{
    setenv("OMP_NUM_THREADS", "8", 1);
    begin(1, "stay");
    await("start 0", 1);
    is_int(count("of 1 threads 1 control - usr1 ignored 0", NULL), 1,
           "a worker knows of how many it is, not of the job's CPUs");
    resize(3, -1);
    ok(await("start 2", 1) > 0 && await("start 1", 1) > 0, "more CPUs, more workers");
    is_int(count("of 3 threads 1 control - usr1 ignored 2", NULL), 1, "each with its number");
    is_int(count("start 0", NULL), 1, "who was there goes on");
    resize(1, GRACE_MS);
    ok(stand_in_is_acked(&job, generation, 20000), "fewer CPUs: it acknowledges");
    ok(count("term 1", NULL) == 1 && count("term 2", NULL) == 1,
       "those with high numbers had to go");
    ok(count("term 0", NULL) == 0, "the first had not");
    stand_in_tell(&job, 2, ++generation, -1);
    ok(await("start 1", 2) > 0, "a resize is seen without a signal, too");
    unsetenv("OMP_NUM_THREADS");
    end();
}

static void test_waits_for_who_leaves(void)
{
    begin(2, "slow");
    await("start 1", 1);
    resize(1, GRACE_MS);
    long leaving = await("term 1", 1);
    ok(!stand_in_is_acked(&job, generation, 0),
       "it does not acknowledge while somebody is leaving");
    resize(2, -1);
    make_file("go");
    ok(is_gone(leaving), "who has to go goes, although there are CPUs again");
    ok(await("start 1", 2) > 0, "another takes the place");
    end();
}

/* `sh -c` dies of the signal at once; what it runs has something to put back. */
static void test_shell(void)
{
    begin(2, "shell");
    await("start 0", 1);
    await("start 1", 1);
    resize(1, GRACE_MS);
    long program = await("term 1", 1);
    ok(!stand_in_is_acked(&job, generation, 100) && kill((pid_t)program, 0) == 0,
       "it waits for all that a worker has started, and leaves it its time");
    make_file("go");
    ok(stand_in_is_acked(&job, generation, 20000) && is_gone(program), "then it acknowledges");
    kill(pool, SIGTERM);
    is_int(ended(), -SIGTERM, "so it does when the pool has to end");
    is_int(count("term 0", NULL), 1, "also the last one hears of it");
    stand_in_close(&job);
}

static void test_deaf(void)
{
    begin(2, "deaf");
    long second = await("start 1", 1);
    resize(1, 300);
    ok(stand_in_is_acked(&job, generation, 20000) && is_gone(second),
       "who does not go is ended at the deadline");
    is_int(kill(pool, 0), 0, "that is no failure");
    resize(2, -1);
    await("start 1", 2);
    kill(pool, SIGTERM);
    is_int(ended(), -SIGTERM, "nor does it keep the pool from ending");
    stand_in_close(&job);
}

static void test_dies(void)
{
    begin(2, "stay");
    long first = await("start 0", 1);
    await("start 1", 1);
    kill((pid_t)first, SIGKILL);
    ok(await("start 0", 2) > 0, "who dies is started again");
    has_str(errors(), "worker 0 was ended by signal 9 (KILL): it is started again",
            "and it says so");
    is_int(count("start 1", NULL), 1, "the others go on");
    end();
}

static void test_group(void)
{
    begin(1, "pair");
    long parent = await("start 0", 1), child = await("child 0", 1);
    kill((pid_t)parent, SIGKILL);
    ok(is_gone(child), "with a worker goes what it has started");
    await("start 0", 2);
    end();
}

static void test_fails(void)
{
    begin(2, "fail");
    is_int(ended(), 3, "if too many die, the pool ends as the last did");
    int starts = count("start 0", NULL) + count("start 1", NULL);
    ok(starts >= 6 && starts <= 7, "after five have been started again (%d starts)", starts);
    has_str(errors(), "ended with exit status 3: too many died within a minute: the pool ends",
            "and it says so");
    stand_in_close(&job);
    begin(1, "fault");
    is_int(ended(), 128 + SIGSEGV, "as a shell says it, if it was by a signal");
    stand_in_close(&job);

    stand_in_open(&job, 2);
    char real[512];
    strcpy(real, worker);
    strcpy(worker, "/nonexistent/program");
    run_pool(NULL, NULL, "stay");
    is_int(ended(), 127, "what can't be executed is not tried again");
    has_str(errors(), "cannot execute /nonexistent/program: No such file or directory",
            "it is told");
    strcpy(worker, real);
    stand_in_close(&job);
}

static void test_done(void)
{
    begin(2, "find");
    await("start 0", 1);
    await("start 1", 1);
    make_file("found");
    is_int(ended(), 0, "when all have found no more work, it ends");
    ok(count("start 0", NULL) == 1 && count("start 1", NULL) == 1, "none is started again");
    stand_in_close(&job);
}

/* Worker 1 hands back what it was at when it has to go, and worker 0, who has found nothing before,
 * ends before that, or after it. */
static void test_hands_back(bool before)
{
    stand_in_open(&job, 2);
    generation = 0;
    make_file("work");
    run_pool(NULL, NULL, "find");
    long second = await("took 1", 1);
    await("start 0", 1);
    resize(1, GRACE_MS);
    await("leaving 1", 1);
    if (before) {
        make_file("found");
        await("nothing 0", 1);
    }
    make_file("finish"); /* whoever looks from now on may take it */
    make_file("go");
    ok(await("handed 1", 1) > 0 && is_gone(second), "a worker hands back what it was at");
    make_file("found");
    is_int(ended(), 0, "the pool ends well");
    is_int(count("did 0", NULL), 1,
           before ? "it was done by one who had to look again" : "also if he ended only later");
    stand_in_close(&job);
}

static void test_grows_in_vain(void)
{
    stand_in_open(&job, 2);
    generation = 0;
    make_file("work");
    run_pool(NULL, NULL, "find");
    await("took 1", 1);
    long first = await("start 0", 1);
    make_file("found");
    ok(is_gone(first), "one has found no more work, another is still at some");
    resize(4, -1);
    resize(3, GRACE_MS);
    ok(stand_in_is_acked(&job, generation, 20000), "the pool has seen that it has grown");
    make_file("finish");
    is_int(ended(), 0, "it ends when that is done");
    is_int(count("start 0", NULL) + count("start 2", NULL), 1, "nobody was started for nothing");
    stand_in_close(&job);
}

static void test_ends(void)
{
    begin(3, "stay");
    await("start 2", 1);
    await("start 1", 1);
    await("start 0", 1);
    kill(pool, SIGINT);
    is_int(ended(), -SIGINT, "a signal that ends the pool");
    ok(count("term 0", NULL) == 1 && count("term 1", NULL) == 1 && count("term 2", NULL) == 1,
       "goes to all workers first, as SIGTERM");
    stand_in_close(&job);
}

static void test_cpus_per_worker(void)
{
    stand_in_open(&job, 5);
    generation = 0;
    run_pool("--cpus-per-worker", "2", "stay");
    await("start 0", 1);
    ok(await("start 1", 1) > 0, "two for each: of five CPUs one is left over");
    resize(1, GRACE_MS);
    ok(stand_in_is_acked(&job, generation, 20000), "too few for one");
    ok(count("term 0", NULL) == 0 && count("start 2", NULL) == 0, "one stays");
    end();
}

static void test_outside(void)
{
    cpu_set_t set;
    stand_in_open(&job, 1);
    char number[16], line[32];
    sched_getaffinity(0, sizeof set, &set);
    snprintf(number, sizeof number, "%d", CPU_COUNT(&set));
    snprintf(line, sizeof line, "start %d", CPU_COUNT(&set) - 1);
    unsetenv("MINI_SLURM_CONTROL_FILE");
    run_pool(NULL, NULL, "stay");
    ok(await(line, 1) > 0, "outside of a job: as many as there are CPUs (%s)", number);
    end();
}

int main(int argc, char **argv)
{
    (void)argc;
    char *self = realpath(argv[0], NULL);
    if (!self)
        cannot(argv[0]);
    snprintf(worker, sizeof worker, "%s/pool_worker", dirname(self));
    free(self);
    test_follows();
    test_waits_for_who_leaves();
    test_shell();
    test_deaf();
    test_dies();
    test_group();
    test_fails();
    test_done();
    test_hands_back(true);
    test_hands_back(false);
    test_grows_in_vain();
    test_ends();
    test_cpus_per_worker();
    test_outside();
    return done_testing();
}
