// SPDX-License-Identifier: MIT
/* compress.c - reservations move up, exactly, and mostly without a search. Two proofs save it.
 *
 * 1. A hole that was not there when a job was looked at last contains something that was given back
 * since, and all of that ends before sched.vacated_until_us. So no new hole begins there or later.
 *
 * 2. Where no hole was found that is so large and so long, there is none that is larger or longer.
 * The one for whom it was looked needs it free beside his own place only until that begins
 * (profile_earlier()); whoever holds a place as late or later needs as much or more. A proof holds
 * until somebody moves: then what he held is free, and of the holes that begin before it those that
 * are long enough to reach it are in doubt. */
#include "core/compress.h"

#include "core/world.h"

void compress_begin(struct compression *c, struct sched *s, int64_t now_us)
{
    *c = (struct compression){.sched = s, .now_us = now_us};
    for (size_t i = 0; i < COMPRESS_PROOFS; i++)
        c->proofs[i].before_us = now_us;
}

/* Whoever wants as much as was searched in vain, or more, need not look there. */
static int64_t look_from(const struct compression *c, const struct node *n, int64_t latest_us)
{
    int64_t from_us = c->now_us;
    const struct proof *end = c->proofs + COMPRESS_PROOFS;
    for (const struct proof *p = c->proofs; p < end && from_us < latest_us; p++)
        if (p->before_us > from_us && p->held_us <= n->at_us &&
            p->hole.duration_us <= n->estimate_us && amount_fits(&p->hole.need, &n->need))
            from_us = p->before_us;
    return from_us;
}

static void remember(struct compression *c, const struct proof *p)
{
    c->proofs[c->next] = *p;
    c->next = (c->next + 1) % COMPRESS_PROOFS;
}

/* From there on something was given back. */
static void doubt(struct compression *c, int64_t vacated_us)
{
    for (size_t i = 0; i < COMPRESS_PROOFS; i++) {
        struct proof *p = &c->proofs[i];
        int64_t before_us = vacated_us - p->hole.duration_us;
        if (p->held_us > vacated_us && p->before_us > before_us)
            p->before_us = before_us;
    }
}

/* What it gives back is vacated also for those behind it. */
static void move(struct compression *c, struct node *n, int64_t to_us)
{
    struct sched *s = c->sched;
    int64_t held_us = n->at_us, end_us = time_after(held_us, n->estimate_us);
    reservation_move(s, n, to_us);
    doubt(c, held_us);
    if (end_us > c->moved_until_us)
        c->moved_until_us = end_us;
    if (end_us > s->vacated_until_us)
        s->vacated_until_us = end_us;
}

void compress_one(struct compression *c, struct node *n)
{
    struct sched *s = c->sched;
    int64_t held_us = n->at_us;
    int64_t latest_us = s->vacated_until_us < held_us ? s->vacated_until_us : held_us;
    int64_t from_us = look_from(c, n, latest_us);
    if (from_us >= latest_us)
        return;
    struct proof p = {.hole = reservation_hole(n), .held_us = held_us};
    p.before_us = profile_earlier(&s->profile, &p.hole, from_us, latest_us, held_us);
    if (p.before_us < held_us)
        move(c, n, p.before_us);
    remember(c, &p);
}

void compress_end(struct compression *c)
{
    struct sched *s = c->sched;
    /* Those who were looked at before somebody moved have not seen that. */
    if (s->vacated)
        s->vacated_until_us = c->moved_until_us;
    s->vacated = false;
}
