// SPDX-License-Identifier: MIT
/* conservative.c - conservative backfilling: every job in the queue has a reservation, and nobody
 * is moved to a later one than he was promised. (A. W. Mu'alem, D. G. Feitelson, "Utilization,
 * predictability, workloads, and user runtime estimates in scheduling the IBM SP2 with
 * backfilling", IEEE TPDS 12(6), 2001.)
 *
 * A job is reserved, when it comes, at the earliest hole. Whenever something is given back, the
 * reservations are compressed in the order of the queue, one job at a time. The promise holds as
 * long as jobs end when they must; if one runs on beyond its expected end all reservations are made
 * anew. */
#include <string.h>

#include "core/world.h"

/* So many are sorted by looking for the first each time. */
#define FEW 16
/* So many jobs without a reservation are tried in vain in one pass. */
#define TRIES 200
/* How much is remembered while reservations are compressed. */
#define PROOFS 4

bool reservations_kept(const struct sched *s)
{
    return s->config.policy == POLICY_CONSERVATIVE;
}

/* --- between passes --------------------------------------------------------------------------- */

void reservations_started(struct sched *s, const struct node *n)
{
    if (reservations_kept(s))
        profile_take(&s->profile, n->job.start_us, n->at_us, &n->need);
}

static void note_vacated(struct sched *s, int64_t until_us)
{
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
    s->vacated = true;
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

void reservations_left(struct sched *s, struct node *n)
{
    if (n->reserved) {
        reservation_give_back(s, n);
        note_vacated(s, time_after(n->at_us, n->estimate_us));
        s->vacated = true;
    } else if (for_all(s)) {
        timeline_remove(&s->arrived, n);
    }
}

void reservations_overrun(struct sched *s)
{
    s->overrun = true;
}

/* --- compressing ------------------------------------------------------------------------------ */

/* There is no such hole that begins before before_us, for anybody who holds a place at held_us or
 * later (profile_earlier()). */
struct proof {
    struct hole hole;
    int64_t before_us, held_us;
};

struct compression {
    struct sched *sched;
    int64_t now_us;
    struct proof proofs[PROOFS];
    size_t count, next;
    int64_t moved_until_us; /* what moves gave back ends before this */
};

/* Whoever wants as much as was proved in vain, or more, need not look there. */
static int64_t look_from(const struct compression *c, const struct hole *h, int64_t held_us)
{
    int64_t from_us = c->now_us;
    for (size_t i = 0; i < c->count; i++) {
        const struct proof *p = &c->proofs[i];
        if (p->before_us > from_us && p->held_us <= held_us &&
            p->hole.duration_us <= h->duration_us && amount_fits(&p->hole.need, &h->need))
            from_us = p->before_us;
    }
    return from_us;
}

static void remember(struct compression *c, const struct proof *p)
{
    for (size_t i = 0; i < c->count; i++)
        if (memcmp(&c->proofs[i].hole, &p->hole, sizeof p->hole) == 0) {
            c->proofs[i] = *p;
            return;
        }
    c->proofs[c->next] = *p;
    c->next = (c->next + 1) % PROOFS;
    if (c->count < PROOFS)
        c->count++;
}

/* What was given back from there on may have made holes that reach into it. */
static void doubt(struct compression *c, int64_t vacated_us)
{
    for (size_t i = 0; i < c->count; i++) {
        struct proof *p = &c->proofs[i];
        int64_t before_us = vacated_us - p->hole.duration_us;
        if (p->held_us > vacated_us && p->before_us > before_us)
            p->before_us = before_us;
    }
}

static void move(struct compression *c, struct node *n, int64_t to_us)
{
    int64_t held_us = n->at_us, end_us = time_after(held_us, n->estimate_us);
    reservation_move(c->sched, n, to_us);
    doubt(c, held_us);
    note_vacated(c->sched, end_us);
    if (end_us > c->moved_until_us)
        c->moved_until_us = end_us;
}

/* Moves it to an earlier place than it has, if there is one. Since it was looked at last nothing
 * was given back behind vacated_until_us: a hole that begins there would have been found then. */
static void compress(struct compression *c, struct node *n)
{
    const struct sched *s = c->sched;
    struct proof p = {.hole = reservation_hole(n), .held_us = n->at_us};
    int64_t from_us = look_from(c, &p.hole, p.held_us);
    p.before_us = profile_earlier(&s->profile, &p.hole, from_us, s->vacated_until_us, p.held_us);
    if (p.before_us < p.held_us)
        move(c, n, p.before_us);
    remember(c, &p);
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

/* All in the order of the queue: those with a reservation move up if something was vacated, those
 * without get one. */
static void plan_all(struct sched *s, int64_t now_us)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    size_t count = q->count;
    struct compression c = {.sched = s, .now_us = now_us};
    queue_list(q, s->room);
    s->arrived.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *n = s->room[i];
        if (!n->reserved)
            reserve_earliest(s, n, now_us);
        else if (s->vacated)
            compress(&c, n);
    }
    /* Those who were looked at before somebody moved have not seen that. */
    if (s->vacated)
        s->vacated_until_us = c.moved_until_us;
}

