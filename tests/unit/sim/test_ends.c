// SPDX-License-Identifier: MIT
/* The heap of ends against a list that is looked through. */
#include "sim/ends.h"

#include "dice.h"
#include "tap.h"

#define JOBS 60

struct list {
    struct end ends[JOBS];
    bool runs[JOBS];
    size_t count;
};

static size_t first_of(const struct list *l)
{
    size_t first = JOBS;
    for (size_t i = 0; i < JOBS; i++) {
        const struct end *e = &l->ends[i], *f = &l->ends[first % JOBS];
        bool sooner = e->at_us < f->at_us || (e->at_us == f->at_us && e->started < f->started);
        if (l->runs[i] && (first == JOBS || sooner))
            first = i;
    }
    return first;
}

static const char *step(struct ends *h, struct list *l, size_t started)
{
    size_t job = (size_t)rnd(JOBS);
    if (!l->runs[job]) {
        l->ends[job] = (struct end){rnd(100), started, job};
        l->runs[job] = true;
        l->count++;
        ends_add(h, l->ends[job]);
    } else if (rnd(2)) {
        l->ends[job].at_us = rnd(100);
        ends_move(h, job, l->ends[job].at_us);
    } else {
        size_t first = first_of(l);
        l->runs[first] = false;
        l->count--;
        if (ends_pop(h).job != first)
            return "another job ends first";
    }
    return h->count == l->count ? NULL : "another number of jobs runs";
}

static const char *run_world(uint64_t number)
{
    struct list l = {0};
    struct ends h;
    const char *wrong = NULL;
    (void)number;
    if (ends_init(&h, JOBS) < 0)
        return "no memory";
    for (size_t i = 0; i < 1000 && !wrong; i++)
        wrong = step(&h, &l, i);
    ends_free(&h);
    return wrong;
}

int main(void)
{
    ok(!dice_try(200, run_world), "200 times 1,000 starts, ends and moves: the next one is right");
    return done_testing();
}
