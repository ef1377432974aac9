// SPDX-License-Identifier: MIT
/* CPUs and memory of a running job, changed.
 *
 * Where the job is in a cpuset the kernel moves it there when the file is written; threads have a
 * mask of their own only if somebody gave them one, and Linux 6.2 and later keeps that inside of
 * the set. So threads are looked at in any case: who has the whole old set is to have the whole new
 * one. */
#include "os/clock.h"
#include "shepherd/shepherd.h"
#include "util/log.h"

#define MB (INT64_C(1) << 20)
/* One that forks all the time may need more; then it is looked at again soon. */
#define ROUNDS 50

static bool is_held(const struct shepherd *s)
{
    return s->status.levels.cpu >= LEVEL_WATCHED && s->elastic.order.cpu_list[0];
}

bool allot_takes_away(const struct shepherd *s)
{
    const struct resize_order *o = &s->elastic.order;
    struct affinity to;
    if (o->cpus < s->spec.ncpus)
        return true;
    if (!is_held(s) || affinity_parse(&to, o->cpu_list, NULL) != 0)
        return false;
    bool covers = affinity_covers(&to, &s->affinity);
    affinity_free(&to);
    return !covers;
}

/* A walk may miss who is forked, or loses his parent, meanwhile: only two in a row that find
 * everybody in his place count. */
static bool settle(struct shepherd *s, const struct affinity *from)
{
    int quiet = 0;
    for (int round = 0; round < ROUNDS && quiet < 2; round++) {
        int moved = 0, strays = 0;
        if (proctree_walk(&s->tree, s->leader) != 0)
            return false;
        for (size_t i = 0; i < s->tree.count; i++) {
            moved += affinity_move(from, &s->affinity, s->tree.pids[i]);
            strays += affinity_strays(&s->affinity, s->tree.pids[i]);
        }
        quiet = moved == 0 && strays == 0 ? quiet + 1 : 0;
    }
    return quiet == 2;
}

bool allot_holds(struct shepherd *s)
{
    return !is_held(s) || settle(s, &(struct affinity){0});
}

/* Before the CPUs that are near to it. What memory there is stays where it is, so the job keeps
 * what it could use before. */
static void widen_mems(struct shepherd *s)
{
    struct err e = {0};
    if (s->status.levels.cpu == LEVEL_ENFORCED &&
        cgroup_widen_mems(&s->group, s->elastic.order.mems, &e) != 0)
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
}

static void set_group(struct shepherd *s, const char *list)
{
    struct err e = {0};
    if (s->status.levels.cpu == LEVEL_ENFORCED && cgroup_set_cpu(&s->group, list, &e) != 0) {
        hold_weaken(s, "CPUs", &s->status.levels.cpu, LEVEL_WATCHED, e.text);
        if (!s->sample_at_us)
            watch_begin(s);
    }
}

bool allot_cpus(struct shepherd *s)
{
    struct err e = {0};
    struct affinity to, from = s->affinity;
    const char *list = s->elastic.order.cpu_list;
    if (!is_held(s))
        return true;
    if (affinity_parse(&to, list, &e) != 0) {
        hold_weaken(s, "CPUs", &s->status.levels.cpu, LEVEL_ADVISORY, e.text);
        return true;
    }
    s->affinity = to;
    widen_mems(s);
    set_group(s, list);
    bool holds = settle(s, &from);
    affinity_free(&from);
    return holds;
}

void allot_more_mem(struct shepherd *s)
{
    struct err e = {0};
    int64_t mb = s->elastic.order.mem_mb;
    if (mb <= s->spec.mem_mb)
        return;
    if (s->status.levels.mem == LEVEL_ENFORCED && cgroup_raise_mem(&s->group, mb * MB, &e) != 0)
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
    else
        s->spec.mem_mb = mb;
}

/* What the watch would let be. */
static int64_t watched_fit(struct shepherd *s, int64_t mb, int64_t now_mb)
{
    int64_t used_kb = 0;
    if (proctree_walk(&s->tree, s->leader) != 0)
        return now_mb;
    for (size_t i = 0; i < s->tree.count; i++)
        used_kb += proctree_proportional_kb(s->tree.pids[i]);
    int64_t fits = (used_kb + used_kb / 16) / 1024 + 1;
    if (fits <= mb)
        return mb;
    return fits < now_mb ? fits : now_mb;
}

void allot_less_mem(struct shepherd *s)
{
    int64_t mb = s->elastic.order.mem_mb, now_mb = s->spec.mem_mb;
    if (mb >= now_mb || mb == 0)
        return;
    if (s->status.levels.mem == LEVEL_ENFORCED)
        s->spec.mem_mb = cgroup_lower_mem(&s->group, mb * MB, now_mb * MB) / MB;
    else if (s->status.levels.mem == LEVEL_WATCHED)
        s->spec.mem_mb = watched_fit(s, mb, now_mb);
    else
        s->spec.mem_mb = mb;
}
