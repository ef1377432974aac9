// SPDX-License-Identifier: MIT
/* What a shepherd reports, as a job's end. */
#include "api/outcome.h"

#include "tap.h"

static void becomes(const struct attempt_status *s, enum job_state state, const char *reason,
                    const char *name)
{
    struct attempt_record r;
    is_int(outcome_to_attempt(s, &r), 0, name);
    is_str(job_state_name(r.state), job_state_name(state), "  ... by its state");
    is_str(r.reason, reason, "  ... and in words");
    is_int(r.has_result, s->outcome != OUTCOME_NOT_STARTED, "  ... its result is known if it ran");
    attempt_record_clear(&r);
}

static void test_states(void)
{
    struct attempt_status s = {.phase = PHASE_ENDED, .outcome = OUTCOME_EXITED};
    becomes(&s, JOB_COMPLETED, NULL, "exit code 0 is completed");
    s.exit_code = 3;
    becomes(&s, JOB_FAILED, "exit code 3", "any other has failed");
    s.exit_code = 0;
    s.signal = 11;
    becomes(&s, JOB_FAILED, "ended by signal 11 (Segmentation fault)", "so has who got a signal");
    s.outcome = OUTCOME_CANCELLED;
    becomes(&s, JOB_CANCELLED, "cancelled", "a cancelled one is cancelled, whatever its signal");
    s.outcome = OUTCOME_TIMEOUT;
    becomes(&s, JOB_TIMEOUT, "reached its time limit", "one that ran too long timed out");
    s.outcome = OUTCOME_OOM;
    snprintf(s.reason, sizeof s.reason, "used 70 MB of 64 MB");
    becomes(&s, JOB_OUT_OF_MEMORY, "used 70 MB of 64 MB", "the shepherd's own words are kept");
    s.outcome = OUTCOME_NOT_STARTED;
    snprintf(s.reason, sizeof s.reason, "no such program: nope");
    becomes(&s, JOB_FAILED, "no such program: nope", "what never started has failed");
}

static void test_fields(void)
{
    struct attempt_status s = {
        .job = 7,
        .attempt = 2,
        .phase = PHASE_ENDED,
        .boot_id = "boot",
        .started_us = 10,
        .ended_us = 30,
        .runtime_us = 20,
        .exit_code = 5,
        .usage = {.cpu_user_us = 1, .cpu_system_us = 2, .mem_peak_kb = 3},
        .levels = {.cpu = LEVEL_ENFORCED, .mem = LEVEL_WATCHED},
    };
    struct attempt_record r;
    is_int(outcome_to_attempt(&s, &r), 0, "a status is mapped");
    ok(r.job == 7 && r.attempt == 2, "to its attempt");
    ok(r.start_us == 10 && r.end_us == 30 && r.runtime_us == 20, "with its times");
    ok(r.exit_code == 5 && r.signal == 0, "its result");
    ok(r.cpu_user_us == 1 && r.cpu_system_us == 2 && r.mem_peak_kb == 3, "its usage");
    ok(r.levels.cpu == LEVEL_ENFORCED && r.levels.mem == LEVEL_WATCHED, "how it was held");
    is_str(r.boot_id, "boot", "and the boot");
    attempt_record_clear(&r);
}

int main(void)
{
    test_states();
    test_fields();
    return done_testing();
}
