// SPDX-License-Identifier: MIT
#include "core/why.h"

#include "core/trial.h"
#include "core/world.h"

/* --- what is missing, and who holds it -------------------------------------------------------- */

static int64_t above_zero(int64_t n)
{
    return n > 0 ? n : 0;
}

static struct amount missing(const struct sched *s, const struct node *n)
{
    struct amount lack = n->need;
    amount_take(&lack, &s->free);
    return (struct amount){above_zero(lack.cpus), above_zero(lack.mem_mb), above_zero(lack.gpus)};
}

static bool holds_any(const struct amount *held, const struct amount *of)
{
    return (held->cpus > 0 && of->cpus > 0) || (held->mem_mb > 0 && of->mem_mb > 0) ||
           (held->gpus > 0 && of->gpus > 0);
}

static void find_holders(const struct sched *s, const struct node *n, struct why *w)
{
    struct amount free_then = s->free;
    for (size_t i = 0; i < s->running.count && !amount_fits(&n->need, &free_then); i++) {
        const struct node *r = s->running.nodes[i];
        amount_add(&free_then, &r->need);
        if (!holds_any(&r->need, &w->missing))
            continue;
        if (w->nholders == WHY_HOLDERS)
            w->more_holders++;
        else
            w->holders[w->nholders++] =
                (struct why_holder){r->job.id, r->need, r->at_us, world_ends_at_limit(r)};
    }
}

/* --- when it can start, as far as is known ---------------------------------------------------- */

/* The first who is to start within n's run, if that began now, and then could not. n itself has no
 * place in the profile. */
static const struct node *in_the_way(const struct sched *s, const struct node *n, int64_t now_us)
{
    const struct timeline *t = &s->reserved;
    for (size_t i = 0; i < t->count && t->nodes[i]->at_us < now_us + n->estimate_us; i++) {
        struct amount free_then = profile_at(&s->profile, t->nodes[i]->at_us);
        if (!amount_fits(&n->need, &free_then))
            return t->nodes[i];
    }
    return NULL;
}

/* It fits, and does not start: for whose sake? */
static void find_ahead(const struct sched *s, const struct node *n, int64_t now_us, struct why *w)
{
    const struct node *ahead = NULL;
    if (n->where != IN_QUEUES || now_us < s->hold_until_us || !amount_fits(&n->need, &s->free))
        return;
    if (s->config.policy == POLICY_FIFO || s->config.policy == POLICY_EASY)
        ahead = queue_first(&s->queues[QUEUE_MAIN]);
    else
        ahead = in_the_way(s, n, now_us);
    if (!ahead || ahead == n)
        return;
    w->ahead = ahead->job.id;
    w->ahead_us = ahead->at_us;
}

/* It cannot run for longer than is expected. */
static bool keeps_to_limit(const struct node *n)
{
    if (n->where == IN_RUNNING)
        return world_ends_at_limit(n);
    return n->job.limit_us > 0 && n->estimate_us == n->job.limit_us;
}

static bool others_keep_to_limits(const struct sched *s, const struct node *n)
{
    for (const struct node *m = s->nodes; m; m = m->hh.next)
        if (m->where != IN_NONE &&
            (place_is_particular(s, &m->job) || (m != n && !keeps_to_limit(m))))
            return false;
    return true;
}

/* Nobody who is here can come to stand before somebody else. */
static bool order_stays(const struct sched *s)
{
    return !order_changes(s->config.order, s->config.order_expr) && s->later.count == 0 &&
           s->blocked == 0 && !array_limits(s);
}

/* Whether the policy keeps to what is foreseen for it. */
static bool is_kept(const struct sched *s, const struct node *n)
{
    switch (s->config.policy) {
    case POLICY_FIFO:
        return order_stays(s);
    case POLICY_EASY:
        return order_stays(s) && queue_first(&s->queues[QUEUE_MAIN]) == n;
    case POLICY_CONSERVATIVE:
        return n->reserved && (s->config.reservations == 0 || order_stays(s));
    case POLICY_GREEDY:
    case POLICY_CONSERVATIVE_REBUILD:
        break;
    }
    return false;
}

static void look_ahead(struct sched *s, struct node *n, int64_t now_us, struct why *w)
{
    const int64_t from_us = now_us > s->hold_until_us ? now_us : s->hold_until_us;
    int64_t at_us = n->reserved ? n->at_us : 0;
    bool firm = from_us == now_us && is_kept(s, n) && others_keep_to_limits(s, n);
    if (n->reserved)
        reservation_give_back(s, n);
    if (!reservations_kept(s)) {
        reservations_draw_running(s, now_us);
        at_us = foresee(s, n, from_us);
    }
    find_ahead(s, n, now_us, w);
    if (!at_us)
        at_us = foresee(s, n, from_us);
    if (at_us > FAR_US)
        return;
    w->earliest_us = at_us > from_us ? at_us : from_us;
    w->firm = firm;
}

static void look(const struct trial *t, struct why *w)
{
    struct node *n = t->node;
    w->missing = missing(t->world, n);
    if (n->where == IN_NONE || n->where == IN_BLOCKED || t->world->drained)
        return;
    find_holders(t->world, n, w);
    look_ahead(t->world, n, t->now_us, w);
}

/* ---------------------------------------------------------------------------------------------- */

static int explain(struct trial *t, struct why *w, struct err *e)
{
    int starts = trial_pass(t, NULL, e);
    if (starts < 0)
        return -1;
    w->starts = starts;
    if (starts) {
        w->earliest_us = t->now_us;
        return 0;
    }
    look(t, w);
    trial_back(t);
    return change_find(t, w->changes, e);
}

int sched_why(struct sched *s, int64_t id, int64_t now_us, struct why *w, struct err *e)
{
    struct node *n = world_find(s, id);
    struct trial t;
    *w = (struct why){0};
    if (!n)
        return err_set(e, ERR_NOT_FOUND, "job %jd is not active", (intmax_t)id);
    if (n->job.state != JOB_PENDING)
        return err_set(e, ERR_INVALID, "job %jd is running: it waits for nothing", (intmax_t)id);
    if (n->where == IN_CLAIMS) {
        w->starts = true;
        w->earliest_us = now_us;
        return 0;
    }
    if (trial_open(&t, s, n, now_us, e) < 0)
        return -1;
    int rc = explain(&t, w, e);
    trial_close(&t);
    return rc;
}
