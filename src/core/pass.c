// SPDX-License-Identifier: MIT
/* pass.c - what all policies share: who is due, in which order, and taking it all back. */
#include <strings.h>

#include "core/world.h"

static int (*const policies[])(struct pass *p) = {
    [POLICY_FIFO] = fifo_pass,
    [POLICY_GREEDY] = greedy_pass,
    [POLICY_EASY] = easy_pass,
    [POLICY_CONSERVATIVE] = conservative_pass,
    [POLICY_CONSERVATIVE_REBUILD] = rebuild_pass,
};

static const char *const names[] = {
    [POLICY_FIFO] = "fifo",
    [POLICY_GREEDY] = "greedy",
    [POLICY_EASY] = "easy",
    [POLICY_CONSERVATIVE] = "conservative",
    [POLICY_CONSERVATIVE_REBUILD] = "conservative-rebuild",
};

const char *sched_policy_name(enum sched_policy p)
{
    return names[p];
}

int sched_policy_parse(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return (int)i;
    return -1;
}

void pass_wake_at(struct pass *p, int64_t at_us)
{
    if (!p->plan->wake_us || at_us < p->plan->wake_us)
        p->plan->wake_us = at_us;
}

static int not_placed(struct pass *p, const struct node *n)
{
    int64_t relaxes_us = place_relaxes_us(&n->job);
    if (relaxes_us > p->now_us)
        pass_wake_at(p, relaxes_us);
    return recall_for(p, n) < 0 ? -1 : 1;
}

/* What of n, a pending job, starts: its next task if it is a head. NULL if no memory. */
static struct node *split(struct pass *p, struct node *n)
{
    struct action leaves = {.type = ACTION_TASK, .for_job = n->job.id};
    if (!array_is_head(n))
        return n;
    struct node *task = array_split(p->sched, n);
    if (!task)
        return NULL;
    leaves.job = &task->job;
    if (plan_add(p->plan, &leaves) == 0)
        return task;
    array_unsplit(p->sched, n, task);
    return NULL;
}

/* 0; 1 if there is no place for n now, and nothing has changed; -1 if no memory. */
static int start(struct pass *p, struct node *n, bool lent)
{
    struct action start = {.type = ACTION_START, .job = &n->job, .backfilled = n->backfilled};
    if (lent) {
        world_claim(p->sched, n, p->now_us);
        return 0;
    }
    if (plan_add(p->plan, &start) < 0)
        return -1;
    int blocked = world_hold(p->sched, n, p->now_us);
    if (blocked)
        p->plan->count--;
    return blocked;
}

int pass_start(struct pass *p, struct node *n)
{
    struct sched *s = p->sched;
    size_t planned = p->plan->count;
    bool lent = elastic_lent(s, &n->need), particular = place_is_particular(s, &n->job);
    bool backfilled = queue_first(&s->queues[QUEUE_MAIN]) != n;
    p->last = NULL;
    if (!amount_fits(&n->need, &p->free))
        return 1; /* who is particular may have taken more than was planned */
    if (lent && particular)
        return not_placed(p, n);
    struct node *task = split(p, n);
    if (!task)
        return -1;
    task->backfilled = backfilled;
    int blocked = start(p, task, lent);
    if (!blocked) {
        amount_take(&p->free, &task->need);
        p->started++;
        p->last = n;
        return 0;
    }
    if (p->plan->count > planned) {
        p->plan->count--;
        array_unsplit(s, n, task);
    }
    return blocked < 0 ? -1 : not_placed(p, n);
}

struct node *pass_find(struct pass *p, const struct queue *q, struct node *after,
                       const struct limits *l)
{
    bool again = after && p->last == after && array_is_head(after) && after->where == IN_QUEUES;
    p->last = NULL; /* whoever was found again and not started is passed over */
    return again && queue_fits(after, l) ? after : queue_find(q, after, l);
}

int pass_end(struct pass *p, struct node *n, struct action end)
{
    end.type = ACTION_END;
    end.job = &n->job;
    if (plan_add(p->plan, &end) < 0)
        return -1;
    world_leave(p->sched, n);
    world_end(p->sched, n, end.state, p->now_us);
    return 0;
}

bool pass_may_start(const struct pass *p)
{
    const struct node *root = p->sched->queues[QUEUE_MAIN].root;
    return root && amount_fits(&root->places[QUEUE_MAIN].least, &p->free);
}

