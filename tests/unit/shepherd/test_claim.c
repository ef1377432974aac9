// SPDX-License-Identifier: MIT
/* The claim: an attempt runs once or never, whoever dies when. And a disk that is full. */
#include <sys/mount.h>

#include "fixture.h"
#include "tap.h"

static void claim(const struct attempt *a, enum attempt_phase phase)
{
    struct err e;
    struct attempt_status s = {.job = a->spec.job, .attempt = 1, .phase = phase};
    is_int(status_claim(a->dir, &s, NULL, &e), 0, "recovery has the attempt");
}

/* The names in the directory, but for the log and the record: must be none. */
static bool has_leftovers(const struct attempt *a)
{
    static const char *const names[] = {"claimed", "control", "script"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = attempt_path(a->dir, a->spec.job, 1, names[i]);
        bool there = path && access(path, F_OK) == 0;
        free(path);
        if (there)
            return true;
    }
    return false;
}

static void test_void_first(void)
{
    struct attempt a;
    attempt_new(&a, "echo it ran");
    claim(&a, PHASE_VOID);
    attempt_run(&a);
    is_int(a.exit_status, 0, "a shepherd that comes second goes quietly");
    ok(!contents(&a, "out"), "its job does not run");
    is_int(a.status.phase, PHASE_VOID, "and the record is not touched");
    ok(!has_leftovers(&a), "nothing else is left");
    attempt_end(&a);
}

/* The scheduler dies, or its commit fails: what was prepared is undone. */
static void test_taken_back(void)
{
    static const char spec[] = {SAY_SPEC, '\0'};
    const char *const told[] = {"", spec};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct attempt a;
        attempt_new(&a, "echo it ran");
        a.words = told[i];
        attempt_run(&a);
        is_int(a.exit_status, 0, "a shepherd that is not let go ends quietly");
        ok(!a.told && !contents(&a, "out"), "without a claim, and the job does not run");
        ok(!has_leftovers(&a), "nothing is left");
        attempt_end(&a);
    }
}

/* Both at the same time, again and again: exactly one has it, and the job ran if and only if that
 * is the shepherd. The moment is sought: who lost gets a little more time. */
static void test_race(void)
{
    int ran = 0, wrong = 0;
    useconds_t delay_us = 500;
    enum { ROUNDS = 100 };
    for (int i = 0; i < ROUNDS; i++) {
        struct attempt a;
        struct err e;
        attempt_new(&a, "echo it ran");
        struct attempt_status s = {.job = a.spec.job, .attempt = 1, .phase = PHASE_VOID};
        attempt_start(&a);
        usleep(delay_us);
        int second = status_claim(a.dir, &s, NULL, &e);
        attempt_wait(&a);
        bool out = contents(&a, "out") != NULL;
        if (out != (second == 1) || (a.status.phase == PHASE_ENDED) != out ||
            (!out && has_leftovers(&a)))
            wrong++;
        ran += out;
        delay_us = out ? delay_us * 9 / 10 : delay_us * 10 / 9 + 10;
        attempt_end(&a);
    }
    ok(ran > 0 && ran < ROUNDS, "either may be first (%d of %d)", ran, ROUNDS);
    is_int(wrong, 0, "an attempt runs or is void, never both or neither");
}

static void test_crash(const char *at, enum attempt_phase phase, bool told, bool ran)
{
#ifdef MINI_SLURM_CRASH_POINTS
    struct attempt a;
    attempt_new(&a, "echo it ran; sleep 0.05");
    a.crash_at = at;
    attempt_run(&a);
    ok(WIFSIGNALED(a.exit_status), "a shepherd killed at %s", at);
    is_int(a.told, told, told ? "has claimed the attempt" : "has not claimed the attempt");
    if (told)
        is_int(a.status.phase, phase, "and left it in this phase");
    if (!ran)
        ok(!contents(&a, "out"), "its job never ran");
    if (!told)
        claim(&a, PHASE_VOID);
    status_remove(a.dir, a.spec.job, 1);
    ok(!has_leftovers(&a), "its files can be cleared");
    attempt_end(&a);
#else
    printf("# at %s\n", at);
    skip("built without crash points");
#endif
}

static void test_crashes(void)
{
    test_crash("shepherd-start", 0, false, false);
    test_crash("shepherd-prepared", 0, false, false);
    test_crash("shepherd-claimed", PHASE_CLAIMED, true, false);
    test_crash("shepherd-job-started", PHASE_CLAIMED, true, true);
    test_crash("shepherd-job-ended", PHASE_CLAIMED, true, true);
    test_crash("shepherd-outcome-written", PHASE_ENDED, true, true);
}

static void fill_disk(const struct attempt *a)
{
    static char block[65536];
    int fd = open(in_dir(a, "filler"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (size_t size = sizeof block; fd >= 0 && size > 0; size /= 2)
        while (write(fd, block, size) > 0)
            continue;
    close(fd);
}

static void test_full_disk(void)
{
    struct attempt a;
    attempt_new(&a,
                "echo $$; while ! test -e ../$(basename $PWD)/filled; do sleep 0.01; done; exit 9");
    if (mount("tmpfs", a.dir, "tmpfs", 0, "size=256k") != 0) {
        skip("only root can mount a small file system");
        attempt_end(&a);
        return;
    }
    attempt_start(&a);
    await_line(&a, "out", 1);
    int mark = open(in_dir(&a, "almost"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    close(mark);
    fill_disk(&a);
    rename(in_dir(&a, "almost"), in_dir(&a, "filled"));
    attempt_wait(&a);
    is_int(a.status.phase, PHASE_ENDED, "a disk that fills up can't lose the outcome");
    is_int(a.status.exit_code, 9, "nor the exit code");

    a.spec.attempt = 2;
    attempt_run(&a);
    ok(!a.told, "with a full disk nothing is begun");
    ok(WIFEXITED(a.exit_status) && WEXITSTATUS(a.exit_status) == 1, "and the shepherd says no");
    umount(a.dir);
    attempt_end(&a);
}

int main(void)
{
    test_void_first();
    test_taken_back();
    test_race();
    test_crashes();
    test_full_disk();
    return done_testing();
}
