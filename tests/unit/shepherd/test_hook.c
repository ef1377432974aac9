// SPDX-License-Identifier: MIT
/* What is run beside a job: it is none of its processes, and nobody waits for it but where that is
 * meant. */
#include "fixture.h"
#include "tap.h"
#include "util/notify.h"

#define NOTE "echo $MINI_SLURM_EVENT $MINI_SLURM_JOB_STATE $MINI_SLURM_EXIT_CODE >>notes"

static void new_job(struct attempt *a, const char *line, const char *notify, int on)
{
    attempt_new(a, line);
    set_text(&a->spec.notify, notify);
    set_text(&a->spec.prolog, "");
    set_text(&a->spec.epilog, "");
    a->spec.notify_on = on;
    a->spec.hook_timeout_us = 20000000;
}

/* In the site's hooks: they start in /. */
static const char *in_place(const struct attempt *a, const char *command)
{
    static char text[512];
    snprintf(text, sizeof text, "cd %s; %s", a->dir, command);
    return text;
}

static void test_start_and_end(void)
{
    struct attempt a;
    new_job(&a, "sleep 0.2; exit 3", NOTE, NOTIFY_START | NOTIFY_END | NOTIFY_FAIL);
    attempt_run(&a);
    await_line(&a, "notes", 2);
    is_str(contents(&a, "notes"), "start RUNNING\nfail FAILED 3\n", "a start, and one end");
    is_int(a.status.exit_code, 3, "the job knows nothing of it");
    attempt_end(&a);
}

static void test_wanted(void)
{
    struct attempt a;
    new_job(&a, "exit 3", NOTE, NOTIFY_END);
    attempt_run(&a);
    await_line(&a, "notes", 1);
    is_str(contents(&a, "notes"), "end FAILED 3\n", "an end, however");
    attempt_end(&a);

    new_job(&a, "nothing", NOTE, NOTIFY_START | NOTIFY_END);
    set_argv(&a, WORDS("/no/such/program"));
    attempt_run(&a);
    await_line(&a, "notes", 1);
    is_str(contents(&a, "notes"), "end FAILED 127\n", "what did not start has only an end");
    attempt_end(&a);
}

static bool groups_gone(struct attempt *a, bool groups)
{
    return !groups || attempt_groups_gone(a);
}

/* The shepherd ends, and takes nothing of it for the job's. */
static void test_outlives(bool groups)
{
    struct attempt a;
    struct err e;
    new_job(&a, "exit 0", "echo $$ >pid; exec sleep 100", NOTIFY_END);
    if (groups && !attempt_use_groups(&a))
        return;
    attempt_run(&a);
    long pid = await_line(&a, "pid", 1);
    ok(is_alive(pid), "who notifies outlives the shepherd%s", groups ? ", in groups" : "");
    is_int(control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e), 1,
           "and is not taken for it: nobody listens any more");
    ok(groups_gone(&a, groups), "it is in none of the job's groups");
    kill((pid_t)pid, SIGKILL);
    attempt_end(&a);
}

static void test_orphans_are_kept(void)
{
    struct attempt a;
    new_job(&a,
            "(setsid sh -c 'echo $$ >pid; exec sleep 100' &); until test -s pid; do sleep "
            "0.01; done",
            NOTE, NOTIFY_START);
    attempt_run(&a);
    await_line(&a, "notes", 1);
    ok(!is_alive(await_line(&a, "pid", 1)), "the job's own orphans are ended with it as ever");
    attempt_end(&a);
}

static void test_user(void)
{
    struct attempt a;
    if (geteuid() != 0) {
        skip("only root can run jobs of others");
        return;
    }
    new_job(&a, "true", "id -u >notes; id -g >>notes", NOTIFY_END);
    if (chmod(a.dir, 0777) != 0)
        cannot("chmod");
    a.spec.uid = 65534;
    a.spec.gid = 65533;
    set_text(&a.spec.prolog, in_place(&a, "id -u >site"));
    attempt_run(&a);
    await_line(&a, "notes", 2);
    is_str(contents(&a, "notes"), "65534\n65533\n", "it is the job's user who notifies");
    is_str(contents(&a, "site"), "0\n", "and not who runs the prolog");
    attempt_end(&a);
}

static void test_prolog(void)
{
    struct attempt a;
    new_job(&a, "cat log; echo job >>log", "", 0);
    set_text(&a.spec.prolog, in_place(&a, "sleep 0.3; echo prolog >>log"));
    set_text(&a.spec.epilog, in_place(&a, "sleep 0.3; echo $MINI_SLURM_JOB_STATE >>log"));
    attempt_run(&a);
    is_str(contents(&a, "out"), "prolog\n", "a prolog comes before the job");
    is_str(contents(&a, "log"), "prolog\njob\nCOMPLETED\n", "an epilog before its outcome is told");
    ok(a.status.runtime_us < 250000 && a.status.outcome == OUTCOME_EXITED,
       "neither is a part of its runtime");
    attempt_end(&a);
}

static void test_prolog_fails(void)
{
    struct attempt a;
    new_job(&a, "echo it ran", "", 0);
    set_text(&a.spec.prolog, "exit 3");
    set_text(&a.spec.epilog, in_place(&a, "echo yes >epilog"));
    attempt_run(&a);
    is_int(a.status.outcome, OUTCOME_NOT_STARTED, "without its prolog no job starts");
    is_str(a.status.reason, "the site's prolog failed: exit code 3", "and says why");
    ok(!contents(&a, "out"), "not even for a moment");
    is_str(contents(&a, "epilog"), "yes\n", "the epilog clears up");
    attempt_end(&a);

    new_job(&a, "true", "", 0);
    set_text(&a.spec.prolog, "kill -9 $$");
    attempt_run(&a);
    is_str(a.status.reason, "the site's prolog failed: ended by signal 9",
           "also one that is killed");
    attempt_end(&a);

    new_job(&a, "true", "", 0);
    a.spec.hook_timeout_us = 300000;
    set_text(&a.spec.prolog, in_place(&a, "setsid sh -c 'echo $$ >pid; exec sleep 100' & "
                                          "until test -s pid; do sleep 0.01; done; sleep 100"));
    attempt_run(&a);
    is_str(a.status.reason, "the site's prolog failed: it took too long", "or takes too long");
    ok(!is_alive(await_line(&a, "pid", 1)), "and is ended with all that it started");
    attempt_end(&a);
}

static void test_cancel_in_prolog(void)
{
    struct attempt a;
    struct err e;
    new_job(&a, "echo it ran", "", 0);
    set_text(&a.spec.prolog, in_place(&a, "echo 1 >begun; until test -e go; do sleep 0.01; done"));
    attempt_start(&a);
    await_line(&a, "begun", 1);
    control_send(a.dir, a.spec.job, 1, CONTROL_CANCEL, &e);
    for (int i = 0; i < 200; i++)
        tiny_sleep();
    ok(kill(a.shepherd, 0) == 0, "a cancel waits for the prolog");
    close(open(in_dir(&a, "go"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    attempt_wait(&a);
    is_int(a.status.outcome, OUTCOME_CANCELLED, "and then counts");
    ok(!contents(&a, "out"), "so that the job does not run");
    attempt_end(&a);
}

int main(void)
{
    test_start_and_end();
    test_wanted();
    test_outlives(false);
    test_outlives(true);
    test_orphans_are_kept();
    test_user();
    test_prolog();
    test_prolog_fails();
    test_cancel_in_prolog();
    return done_testing();
}
