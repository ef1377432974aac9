// SPDX-License-Identifier: MIT
/* foresee.c - when a pending job can start, as far as is known: all that stand before it in the
 * queue get the earliest hole, one after the other, then it does. */
#include "core/world.h"

/* Behind more jobs nobody can tell: it would take too long to find out. */
#define FAR_JOB 10000
/* So many searches are remembered. */
#define PROOFS 256

/* There is no such hole that begins before before_us. That stays so, as nothing is given back. */
struct proof {
    struct hole hole;
    int64_t before_us;
};

struct proofs {
    struct proof list[PROOFS];
    size_t count, next;
};

/* Whoever wants as much as was proved in vain, or more, need not look there. */
static int64_t look_from(const struct proofs *ps, const struct hole *h, int64_t from_us)
{
    for (size_t i = 0; i < ps->count; i++) {
        const struct proof *p = &ps->list[i];
        if (p->before_us > from_us && p->hole.duration_us <= h->duration_us &&
            amount_fits(&p->hole.need, &h->need))
            from_us = p->before_us;
    }
    return from_us;
}

static int64_t earliest(struct proofs *ps, const struct sched *s, const struct hole *h,
                        int64_t from_us)
{
    from_us = look_from(ps, h, from_us);
    int64_t at_us = profile_earliest(&s->profile, h, from_us);
    if (at_us > from_us) { /* else it is known already */
        ps->list[ps->next] = (struct proof){*h, at_us};
        ps->next = (ps->next + 1) % PROOFS;
        if (ps->count < PROOFS)
            ps->count++;
    }
    return at_us;
}

static bool is_far(const struct queue *q, const struct node *n)
{
    int64_t before = 0;
    for (struct node *b = queue_first(q); b && b != n; b = queue_next(q, b))
        if (!b->reserved && (before += array_places(b)) > FAR_JOB)
            return true;
    return false;
}

/* Gives b, or as many tasks as it is the head of and may run, their holes: the first one as its
 * reservation. When the last begins. */
static int64_t give_place(struct proofs *ps, struct sched *s, struct node *b, int64_t from_us)
{
    struct hole h = reservation_hole(b);
    int64_t at_us = from_us;
    for (int64_t left = array_places(b); left > 0; left--) {
        at_us = earliest(ps, s, &h, s->config.policy == POLICY_FIFO ? at_us : from_us);
        if (at_us > FAR_US)
            return at_us;
        if (b->reserved)
            profile_take(&s->profile, at_us, time_after(at_us, b->estimate_us), &b->need);
        else
            reservation_make(s, b, at_us);
    }
    return at_us;
}

int64_t foresee(struct sched *s, const struct node *n, int64_t from_us)
{
    const struct queue *q = &s->queues[QUEUE_MAIN];
    struct proofs ps;
    ps.count = ps.next = 0;
    if (is_far(q, n))
        return INT64_MAX;
    for (struct node *b = queue_first(q); b && b != n; b = queue_next(q, b)) {
        if (b->reserved)
            continue;
        int64_t at_us = give_place(&ps, s, b, from_us);
        if (at_us > FAR_US)
            return INT64_MAX;
        if (s->config.policy == POLICY_FIFO)
            from_us = at_us;
    }
    struct hole h = reservation_hole(n);
    return profile_earliest(&s->profile, &h,
                            n->job.eligible_us > from_us ? n->job.eligible_us : from_us);
}
