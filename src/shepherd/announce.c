// SPDX-License-Identifier: MIT
/* What the job's user wants to be done when it starts and ends: spec.notify. Nobody waits for it,
 * and what becomes of it changes nothing. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "shepherd/hook.h"
#include "shepherd/outcome.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/log.h"
#include "util/notify.h"

#define TIMEOUT_US INT64_C(60000000)

/* Without the mark by which the job's processes are found: who notifies is none of them. */
static void add_job(struct buf *env, const struct attempt_spec *spec)
{
    static const char mark[] = "MINI_SLURM_ATTEMPT=", name[] = "MINI_SLURM_JOB_NAME=";
    bool named = false;
    strz_each (s, &spec->env) {
        named |= strncmp(s, name, sizeof name - 1) == 0;
        if (strncmp(s, mark, sizeof mark - 1) != 0)
            buf_add(env, s, strlen(s) + 1);
    }
    if (!named)
        buf_add(env, name, sizeof name);
}

static void add_event(struct buf *env, const struct shepherd *s, enum notify_on event)
{
    buf_printf(env, "MINI_SLURM_EVENT=%s", notify_name(event));
    buf_add(env, "", 1);
    outcome_describe(&s->status, env);
}

static int start(struct shepherd *s, enum notify_on event, int gate, struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    add_job(&text, &s->spec);
    add_event(&text, s, event);
    if (text.failed)
        return err_nomem(e);
    struct strz env = {.data = text.data, .len = text.len};
    struct hook h = {.command = s->spec.notify,
                     .env = &env,
                     .as_user = true,
                     .timeout_us = TIMEOUT_US,
                     .gate = gate};
    _cleanup_close_ int result = hook_start(s, &h, e);
    return result < 0 ? -1 : 0;
}

static void notify(struct shepherd *s, enum notify_on event, int gate)
{
    struct err e = {0};
    if (start(s, event, gate, &e) != 0)
        log_warn("job %" PRId64 ": nobody is notified of its %s: %s", s->spec.job,
                 notify_name(event), e.text);
}

/* It waits for the job's start: once that runs, nothing may be started beside it any more (see
 * hook_start()). */
void announce_prepare(struct shepherd *s)
{
    int gate[2];
    if (!s->spec.notify[0] || !(s->spec.notify_on & NOTIFY_START) || file_pipe(gate) != 0)
        return;
    notify(s, NOTIFY_START, gate[0]);
    close(gate[0]);
    s->gate = gate[1];
}

void announce_start(struct shepherd *s)
{
    if (s->gate >= 0)
        file_write_all(s->gate, "", 1);
    announce_forget(s);
}

void announce_forget(struct shepherd *s)
{
    cleanup_close(&s->gate);
    s->gate = -1;
}

void announce_end(struct shepherd *s)
{
    bool failed = !outcome_is_good(&s->status);
    int wanted = s->spec.notify_on & (failed ? NOTIFY_END | NOTIFY_FAIL : NOTIFY_END);
    announce_forget(s);
    if (s->spec.notify[0] && wanted)
        notify(s, wanted & NOTIFY_FAIL ? NOTIFY_FAIL : NOTIFY_END, -1);
}
