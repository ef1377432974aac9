// SPDX-License-Identifier: MIT
#include "os/clock.h"
#include "shepherd/shepherd.h"

#define FASTEST_US INT64_C(50000)
#define SLOWEST_US INT64_C(1000000)
/* Looking takes at most one part in so many of our time. */
#define SHARE 20

static bool is_watched(const struct shepherd *s)
{
    return s->status.levels.mem == LEVEL_WATCHED || s->status.levels.cpu == LEVEL_WATCHED;
}

void watch_begin(struct shepherd *s)
{
    if (!is_watched(s))
        return;
    s->sample_every_us = FASTEST_US;
    s->sampled_at_us = clock_boot_us();
    s->sample_at_us = s->sampled_at_us + FASTEST_US;
}

int64_t watch_interval(int64_t kb, int64_t last_kb, int64_t elapsed_us, int64_t limit_kb,
                       int64_t every_us)
{
    int64_t next = 2 * every_us;
    if (kb >= limit_kb / 10 * 9)
        return FASTEST_US;
    if (kb > last_kb) {
        /* A quarter of the time in which it would get there at this pace. */
        int64_t reach =
            (int64_t)((double)(limit_kb - kb) / (double)(kb - last_kb) * (double)elapsed_us / 4);
        next = reach < next ? reach : next;
    }
    if (next < FASTEST_US)
        return FASTEST_US;
    return next > SLOWEST_US ? SLOWEST_US : next;
}

static int64_t sum(const struct proctree *t, int64_t (*kb)(pid_t))
{
    int64_t total = 0;
    for (size_t i = 0; i < t->count; i++)
        total += kb(t->pids[i]);
    return total;
}

/* Resident sizes are cheap to read but count shared pages once for each who shares them: they only
 * say when to look closer. Returns the interval to the next look. */
static int64_t look_at_memory(struct shepherd *s, int64_t now_us)
{
    int64_t limit_kb = s->spec.mem_mb * 1024;
    int64_t kb = sum(&s->tree, proctree_resident_kb);
    if (kb > limit_kb)
        kb = sum(&s->tree, proctree_proportional_kb);
    if (kb > s->peak_kb)
        s->peak_kb = kb;
    if (kb > limit_kb)
        end_now(s, OUTCOME_OOM);
    int64_t every =
        watch_interval(kb, s->sampled_kb, now_us - s->sampled_at_us, limit_kb, s->sample_every_us);
    s->sampled_kb = kb;
    return every;
}

static bool put_back(struct shepherd *s)
{
    int strayed = 0;
    for (size_t i = 0; i < s->tree.count; i++)
        strayed += affinity_hold(&s->affinity, s->tree.pids[i]);
    return strayed > 0;
}

void watch_sample(struct shepherd *s)
{
    int64_t now_us = clock_boot_us();
    int64_t every = 2 * s->sample_every_us < SLOWEST_US ? 2 * s->sample_every_us : SLOWEST_US;
    if (proctree_walk(&s->tree, s->leader) == 0) {
        if (s->status.levels.cpu == LEVEL_WATCHED && put_back(s))
            every = FASTEST_US;
        if (s->status.levels.mem == LEVEL_WATCHED) {
            int64_t memory = look_at_memory(s, now_us);
            every = memory < every ? memory : every;
        }
    }
    int64_t end_us = clock_boot_us();
    if (every < SHARE * (end_us - now_us))
        every = SHARE * (end_us - now_us);
    s->sample_every_us = every;
    s->sampled_at_us = now_us;
    s->sample_at_us = end_us + every;
}
