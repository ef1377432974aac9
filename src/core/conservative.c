// SPDX-License-Identifier: MIT
/* conservative.c - conservative backfilling: every job in the queue has a reservation, and nobody
 * is moved to a later one than he was promised. (A. W. Mu'alem, D. G. Feitelson, "Utilization,
 * predictability, workloads, and user runtime estimates in scheduling the IBM SP2 with
 * backfilling", IEEE TPDS 12(6), 2001.)
 *
 * A job is reserved, when it comes, at the earliest hole. Whenever something is given back, the
 * reservations are compressed (compress.c) in the order of the queue, one job at a time. The
 * promise holds as long as jobs end when they must; if one runs on beyond its expected end all
 * reservations are made anew. */
#include <string.h>

#include "core/compress.h"
#include "core/world.h"

/* So many are sorted by looking for the first each time. */
#define FEW 16
/* So many jobs without a reservation are tried in vain in one pass. */
#define TRIES 200

bool reservations_kept(const struct sched *s)
{
    return s->config.policy == POLICY_CONSERVATIVE;
}

/* --- between passes --------------------------------------------------------------------------- */

void reservations_started(struct sched *s, struct node *n, int64_t start_us, int64_t end_us)
{
    if (!reservations_kept(s))
        return;
    if (n->reserved && n->at_us == start_us)
        reservation_redeem(s, n);
    else
        profile_take(&s->profile, start_us, end_us, &n->need);
}

static void note_vacated(struct sched *s, int64_t until_us)
{
    s->vacated = true;
    if (until_us > s->vacated_until_us)
        s->vacated_until_us = until_us;
}

void reservations_ended(struct sched *s, const struct node *n, int64_t now_us)
{
    if (!reservations_kept(s))
        return;
    profile_advance(&s->profile, now_us);
    profile_give(&s->profile, now_us, n->at_us, &n->need);
    note_vacated(s, n->at_us);
}

void reservations_end_moved(struct sched *s, const struct node *n, int64_t was_us, int64_t now_us)
{
    if (!reservations_kept(s))
        return;
    profile_advance(&s->profile, now_us);
    profile_give(&s->profile, now_us, was_us, &n->need);
    profile_take(&s->profile, now_us, n->at_us, &n->need);
    if (n->at_us < was_us)
        note_vacated(s, was_us);
    else
        s->overrun = true;
}

void reservations_owed(struct sched *s, const struct node *n, const struct amount *more,
                       int64_t now_us)
{
    if (!reservations_kept(s))
        return;
    profile_advance(&s->profile, now_us);
    profile_take(&s->profile, now_us, n->at_us, more);
    if (more->cpus > 0 || more->mem_mb > 0)
        s->overrun = true;
    else
        note_vacated(s, n->at_us);
}

/* Who has none yet needs to be known only where everybody gets one. */
static bool for_all(const struct sched *s)
{
    return reservations_kept(s) && s->config.reservations == 0;
}

void reservations_came(struct sched *s, struct node *n)
{
    if (!for_all(s))
        return;
    n->at_us = 0;
    timeline_insert(&s->arrived, n);
}

static void vacate(struct sched *s, struct node *n)
{
    reservation_give_back(s, n);
    note_vacated(s, time_after(n->at_us, n->estimate_us));
}

void reservations_left(struct sched *s, struct node *n)
{
    if (n->reserved)
        vacate(s, n);
    else if (for_all(s))
        timeline_remove(&s->arrived, n);
}

void reservations_overrun(struct sched *s)
{
    s->overrun = true;
}

/* --- a pass ----------------------------------------------------------------------------------- */

static void reserve_earliest(struct sched *s, struct node *n, int64_t now_us)
{
    struct hole h = reservation_hole(n);
    reservation_make(s, n, profile_earliest(&s->profile, &h, now_us));
}

/* What was planned can't be kept: all get new places, in the order of those they had. */
static void plan_again(struct sched *s, int64_t now_us)
{
    size_t count = s->reserved.count;
    memcpy(s->room, s->reserved.nodes, count * sizeof *s->room);
    reservations_drop(s);
    reservations_draw_running(s, now_us);
    for (size_t i = 0; i < count; i++)
        reserve_earliest(s, s->room[i], now_us);
}

/* Those who came since the last pass, in the order of the queue. */
static void plan_new(struct sched *s, int64_t now_us)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    while (s->arrived.count) {
        struct node *first = s->arrived.nodes[0];
        for (size_t i = 1; i < s->arrived.count; i++)
            if (queue_before(q, s->arrived.nodes[i], first))
                first = s->arrived.nodes[i];
        timeline_remove(&s->arrived, first);
        reserve_earliest(s, first, now_us);
    }
}

/* Who has a reservation moves up if something was vacated, who has none gets one. */
static void plan_one(struct compression *c, struct node *n)
{
    if (!n->reserved)
        reserve_earliest(c->sched, n, c->now_us);
    else if (c->sched->vacated)
        compress_one(c, n);
}

