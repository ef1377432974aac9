// SPDX-License-Identifier: MIT
/* reservation.c - places in the profile, whoever hands them out. */
#include "core/world.h"

struct hole reservation_hole(const struct node *n)
{
    return (struct hole){n->need, n->estimate_us};
}

void reservation_make(struct sched *s, struct node *n, int64_t at_us)
{
    n->at_us = at_us;
    n->reserved = true;
    timeline_insert(&s->reserved, n);
    profile_take(&s->profile, at_us, time_after(at_us, n->estimate_us), &n->need);
}

void reservation_give_back(struct sched *s, struct node *n)
{
    profile_give(&s->profile, n->at_us, time_after(n->at_us, n->estimate_us), &n->need);
    timeline_remove(&s->reserved, n);
    n->reserved = false;
}

void reservation_move(struct sched *s, struct node *n, int64_t to_us)
{
    profile_move(&s->profile, n->at_us, to_us, n->estimate_us, &n->need);
    timeline_move(&s->reserved, n, to_us);
}

void reservation_redeem(struct sched *s, struct node *n)
{
    timeline_remove(&s->reserved, n);
    n->reserved = false;
}

void reservation_hand_on(struct sched *s, struct node *from, struct node *to)
{
    if (!from->reserved)
        return;
    timeline_remove(&s->reserved, from);
    from->reserved = false;
    to->at_us = from->at_us;
    to->reserved = true;
    timeline_insert(&s->reserved, to);
}

void reservations_drop(struct sched *s)
{
    while (s->reserved.count)
        s->reserved.nodes[--s->reserved.count]->reserved = false;
}

void reservations_draw_running(struct sched *s, int64_t now_us)
{
    profile_clear(&s->profile, &s->total, now_us);
    for (size_t i = 0; i < s->running.count; i++)
        profile_take(&s->profile, now_us, s->running.nodes[i]->at_us, &s->running.nodes[i]->need);
}