static int start_due(struct pass *p)
{
    struct sched *s = p->sched;
    while (s->reserved.count && s->reserved.nodes[0]->at_us <= p->now_us) {
        struct node *n = s->reserved.nodes[0];
        reservation_give_back(s, n);
        if (pass_start(p, n) < 0) {
            reservations_came(s, n);
            return -1;
        }
    }
    return 0;
}

/* Takes their reservations from those who are not among the first any more. */
static void drop_others(struct sched *s)
{
    for (size_t i = s->reserved.count; i-- > 0;) {
        struct node *n = s->reserved.nodes[i];
        if (n->turn == s->turn)
            continue;
        int64_t until_us = time_after(n->at_us, n->estimate_us);
        reservation_give_back(s, n);
        note_vacated(s, until_us);
        s->vacated = true;
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
    struct compression c = {.sched = s, .now_us = now_us};
    for (struct node *n = queue_first(q); n && n->turn == s->turn; n = queue_next(q, n)) {
        if (!n->reserved)
            reserve_earliest(s, n, now_us);
        else if (s->vacated)
            compress(&c, n);
    }
    if (s->vacated)
        s->vacated_until_us = c.moved_until_us;
    s->vacated = false;
}

/* Those without a reservation may start if that is in nobody's way. */
static int start_others(struct pass *p)
{
    struct sched *s = p->sched;
    const struct queue *q = &s->queues[QUEUE_MAIN];
    struct limits l = {.free = p->free, .window_us = INT64_MAX};
    struct node *n = NULL;
    for (int in_vain = 0; in_vain < TRIES && (n = queue_find(q, n, &l)); l.free = p->free) {
        struct hole h = reservation_hole(n);
        if (n->reserved || profile_earliest(&s->profile, &h, p->now_us) != p->now_us)
            in_vain += !n->reserved;
        else if (pass_start(p, n) < 0)
            return -1;
    }
    return 0;
}

/* Somebody runs longer than expected, or nobody looked when a reservation was due. */
static bool is_broken(const struct sched *s, int64_t now_us)
{
    return s->overrun || (s->reserved.count && s->reserved.nodes[0]->at_us < now_us);
}

/* Who starts leaves his reservation to the next in the queue, until nobody starts any more. */
static int bounded_pass(struct pass *p)
{
    size_t before;
    do {
        before = p->plan->count;
        plan_first(p->sched, p->now_us);
        if (start_due(p) < 0)
            return -1;
    } while (p->plan->count > before);
    return start_others(p);
}

static int full_pass(struct pass *p)
{
    struct sched *s = p->sched;
    if (s->vacated || s->arrived.count > FEW)
        plan_all(s, p->now_us);
    else
        plan_new(s, p->now_us);
    return start_due(p);
}

int conservative_pass(struct pass *p)
{
    struct sched *s = p->sched;
    profile_advance(&s->profile, p->now_us);
    if (is_broken(s, p->now_us))
        plan_again(s, p->now_us);
    if ((for_all(s) ? full_pass(p) : bounded_pass(p)) < 0)
        return -1;
    s->vacated = s->overrun = false;
    if (s->reserved.count)
        p->plan->wake_us = s->reserved.nodes[0]->at_us;
    return 0;
}