static void plan_all(struct sched *s, int64_t now_us)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    size_t count = q->count;
    struct compression c;
    compress_begin(&c, s, now_us);
    queue_list(q, s->room);
    s->arrived.count = 0;
    for (size_t i = 0; i < count; i++)
        plan_one(&c, s->room[i]);
    compress_end(&c);
}

/* There is enough for it, but no such place: the next end may make one. If loans are called back
 * for its place it is tried again in every pass, or they would be lent anew before its time. */
static void postpone(struct sched *s, struct node *n, int64_t now_us)
{
    size_t i = 0;
    while (i < s->running.count && s->running.nodes[i]->at_us <= now_us)
        i++;
    struct hole h = reservation_hole(n);
    reservation_give_back(s, n);
    int64_t from_us = i < s->running.count ? s->running.nodes[i]->at_us : now_us + 1;
    reservation_make(s, n, profile_earliest(&s->profile, &h, from_us));
    if (s->recall == n)
        note_vacated(s, time_after(now_us, n->estimate_us));
}

static int start_due(struct pass *p)
{
    struct sched *s = p->sched;
    while (s->reserved.count && s->reserved.nodes[0]->at_us <= p->now_us) {
        struct node *n = s->reserved.nodes[0];
        int blocked = pass_start(p, n);
        if (blocked < 0)
            return -1;
        if (blocked)
            postpone(s, n, p->now_us);
    }
    return 0;
}

/* Takes their reservations from those who are not among the first any more. */
static void drop_others(struct sched *s)
{
    for (size_t i = s->reserved.count; i-- > 0;) {
        if (s->reserved.nodes[i]->turn != s->turn)
            vacate(s, s->reserved.nodes[i]);
    }
}

static void mark_first(struct sched *s)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    struct node *n = queue_first(q);
    s->turn++;
    for (int64_t i = 0; n && i < s->config.reservations; i++, n = queue_next(q, n))
        n->turn = s->turn;
}

static void plan_first(struct sched *s, int64_t now_us)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    mark_first(s);
    drop_others(s);
    struct compression c;
    compress_begin(&c, s, now_us);
    for (struct node *n = queue_first(q); n && n->turn == s->turn; n = queue_next(q, n))
        plan_one(&c, n);
    compress_end(&c);
}

/* Those without a reservation may start if that is in nobody's way. */
static int start_others(struct pass *p)
{
    struct sched *s = p->sched;
    const struct queue *q = &s->queues[QUEUE_MAIN];
    struct limits l = {.free = p->free, .window_us = INT64_MAX};
    struct node *n = NULL;
    for (int in_vain = 0; in_vain < TRIES && (n = pass_find(p, q, n, &l)); l.free = p->free) {
        struct hole h = reservation_hole(n);
        int blocked = n->reserved || profile_earliest(&s->profile, &h, p->now_us) != p->now_us;
        if (!blocked && (blocked = pass_start(p, n)) < 0)
            return -1;
        in_vain += blocked && !n->reserved;
    }
    return 0;
}

/* Somebody runs longer than expected, or nobody looked when a reservation was due. */
static bool is_broken(const struct sched *s, int64_t now_us)
{
    return s->overrun || (s->reserved.count && s->reserved.nodes[0]->at_us < now_us);
}

/* Whether elastic jobs yield to the first in the queue, which starts then. */
static bool make_way(struct pass *p)
{
    struct sched *s = p->sched;
    struct node *n = queue_first(&s->queues[QUEUE_MAIN]);
    if (!n || amount_fits(&n->need, &p->free) || !elastic_yield(p, n))
        return false;
    struct hole h = reservation_hole(n);
    int64_t promised_us = n->at_us;
    reservation_give_back(s, n);
    bool starts = profile_earliest(&s->profile, &h, p->now_us) == p->now_us;
    if (!starts)
        elastic_unyield(p);
    reservation_make(s, n, starts ? p->now_us : promised_us);
    return starts;
}

/* Who starts leaves his reservation to the next in the queue, until nobody starts any more. */
static int bounded_pass(struct pass *p)
{
    size_t before;
    do {
        before = p->started;
        plan_first(p->sched, p->now_us);
        make_way(p);
        if (start_due(p) < 0)
            return -1;
    } while (p->started > before);
    return start_others(p);
}

static int full_pass(struct pass *p)
{
    struct sched *s = p->sched;
    bool more;
    do { /* heads, whose task has started, come anew */
        if (s->vacated || s->arrived.count > FEW)
            plan_all(s, p->now_us);
        else
            plan_new(s, p->now_us);
        more = make_way(p);
        if (start_due(p) < 0)
            return -1;
    } while (more || s->arrived.count);
    return 0;
}

int conservative_pass(struct pass *p)
{
    struct sched *s = p->sched;
    profile_advance(&s->profile, p->now_us);
    if (is_broken(s, p->now_us))
        plan_again(s, p->now_us);
    if ((for_all(s) ? full_pass(p) : bounded_pass(p)) < 0)
        return -1;
    s->overrun = false;
    if (s->reserved.count)
        pass_wake_at(p, s->reserved.nodes[0]->at_us);
    return 0;
}
