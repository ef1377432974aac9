// SPDX-License-Identifier: MIT
/* test_profile.c - random takings, moves and gifts in a profile and, side by side, in a plain list
 * of them: the same is free at every instant, and the same holes are found. The seed is printed. */
#include "core/profile.h"

#include <stdlib.h>
#include <time.h>

#include "tap.h"

#define INSTANTS 200
#define TAKINGS  60
#define ROUNDS   400
#define WORLDS   300

static uint64_t seed;

static int64_t rnd(int64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)(seed % (uint64_t)below);
}

struct taking {
    int64_t start_us, end_us;
    struct amount need;
};

struct world {
    struct profile profile;
    struct taking takings[TAKINGS];
    size_t count;
    int64_t now_us;
};

static const struct amount total = {20, 100, 3};

static struct amount naive_at(const struct world *w, int64_t at_us)
{
    struct amount a = total;
    for (size_t i = 0; i < w->count; i++)
        if (w->takings[i].start_us <= at_us && at_us < w->takings[i].end_us)
            amount_take(&a, &w->takings[i].need);
    return a;
}

/* The first instant from from_us on, before latest_us, from which on there is room as long as it
 * has to be, or until until_us. latest_us if there is none. */
static int64_t naive_hole(const struct world *w, const struct hole *h, int64_t from_us,
                          int64_t latest_us, int64_t until_us)
{
    int64_t start_us = from_us;
    for (int64_t at = from_us; at < start_us + h->duration_us && at < until_us; at++) {
        struct amount a = naive_at(w, at);
        if (!amount_fits(&h->need, &a))
            start_us = at + 1;
    }
    return start_us < latest_us ? start_us : latest_us;
}

static struct amount random_need(void)
{
    return (struct amount){1 + rnd(12), rnd(50), rnd(4) == 0};
}

static void take(struct world *w)
{
    int64_t start_us = w->now_us + rnd(INSTANTS);
    struct taking t = {start_us, start_us + 1 + rnd(INSTANTS), random_need()};
    if (w->count == TAKINGS)
        return;
    profile_take(&w->profile, t.start_us, t.end_us, &t.need);
    w->takings[w->count++] = t;
}

static void give(struct world *w, size_t i)
{
    const struct taking *t = &w->takings[i];
    profile_give(&w->profile, t->start_us, t->end_us, &t->need);
    w->takings[i] = w->takings[--w->count];
}

/* To some earlier time, if it has not begun. */
static void move(struct taking *t, struct world *w)
{
    int64_t duration_us = t->end_us - t->start_us, early_us = t->start_us - w->now_us;
    if (early_us <= 0)
        return;
    int64_t to_us = w->now_us + rnd(early_us);
    profile_move(&w->profile, t->start_us, to_us, duration_us, &t->need);
    t->start_us = to_us;
    t->end_us = to_us + duration_us;
}

/* What is over needs not be given back. */
static void advance(struct world *w)
{
    w->now_us += rnd(20);
    profile_advance(&w->profile, w->now_us);
    for (size_t i = w->count; i-- > 0;)
        if (w->takings[i].end_us <= w->now_us)
            w->takings[i] = w->takings[--w->count];
}

static void step(struct world *w)
{
    int64_t dice = rnd(12);
    if (dice < 6 || !w->count)
        take(w);
    else if (dice < 8)
        give(w, (size_t)rnd((int64_t)w->count));
    else if (dice < 11)
        move(&w->takings[rnd((int64_t)w->count)], w);
    else
        advance(w);
}

static const char *wrong_with(const struct world *w)
{
    struct hole h = {random_need(), 1 + rnd(INSTANTS)};
    int64_t from_us = w->now_us + rnd(INSTANTS), held_us = from_us + rnd(INSTANTS);
    int64_t latest_us = from_us + rnd(INSTANTS);
    if (profile_earliest(&w->profile, &h, from_us) !=
        naive_hole(w, &h, from_us, INT64_MAX, INT64_MAX))
        return "the earliest hole is another";
    int64_t naive_us =
        naive_hole(w, &h, from_us, latest_us < held_us ? latest_us : held_us, held_us);
    if (profile_earlier(&w->profile, &h, from_us, latest_us, held_us) !=
        (naive_us < latest_us ? naive_us : held_us))
        return "the earlier hole is another";
    for (int64_t at = w->now_us; at < w->now_us + 2 * INSTANTS; at++) {
        struct amount have = profile_at(&w->profile, at), want = naive_at(w, at);
        if (memcmp(&have, &want, sizeof want) != 0)
            return "another amount is free";
    }
    return NULL;
}

static const char *run_world(void)
{
    struct world w = {.count = 0};
    const char *wrong = NULL;
    if (profile_init(&w.profile, &total, 0) < 0 || profile_reserve(&w.profile, TAKINGS) < 0)
        wrong = "no memory";
    for (int i = 0; i < ROUNDS && !wrong; i++) {
        step(&w);
        wrong = wrong_with(&w);
    }
    profile_free(&w.profile);
    return wrong;
}

int main(void)
{
    const char *given = getenv("SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("# SEED=%ju\n", (uintmax_t)first);
    const char *wrong = NULL;
    uint64_t i;
    for (i = 0; i < WORLDS && !wrong; i++) {
        seed = (first + i) * UINT64_C(0x9E3779B97F4A7C15) | 1;
        wrong = run_world();
    }
    ok(!wrong, "%d random profiles%s%s", WORLDS, wrong ? ": " : "", wrong ? wrong : "");
    if (wrong)
        printf("# with SEED=%ju\n", (uintmax_t)(first + i - 1));
    return done_testing();
}