void pass_undo(struct sched *s, struct plan *plan, int64_t now_us)
{
    while (plan->count > 0) {
        const struct action *a = &plan->actions[--plan->count];
        struct node *n = (struct node *)(uintptr_t)a->job;
        if (a->type == ACTION_TASK)
            array_unsplit(s, world_find(s, a->for_job), n);
        else
            world_unstart(s, n, now_us);
    }
}

void pass_admit(struct sched *s, int64_t now_us)
{
    while (s->later.count && s->later.nodes[0]->at_us <= now_us)
        world_enqueue(s, s->later.nodes[0], now_us);
}

/* Orders that change as time goes by. */
static void reorder(struct sched *s, struct queue *q, enum order o, int64_t now_us)
{
    if (!q->count || q->keys_us == now_us || !order_changes(o, s->config.order_expr))
        return;
    queue_list(q, s->room);
    for (size_t i = 0; i < q->count; i++) {
        struct node *n = s->room[i];
        order_key(o, s->config.order_expr, &n->job, n->estimate_us, now_us,
                  n->places[q->which].key);
    }
    queue_sort(q, s->room, s->ranks);
    q->keys_us = now_us;
}

/* What runs on beyond what was predicted is expected to need all the time it may have; beyond that,
 * half as long again as it has run. Who is suspended may go on at any time. */
static int64_t later_end(const struct node *n, int64_t now_us)
{
    const int64_t least_us = 60000000;
    int64_t ran_us = job_ran_us(&n->job, now_us);
    if (n->estimate_us > ran_us)
        return now_us + n->estimate_us - ran_us;
    if (n->job.limit_us > ran_us)
        return now_us + n->job.limit_us - ran_us;
    return now_us + (ran_us / 2 > least_us ? ran_us / 2 : least_us);
}

static void expect(struct sched *s, struct node *n, int64_t end_us)
{
    timeline_remove(&s->running, n);
    n->at_us = end_us;
    timeline_insert(&s->running, n);
    reservations_overrun(s);
}

static void expect_later(struct sched *s, int64_t now_us)
{
    while (s->running.count && s->running.nodes[0]->at_us <= now_us)
        expect(s, s->running.nodes[0], later_end(s->running.nodes[0], now_us));
}

/* Who was suspended ends later by as long. */
static void expect_resumed(struct sched *s)
{
    for (size_t i = 0; s->resumed && i < s->running.count;) {
        struct node *n = s->running.nodes[i];
        int64_t end_us = n->job.start_us + n->job.stood_us + n->estimate_us;
        if (n->job.stood_us && n->at_us < end_us)
            expect(s, n, end_us);
        else
            i++;
    }
    s->resumed = s->resumed && s->trying;
}

/* What is free, with what those hold whose expected end has come, if that is taken for their end.
 */
static struct amount free_now(struct sched *s, int64_t now_us)
{
    struct amount free_now = s->free;
    expect_resumed(s);
    if (!s->config.expected_is_end)
        expect_later(s, now_us);
    for (size_t i = 0; i < s->running.count && s->running.nodes[i]->at_us <= now_us; i++)
        amount_add(&free_now, &s->running.nodes[i]->need);
    return free_now;
}

static int start_jobs(struct pass *p)
{
    struct sched *s = p->sched;
    if (s->drained)
        return 0;
    if (!pass_may_start(p) && !reservations_kept(s) && !s->elastic.count)
        return 0;
    reorder(s, &s->queues[QUEUE_MAIN], s->config.order, p->now_us);
    reorder(s, &s->queues[QUEUE_BACKFILL], s->config.backfill_order, p->now_us);
    return policies[s->config.policy](p);
}

static int decide(struct pass *p)
{
    struct sched *s = p->sched;
    if (p->now_us < s->hold_until_us) {
        pass_wake_at(p, s->hold_until_us);
        return 0;
    }
    pass_admit(s, p->now_us);
    p->free = free_now(s, p->now_us);
    if (elastic_begin(p) < 0 || start_jobs(p) < 0 || elastic_end(p) < 0)
        return -1;
    depends_follow_starts(p);
    if (s->later.count)
        pass_wake_at(p, s->later.nodes[0]->at_us);
    return 0;
}

int sched_pass(struct sched *s, int64_t now_us, struct plan *plan, struct err *e)
{
    struct pass p = {.sched = s, .plan = plan, .now_us = now_us};
    plan->count = 0;
    plan->wake_us = 0;
    if (deadline_pass(&p) < 0 || depends_end_doomed(&p) < 0 || decide(&p) < 0)
        return err_nomem(e);
    deadline_wake(&p);
    return 0;
}
