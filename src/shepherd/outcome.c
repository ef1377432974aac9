// SPDX-License-Identifier: MIT
#include "shepherd/outcome.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "os/clock.h"
#include "shepherd/shepherd.h"
#include "util/size.h"
#include "util/times.h"

/* The kernel's own sums, where there are better ones: processes whose parent did not care to wait
 * are in the group's only, and memory of all at one time is too. */
static void fill_usage(struct shepherd *s)
{
    struct cgroup_usage *group = &s->used;
    struct attempt_usage *usage = &s->status.usage;
    cgroup_usage(&s->group, group);
    if (group->cpu_user_us + group->cpu_system_us > usage->cpu_user_us + usage->cpu_system_us) {
        usage->cpu_user_us = group->cpu_user_us;
        usage->cpu_system_us = group->cpu_system_us;
    }
    bool known = s->status.levels.mem == LEVEL_ENFORCED && group->mem_peak_kb >= 0;
    usage->mem_peak_kb = known ? group->mem_peak_kb : s->peak_kb;
}

static void say_oom(struct attempt_status *status, int64_t limit_mb)
{
    char limit[32], peak[32];
    snprintf(status->reason, sizeof status->reason, "exceeded its memory: limit %s, peak %s",
             size_format_mb(limit_mb, limit, sizeof limit),
             size_format_mb((status->usage.mem_peak_kb + 1023) / 1024, peak, sizeof peak));
}

static void say_why(struct shepherd *s)
{
    struct attempt_status *status = &s->status;
    char limit[32];
    switch (status->outcome) {
    case OUTCOME_EXITED:
        break;
    case OUTCOME_CANCELLED:
        snprintf(status->reason, sizeof status->reason, "%s",
                 s->console && s->console->gone ? "its terminal is gone" : "cancelled");
        break;
    case OUTCOME_TIMEOUT:
        snprintf(status->reason, sizeof status->reason, "reached its time limit of %s%s%s",
                 duration_format(s->spec.limit_us, limit, sizeof limit),
                 s->not_saved[0] ? "; it could not be saved: " : "", s->not_saved);
        break;
    case OUTCOME_OOM:
        if (cgroup_oom(&s->group) == CGROUP_OOM_MACHINE)
            snprintf(status->reason, sizeof status->reason,
                     "the machine ran out of memory, and the kernel chose this job to end");
        else
            say_oom(status, s->spec.mem_mb);
        break;
    case OUTCOME_NOT_STARTED:
        snprintf(status->reason, sizeof status->reason, "%s", s->failure.text);
        break;
    }
}

static enum attempt_outcome outcome_of(struct shepherd *s)
{
    if (s->failure.code)
        return OUTCOME_NOT_STARTED;
    /* Where the kernel ended the whole group, or a part of the job right at its end, there was no
     * event. */
    if (s->cause == OUTCOME_EXITED && cgroup_oom(&s->group) != CGROUP_OOM_NONE)
        return OUTCOME_OOM;
    return s->cause;
}

void outcome_tell(struct shepherd *s)
{
    struct attempt_status *status = &s->status;
    status->phase = PHASE_ENDED;
    status->ended_us = clock_wall_us();
    if (status->started_us)
        status->runtime_us = limit_ran(&s->limit, clock_boot_us());
    if (WIFSIGNALED(s->leader_status))
        status->signal = WTERMSIG(s->leader_status);
    else
        status->exit_code = WEXITSTATUS(s->leader_status);
    status->outcome = outcome_of(s);
    fill_usage(s);
    say_why(s);
}

bool outcome_is_good(const struct attempt_status *s)
{
    return s->outcome == OUTCOME_EXITED && s->exit_code == 0 && s->signal == 0;
}

static const char *state_of(const struct attempt_status *s)
{
    if (s->phase != PHASE_ENDED)
        return "RUNNING";
    switch (s->outcome) {
    case OUTCOME_CANCELLED:
        return "CANCELLED";
    case OUTCOME_TIMEOUT:
        return "TIMEOUT";
    case OUTCOME_OOM:
        return "OUT_OF_MEMORY";
    case OUTCOME_EXITED:
    case OUTCOME_NOT_STARTED:
        break;
    }
    return outcome_is_good(s) ? "COMPLETED" : "FAILED";
}

__attribute__((format(printf, 2, 3))) static void add(struct buf *env, const char *fmt, ...)
{
    char text[sizeof((struct attempt_status *)0)->reason + 64];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_add(env, text, strlen(text) + 1);
}

void outcome_describe(const struct attempt_status *s, struct buf *env)
{
    add(env, "MINI_SLURM_JOB_STATE=%s", state_of(s));
    if (s->phase != PHASE_ENDED)
        return;
    add(env, "MINI_SLURM_EXIT_CODE=%d", s->exit_code);
    add(env, "MINI_SLURM_JOB_SIGNAL=%d", s->signal);
    add(env, "MINI_SLURM_JOB_RUNTIME=%.3f", (double)s->runtime_us / 1e6);
    add(env, "MINI_SLURM_JOB_REASON=%s", s->reason);
}
