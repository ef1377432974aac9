// SPDX-License-Identifier: MIT
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt/control.h"
#include "os/clock.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"

#define OOM_FIRST_US   1000
#define OOM_SLOWEST_US 100000

#define OWN_FDS 4
_Static_assert(OWN_FDS + CONSOLE_FDS <= WAITER_FDS_MAX, "the waiter takes them all");

/* Who has run for longer than that is over. */
static void set_limit(struct shepherd *s, int64_t limit_us)
{
    s->spec.limit_us = limit_us;
    if (s->ending == ENDING_NOT && !s->making_room && !s->restoring)
        limit_change(&s->limit, limit_us, s->spec.warning.before_us);
}

static void send_on(struct shepherd *s, const struct control_signal *c)
{
    if (c->token == s->signalled)
        return;
    s->signalled = c->token;
    signal_send(s, c->signal, c->first);
}

static void obey(struct shepherd *s, const char *line)
{
    char message[CONTROL_MESSAGE];
    struct control_signal signal;
    int64_t limit_us;
    if (!control_parse(line, s->spec.job, s->spec.attempt, message))
        return; /* it is for another, or rubbish */
    if (strcmp(message, CONTROL_CANCEL) == 0)
        end_ask(s, OUTCOME_CANCELLED);
    else if (strcmp(message, CONTROL_CHECKPOINT) == 0)
        checkpoint_and_end(s);
    else if (strcmp(message, CONTROL_KILL) == 0)
        end_now(s, OUTCOME_CANCELLED);
    else if (strcmp(message, CONTROL_RESIZE) == 0)
        resize_hear(s);
    else if (strcmp(message, CONTROL_SUSPEND) == 0)
        suspend_begin(s);
    else if (strcmp(message, CONTROL_RESUME) == 0)
        suspend_end(s);
    else if (control_signal_parse(message, &signal))
        send_on(s, &signal);
    else if (control_limit_parse(message, &limit_us))
        set_limit(s, limit_us);
    /* Anything else is of a later version. */
}

static void take_bytes(struct shepherd *s, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != '\n') {
            if (s->line_len < sizeof s->line - 1)
                s->line[s->line_len++] = bytes[i];
            continue;
        }
        s->line[s->line_len] = '\0';
        s->line_len = 0;
        obey(s, s->line);
    }
}

void loop_notes(struct shepherd *s)
{
    _cleanup_free_ char *notes = control_note(s->spec.run_dir, s->spec.job, s->spec.attempt);
    s->noted = notes != NULL;
    if (notes)
        take_bytes(s, notes, strlen(notes));
}

void loop_control(struct shepherd *s)
{
    char bytes[256];
    ssize_t n;
    while ((n = read(s->control, bytes, sizeof bytes)) > 0)
        take_bytes(s, bytes, (size_t)n);
}

/* Memory ran out for the group, or for a group above; only the kernel's count of kills says whether
 * it was this job that paid. That may be a moment later, or not at all. */
static void look_for_oom(struct shepherd *s, int64_t now_us)
{
    s->oom_at_us = 0;
    if (cgroup_oom(&s->group) != CGROUP_OOM_NONE) {
        end_now(s, OUTCOME_OOM);
        return;
    }
    s->oom_every_us *= 2;
    if (s->oom_every_us < OOM_SLOWEST_US)
        s->oom_at_us = now_us + s->oom_every_us;
}

static void oom_event(struct shepherd *s)
{
    uint64_t count;
    if (read(s->oom, &count, sizeof count) < 0)
        return;
    s->oom_every_us = OOM_FIRST_US;
    look_for_oom(s, clock_boot_us());
}

static bool is_due(int64_t *at_us, int64_t now_us)
{
    if (*at_us == 0 || *at_us > now_us)
        return false;
    *at_us = 0;
    return true;
}

static void look_at_limit(struct shepherd *s, int64_t now_us)
{
    switch (limit_due(&s->limit, now_us)) {
    case LIMIT_NOTHING:
        break;
    case LIMIT_WARN:
        if (s->spec.checkpoint == CHECKPOINT_SIGNAL)
            checkpoint_tell(s);
        else if (s->ending == ENDING_NOT)
            signal_send(s, s->spec.warning.signal, s->spec.warning.first);
        break;
    case LIMIT_END:
        checkpoint_limit(s);
        break;
    }
}

static void timers(struct shepherd *s)
{
    int64_t now_us = clock_boot_us();
    look_at_limit(s, now_us);
    if (is_due(&s->oom_at_us, now_us))
        look_for_oom(s, now_us);
    if (is_due(&s->elastic.due_us, now_us))
        resize_go_on(s);
    if (is_due(&s->elastic.look_at_us, now_us))
        notify_look(s);
    if (is_due(&s->sample_at_us, now_us))
        watch_sample(s);
    if (is_due(&s->kill_at_us, now_us))
        end_grace_over(s);
    if (is_due(&s->sweep_at_us, now_us))
        end_sweep(s);
    if (s->console && is_due(&s->console->ready_by_us, now_us))
        console_lose(s);
}

static int64_t next_deadline(const struct shepherd *s)
{
    const int64_t all[] = {limit_next(&s->limit), s->kill_at_us,
                           s->sweep_at_us,        s->sample_at_us,
                           s->oom_at_us,          s->elastic.due_us,
                           s->elastic.look_at_us, s->console ? s->console->ready_by_us : 0};
    if (s->more_to_reap)
        return 1;
    int64_t next = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] && (!next || all[i] < next))
            next = all[i];
    return next;
}

/* Before anything else, whoever ended is taken in: what comes after it did not end it. */
static bool is_over(struct shepherd *s)
{
    bool nobody = end_reap(s);
    if (s->leader_ended) {
        job_listen(s);
        /* The job is over with its first process; only who was asked to end keeps his grace. */
        if (!nobody && s->ending == ENDING_NOT)
            end_sweep(s);
    }
    return nobody && s->leader_ended;
}

int loop_run(struct shepherd *s, struct err *e)
{
    while (!is_over(s)) {
        uint64_t signals;
        struct pollfd fds[OWN_FDS + CONSOLE_FDS];
        fds[0] = (struct pollfd){.fd = s->job, .events = POLLIN};
        fds[1] = (struct pollfd){.fd = s->control, .events = POLLIN};
        fds[2] = (struct pollfd){.fd = s->oom, .events = POLLIN};
        fds[3] = (struct pollfd){.fd = s->elastic.ack, .events = POLLIN};
        int nfds = OWN_FDS + (s->console ? console_poll(s->console, fds + OWN_FDS) : 0);
        if (waiter_wait(&s->waiter, fds, nfds, next_deadline(s), &signals, e) != 0)
            return -1;
        if (fds[0].revents)
            job_listen(s);
        if (signals & (UINT64_C(1) << SIGCHLD) && is_over(s))
            return 0;
        if (signals & ~(UINT64_C(1) << SIGCHLD))
            end_ask(s, OUTCOME_CANCELLED);
        if (fds[1].revents)
            loop_control(s);
        if (fds[2].revents)
            oom_event(s);
        if (fds[3].revents)
            resize_answered(s);
        if (s->console)
            console_turn(s, fds + OWN_FDS);
        timers(s);
    }
    return 0;
}
