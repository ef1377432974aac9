// SPDX-License-Identifier: MIT
/* A job whose work is saved (images.c), or that saves it when it gets a signal: some time before
 * its limit, or when somebody wants it to make room. Then it is ended as any job, unless it ends by
 * itself before. That it was told stands in its claim first: whoever puts it back must know, also
 * if we are killed. */
#include "os/clock.h"
#include "shepherd/shepherd.h"
#include "util/crash.h"

void checkpoint_tell(struct shepherd *s)
{
    if (s->ending != ENDING_NOT || s->leader_ended || s->status.checkpointed)
        return;
    s->status.checkpointed = 1;
    status_mark_checkpointed(s->record);
    crash_point("shepherd-checkpoint-marked");
    signal_send(s, s->spec.warning.signal, false);
    crash_point("shepherd-checkpoint-told");
}

/* The machine slept over it, or the limit is another. */
static bool is_late(const struct shepherd *s)
{
    return s->spec.checkpoint == CHECKPOINT_SIGNAL && s->ending == ENDING_NOT &&
           !s->status.checkpointed;
}

static void tell_and_wait(struct shepherd *s)
{
    limit_cut(&s->limit, s->spec.warning.before_us, clock_boot_us());
    checkpoint_tell(s);
}

static bool can_be_saved(const struct shepherd *s)
{
    return s->spec.checkpoint == CHECKPOINT_CRIU && s->ending == ENDING_NOT && !s->leader_ended &&
           !s->restoring;
}

void checkpoint_limit(struct shepherd *s)
{
    if (is_late(s))
        tell_and_wait(s);
    else if (can_be_saved(s))
        images_save(s);
    else
        end_ask(s, s->making_room ? OUTCOME_CANCELLED : OUTCOME_TIMEOUT);
}

void checkpoint_and_end(struct shepherd *s)
{
    if (s->making_room || s->ending != ENDING_NOT || s->leader_ended)
        return;
    s->making_room = true;
    bool runs = s->job < 0; /* else the child on its way to it has nothing to save */
    if (runs && s->spec.checkpoint == CHECKPOINT_SIGNAL) {
        suspend_end(s);
        tell_and_wait(s);
    } else if (runs && can_be_saved(s)) {
        images_save(s);
    } else {
        end_ask(s, OUTCOME_CANCELLED);
    }
}
