// SPDX-License-Identifier: MIT
/* easy.c - EASY backfilling: the first job that does not fit gets a reservation at its shadow time;
 * others may pass it if they do not delay it. (D. A. Lifka, "The ANL/IBM SP scheduling system",
 * JSSPP 1995; A. W. Mu'alem, D. G. Feitelson, "Utilization, predictability, workloads, and user
 * runtime estimates in scheduling the IBM SP2 with backfilling", IEEE TPDS 12(6), 2001.) */
#include "core/world.h"

/* It fits, and if it is particular, finds its place in what would be free then. */
static bool fits_at(const struct sched *s, const struct node *n, const struct shadow *sh)
{
    return amount_fits(&n->need, &sh->spare) &&
           (!place_is_particular(s, &n->job) ||
            place_fits(s, n, s->scratch, sh->spare.cpus, sh->at_us));
}

struct shadow shadow_of(const struct sched *s, const struct node *n, const struct amount *free_now,
                        int64_t now_us)
{
    const struct timeline *t = &s->running;
    struct shadow sh = {.at_us = now_us, .spare = *free_now};
    bool particular = place_is_particular(s, &n->job);
    if (particular && recall_scratch(s) < 0)
        placement_copy(s->scratch, s->placement); /* no memory: as if loans were not given back */
    for (size_t i = 0; i < t->count; i++) {
        const struct node *r = t->nodes[i];
        if (r->at_us <= now_us)
            continue; /* counted as free already */
        if (r->at_us > sh.at_us && fits_at(s, n, &sh))
            break; /* all that end at one time were added */
        amount_add(&sh.spare, &r->need);
        sh.at_us = r->at_us;
        if (particular)
            placement_give(s->scratch, &r->job.alloc_set);
    }
    amount_take(&sh.spare, &n->need);
    if (particular)
        sh.spare = (struct amount){0}; /* which CPUs others would take is not known */
    return sh;
}

static int backfill(struct pass *p, const struct node *head)
{
    const struct queue *q = world_backfill_queue(p->sched);
    struct shadow sh = shadow_of(p->sched, head, &p->free, p->now_us);
    struct limits l = {p->free, sh.spare, sh.at_us - p->now_us};
    struct node *n = NULL;
    while ((n = pass_find(p, q, n, &l))) {
        int blocked = pass_start(p, n);
        if (blocked < 0)
            return -1;
        l.free = p->free;
        if (!blocked && n->estimate_us > l.window_us)
            amount_take(&l.spare, &n->need);
    }
    return 0;
}

int easy_pass(struct pass *p)
{
    if (fifo_pass(p) < 0)
        return -1;
    const struct node *head = queue_first(&p->sched->queues[QUEUE_MAIN]);
    return head && !p->sched->recall ? backfill(p, head) : 0;
}
