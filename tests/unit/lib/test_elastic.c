// SPDX-License-Identifier: MIT
/* The library for cooperative elastic jobs, with somebody who stands in for the shepherd. */
#include <errno.h>
#include <mini_slurm_elastic.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stand_in.h"
#include "tap.h"

static struct mini_slurm_elastic e;

static int cpus_here(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

static void (*handler_of(int signal))(int)
{
    struct sigaction now;
    return sigaction(signal, NULL, &now) == 0 ? now.sa_handler : SIG_ERR;
}

/* Until it says so; ten seconds at most. */
static bool becomes_changed(void)
{
    for (int i = 0; i < 10000; i++, tiny_sleep())
        if (mini_slurm_elastic_changed(&e))
            return true;
    return false;
}

static void test_outside(void)
{
    signal(SIGUSR1, SIG_IGN);
    is_int(mini_slurm_elastic_open(&e), 0, "outside of a job");
    is_int(e.cpus, cpus_here(), "it has the CPUs that it may run on");
    ok(e.min_cpus == e.cpus && e.max_cpus == e.cpus && !e.shrinking, "and always will");
    ok(!mini_slurm_elastic_changed(&e), "nothing changes");
    is_int(mini_slurm_elastic_acknowledge(&e), 0, "there is nothing to acknowledge");
    ok(handler_of(SIGUSR1) == SIG_IGN, "no signal is handled");
}

static void test_no_file(void)
{
    struct stand_in s;
    stand_in_open(&s, 3);
    setenv("MINI_SLURM_CONTROL_FILE", "/nonexistent/control", 1);
    is_int(mini_slurm_elastic_open(&e), -1, "a control file that is not there");
    is_int(errno, ENOENT, "is told");
    ok(e.cpus == cpus_here() && !mini_slurm_elastic_changed(&e), "it is as outside then");
    setenv("MINI_SLURM_CONTROL_FILE", s.control, 1);
    static const char *const wrong[] = {"", "x", "2 100 1 8 RUNNING grow\n",
                                        "0 100 1 8 RUNNING none\n0 - 0 -\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        stand_in_write(&s, wrong[i]);
        ok(mini_slurm_elastic_open(&e) == -1 && errno == EINVAL && e.cpus == cpus_here(),
           "so is one that is no control file (%zu)", i);
    }
    stand_in_close(&s);
}

static void own_handler(int signal)
{
    (void)signal;
}

static void test_signals(void)
{
    struct stand_in s;
    stand_in_open(&s, 2);
    signal(SIGUSR2, own_handler);
    signal(SIGHUP, SIG_DFL);
    is_int(mini_slurm_elastic_open(&e), 0, "in a job");
    ok(handler_of(SIGUSR1) != SIG_IGN && handler_of(SIGUSR1) != SIG_DFL,
       "it handles the signal that is ignored");
    ok(handler_of(SIGUSR2) == own_handler, "not one that the program handles");
    ok(handler_of(SIGHUP) == SIG_DFL, "nor one that would end it");
    signal(SIGUSR2, SIG_DFL);
    stand_in_close(&s);
}

static void test_changes(void)
{
    struct stand_in s;
    stand_in_open(&s, 2);
    mini_slurm_elastic_open(&e);
    ok(e.cpus == 2 && e.min_cpus == 1 && e.max_cpus == 8 && e.mem_mb == 200 && e.generation == 0,
       "it has what the control file says");
    is_str(e.cpu_list, "0-1", "these CPUs");
    ok(!e.shrinking && e.deadline_ms == 0, "and need give up none");
    is_int(mini_slurm_elastic_acknowledge(&e), 0, "so that there is nothing to acknowledge");

    stand_in_tell(&s, 4, 1, -1);
    raise(SIGUSR1);
    ok(mini_slurm_elastic_changed(&e), "after the signal a change is seen at once");
    ok(e.cpus == 4 && e.generation == 1 && e.mem_mb == 400, "it is the one in the file");
    raise(SIGUSR1);
    ok(!mini_slurm_elastic_changed(&e), "a signal for nothing");
    stand_in_tell(&s, 5, 2, -1);
    ok(becomes_changed() && e.cpus == 5, "without a signal it is seen as well");
    ok(!stand_in_is_acked(&s, 0, 0), "nothing was acknowledged");

    stand_in_tell(&s, 1, 1, -1);
    raise(SIGUSR1);
    ok(!mini_slurm_elastic_changed(&e) && e.cpus == 5, "an older generation does not count");
    stand_in_write(&s, "7 x");
    raise(SIGUSR1);
    ok(!mini_slurm_elastic_changed(&e) && e.cpus == 5, "nor what is no control file");
    unlink(s.control);
    raise(SIGUSR1);
    ok(!mini_slurm_elastic_changed(&e) && e.cpus == 5, "nor none at all");
    stand_in_close(&s);
}

static void test_acknowledge(void)
{
    struct stand_in s;
    struct timespec now;
    stand_in_open(&s, 4);
    mini_slurm_elastic_open(&e);
    stand_in_tell(&s, 2, 7, 2000);
    raise(SIGUSR1);
    ok(mini_slurm_elastic_changed(&e) && e.cpus == 2 && e.shrinking, "it is to have fewer");
    clock_gettime(CLOCK_REALTIME, &now);
    long long left = e.deadline_ms - (long long)now.tv_sec * 1000 - now.tv_nsec / 1000000;
    ok(left <= 2000 && left > -60000, "until the deadline (%lld ms)", left);
    is_int(mini_slurm_elastic_acknowledge(&e), 0, "acknowledged");
    ok(stand_in_is_acked(&s, 7, 0), "by its generation");
    is_int(mini_slurm_elastic_acknowledge(&e), 0, "a second time");
    ok(!stand_in_is_acked(&s, 7, 0), "nothing is written");
    stand_in_tell(&s, 2, 7, -1);
    raise(SIGUSR1);
    ok(!mini_slurm_elastic_changed(&e) && !e.shrinking, "that it is done is no change");

    /* Who begins in the middle of it: */
    stand_in_tell(&s, 1, 8, 2000);
    mini_slurm_elastic_open(&e);
    ok(mini_slurm_elastic_acknowledge(&e) == 0 && stand_in_is_acked(&s, 8, 0),
       "also right at the beginning");
    stand_in_tell(&s, 1, 9, 2000);
    raise(SIGUSR1);
    mini_slurm_elastic_changed(&e);
    close(s.fifo);
    is_int(mini_slurm_elastic_acknowledge(&e), 0, "if nobody reads it, that ends nobody");
    stand_in_tell(&s, 1, 10, 2000);
    raise(SIGUSR1);
    mini_slurm_elastic_changed(&e);
    unlink(s.ack);
    is_int(mini_slurm_elastic_acknowledge(&e), -1, "no FIFO");
    is_int(errno, ENOENT, "is told");
    stand_in_close(&s);
}

/* CPUs, memory and generation belong together, in each file that is written. */
static void test_race(void)
{
    enum { CHANGES = 3000 };
    struct stand_in s;
    stand_in_open(&s, 1);
    mini_slurm_elastic_open(&e);
    pid_t writer = fork();
    if (writer == 0) {
        for (int i = 1; i <= CHANGES; i++) {
            stand_in_tell(&s, i % 8 + 1, i, i % 3 ? -1 : 1000);
            kill(getppid(), SIGUSR1);
        }
        _exit(0);
    }
    bool torn = false, back = false;
    long long before = 0;
    time_t until = time(NULL) + 60;
    while (e.generation < CHANGES && time(NULL) < until) {
        bool changed = mini_slurm_elastic_changed(&e);
        torn |= e.cpus != e.generation % 8 + 1 || e.mem_mb != 100LL * e.cpus ||
                e.shrinking != (e.generation % 3 == 0 && e.generation > 0);
        back |= changed ? e.generation <= before : e.generation != before;
        before = e.generation;
    }
    is_int(e.generation, CHANGES, "the last of many quick changes is seen");
    ok(!torn, "never a part of one");
    ok(!back, "never an earlier one");
    waitpid(writer, NULL, 0);
    stand_in_close(&s);
}

int main(void)
{
    test_outside();
    test_no_file();
    test_signals();
    test_changes();
    test_acknowledge();
    test_race();
    return done_testing();
}
