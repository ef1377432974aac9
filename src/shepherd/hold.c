// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/log.h"

void hold_weaken(struct shepherd *s, const char *what, enum level *level, enum level to,
                 const char *why)
{
    log_warn("job %lld: %s: %s, not %s: %s", (long long)s->spec.job, what, level_name(to),
             level_name(*level), why);
    *level = to;
}

static void hold_procs(struct shepherd *s)
{
    struct err e = {0};
    enum level *level = &s->status.levels.procs;
    enum level watched = s->keeps_orphans ? LEVEL_WATCHED : LEVEL_ADVISORY;
    if (*level == LEVEL_ENFORCED &&
        cgroup_make_procs(&s->group, &s->spec.base, s->spec.group, &e) != 0)
        hold_weaken(s, "processes", level, watched, e.text);
}

static void hold_cpu(struct shepherd *s)
{
    struct err e = {0};
    enum level *level = &s->status.levels.cpu;
    if (*level < LEVEL_WATCHED)
        return;
    if (!s->spec.cpus[0])
        *level = LEVEL_ADVISORY;
    else if (affinity_parse(&s->affinity, s->spec.cpus, &e) != 0)
        hold_weaken(s, "CPUs", level, LEVEL_ADVISORY, e.text);
    else if (*level == LEVEL_ENFORCED &&
             cgroup_make_cpu(&s->group, &s->spec.base, s->spec.group, s->spec.cpus, &e) != 0)
        hold_weaken(s, "CPUs", level, LEVEL_WATCHED, e.text);
}

/* Memory from elsewhere is slower, nothing worse. */
static void hold_near(struct shepherd *s)
{
    struct err e = {0};
    if (s->status.levels.cpu == LEVEL_ENFORCED && s->spec.mems[0] &&
        cgroup_bind_mems(&s->group, s->spec.mems, &e) != 0)
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
}

static void hold_mem(struct shepherd *s)
{
    struct err e = {0};
    enum level *level = &s->status.levels.mem;
    if (!s->spec.mem_mb)
        *level = LEVEL_NONE;
    else if (*level == LEVEL_ENFORCED && cgroup_make_mem(&s->group, &s->spec.base, s->spec.group,
                                                         s->spec.mem_mb << 20, &e) != 0)
        hold_weaken(s, "memory", level, LEVEL_WATCHED, e.text);
    if (*level == LEVEL_ENFORCED && s->oom < 0)
        s->oom = cgroup_oom_fd(&s->group);
}

static void remove_groups(struct shepherd *s)
{
    struct err e = {0};
    if (cgroup_remove(&s->group, &e) != 0)
        log_warn("job %lld: %s", (long long)s->spec.job, e.text);
    s->group = (struct cgroup){0};
    s->group_name[0] = '\0';
    cleanup_close(&s->oom);
    s->oom = -1;
}

/* Whether the groups of the last attempt are of the kinds that this one is to have. */
static bool are_fitting(const struct shepherd *s)
{
    const struct levels *l = &s->spec.levels;
    bool mem = l->mem == LEVEL_ENFORCED && s->spec.mem_mb;
    bool cpu = l->cpu == LEVEL_ENFORCED && s->spec.cpus[0];
    return strcmp(s->group_name, s->spec.group) == 0 && cgroup_has_mem(&s->group) == mem &&
           cgroup_has_cpu(&s->group) == cpu;
}

/* What somebody else has done to them may not all be seen by looking at them. */
static bool are_untouched(const struct shepherd *s)
{
    return s->ending == ENDING_NOT && s->status.outcome != OUTCOME_OOM && !suspend_is_on(s) &&
           !s->spec.elastic && !s->spec.mems[0];
}

void hold_release(struct shepherd *s, bool next)
{
    if (!next || !s->group_name[0] || !are_untouched(s) || !cgroup_renew(&s->group, &s->used))
        remove_groups(s);
}

void hold_make(struct shepherd *s)
{
    s->status.levels = s->spec.levels;
    if (s->group_name[0] && !are_fitting(s))
        remove_groups(s);
    hold_procs(s);
    hold_cpu(s);
    hold_near(s);
    hold_mem(s);
    if (cgroup_has_procs(&s->group) || cgroup_has_cpu(&s->group) || cgroup_has_mem(&s->group))
        snprintf(s->group_name, sizeof s->group_name, "%s", s->spec.group);
    memcpy(s->status.group, s->group_name, sizeof s->status.group);
}

void hold_lost(struct shepherd *s, int kinds, bool affinity)
{
    const char *why = "the job could not join its group";
    struct levels *l = &s->status.levels;
    if ((kinds & CGROUP_PROCS) && l->procs == LEVEL_ENFORCED)
        hold_weaken(s, "processes", &l->procs, LEVEL_WATCHED, why);
    if ((kinds & CGROUP_CPU) && l->cpu == LEVEL_ENFORCED)
        hold_weaken(s, "CPUs", &l->cpu, LEVEL_WATCHED, why);
    if ((kinds & CGROUP_MEM) && l->mem == LEVEL_ENFORCED)
        hold_weaken(s, "memory", &l->mem, LEVEL_WATCHED, why);
    if (affinity && l->cpu == LEVEL_WATCHED)
        hold_weaken(s, "CPUs", &l->cpu, LEVEL_ADVISORY, "the job could not be pinned");
}
