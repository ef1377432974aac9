// SPDX-License-Identifier: MIT
/* Signals to the job that are not meant to end it, or only as far as it lets them: the warning of
 * its time limit, and what its user sends. */
#include <signal.h>

#include "os/handler.h"
#include "shepherd/shepherd.h"
#include "util/log.h"
#include "util/signals.h"

/* The shell of a command line waits for the others, and knows nothing of the signal: it would die
 * of it, and the job with it. */
static bool is_only_in_the_way(const struct shepherd *s, int signal)
{
    struct handler h;
    return signal_is_notice(signal) && s->tree.count > 1 &&
           handler_look(&h, s->leader, signal) == 0 && !h.catches;
}

static void send_to_all(struct shepherd *s, int signal)
{
    if (proctree_walk(&s->tree, s->leader) != 0) {
        log_warn("job %lld: no memory to send it signal %d", (long long)s->spec.job, signal);
        return;
    }
    bool spare = is_only_in_the_way(s, signal);
    for (size_t i = 0; i < s->tree.count; i++)
        if (!spare || s->tree.pids[i] != s->leader)
            kill(s->tree.pids[i], signal);
}

void signal_send(struct shepherd *s, int signal, bool first)
{
    if (s->leader_ended || (signal == SIGCONT && suspend_is_on(s)))
        return;
    if (first)
        kill(s->leader, signal);
    else
        send_to_all(s, signal);
    if (signal == SIGKILL)
        suspend_end(s); /* a frozen process of cgroup v1 dies only then */
}
