// SPDX-License-Identifier: MIT
/* The site's prolog and epilog. They run as the shepherd does, outside of the job and its limits;
 * the environment is the scheduler's, with what there is to say of the job. The job's own is its
 * user's, who is not to decide what they do. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"
#include "shepherd/hook.h"
#include "shepherd/outcome.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/log.h"

/* What a scheduler says of a job; nobody else can, and ours may have been started in a job. */
static bool is_of_job(const char *variable)
{
    static const char prefix[] = "MINI_SLURM_JOB_";
    return strncmp(variable, prefix, sizeof prefix - 1) == 0;
}

static void add_job(struct buf *env, const struct attempt_spec *spec)
{
    strz_each (s, &spec->env)
        if (is_of_job(s))
            buf_add(env, s, strlen(s) + 1);
    buf_printf(env, "MINI_SLURM_JOB_UID=%" PRIu32, spec->uid);
    buf_add(env, "", 1);
}

static void make_env(struct buf *env, const struct shepherd *s, const char *event)
{
    extern char **environ;
    for (char **v = environ; *v; v++)
        if (!is_of_job(*v))
            buf_add(env, *v, strlen(*v) + 1);
    add_job(env, &s->spec);
    buf_printf(env, "MINI_SLURM_EVENT=%s", event);
    buf_add(env, "", 1);
    outcome_describe(&s->status, env);
}

static int run(struct shepherd *s, const char *event, const char *command, struct hook_end *end,
               struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    make_env(&text, s, event);
    if (text.failed)
        return err_nomem(e);
    struct strz env = {.data = text.data, .len = text.len};
    struct hook h = {
        .command = command, .env = &env, .timeout_us = s->spec.hook_timeout_us, .gate = -1};
    return hook_run(s, &h, end, e);
}

static int judge(const struct hook_end *end, struct err *e)
{
    if (end->timed_out)
        return err_set(e, ERR_SYSTEM, "it took too long");
    if (WIFSIGNALED(end->status))
        return err_set(e, ERR_SYSTEM, "ended by signal %d", WTERMSIG(end->status));
    if (WEXITSTATUS(end->status))
        return err_set(e, ERR_SYSTEM, "exit code %d", WEXITSTATUS(end->status));
    return 0;
}

static int run_well(struct shepherd *s, const char *event, const char *command, struct err *e)
{
    struct hook_end end = {0};
    return run(s, event, command, &end, e) != 0 ? -1 : judge(&end, e);
}

bool site_prolog(struct shepherd *s)
{
    struct err e = {0};
    bool good = !s->spec.prolog[0] || run_well(s, "prolog", s->spec.prolog, &e) == 0;
    if (!good && s->ending == ENDING_NOT)
        err_set(&s->failure, ERR_SYSTEM, "the site's prolog failed: %s", e.text);
    return good && s->ending == ENDING_NOT;
}

void site_epilog(struct shepherd *s)
{
    struct err e = {0};
    if (s->spec.epilog[0] && run_well(s, "epilog", s->spec.epilog, &e) != 0)
        log_warn("job %" PRId64 ": the site's epilog failed: %s", s->spec.job, e.text);
}
