// SPDX-License-Identifier: MIT
#include "core/profile.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_STEPS 16

struct step {
    int64_t at_us;
    struct amount free; /* with the block's `add`: from at_us to the next step */
    int64_t uses;       /* of this time as a beginning or an end; the origin's do not count */
};

struct profile_block {
    struct step steps[BLOCK_STEPS];
    int count;
    struct amount add, least, most; /* least and most: without add */
    bool stale;                     /* they are made when a search looks */
    struct profile_block *next;     /* unused */
};

/* A place in the profile. */
struct spot {
    size_t block;
    int step;
};

/* --- blocks ----------------------------------------------------------------------------------- */

static void amount_most(struct amount *to, const struct amount *a)
{
    to->cpus = to->cpus > a->cpus ? to->cpus : a->cpus;
    to->mem_mb = to->mem_mb > a->mem_mb ? to->mem_mb : a->mem_mb;
    to->gpus = to->gpus > a->gpus ? to->gpus : a->gpus;
}

static void summarise(struct profile_block *b)
{
    b->stale = false;
    b->least = b->most = b->steps[0].free;
    for (int i = 1; i < b->count; i++) {
        amount_least(&b->least, &b->steps[i].free);
        amount_most(&b->most, &b->steps[i].free);
    }
}

static struct profile_block *take_unused(struct profile *p)
{
    struct profile_block *b = p->unused;
    p->unused = b->next;
    p->nunused--;
    return b;
}

static void put_unused(struct profile *p, struct profile_block *b)
{
    b->next = p->unused;
    p->unused = b;
    p->nunused++;
}

static int reserve_blocks(struct profile *p, size_t blocks)
{
    if (blocks > p->cap) {
        struct profile_block **grown = realloc(p->blocks, 2 * blocks * sizeof *grown);
        if (!grown)
            return -1;
        p->blocks = grown;
        int64_t *begins = realloc(p->begins, 2 * blocks * sizeof *begins);
        if (!begins)
            return -1;
        p->begins = begins;
        p->cap = 2 * blocks;
    }
    while (p->count + p->nunused < blocks) {
        struct profile_block *b = malloc(sizeof *b);
        if (!b)
            return -1;
        put_unused(p, b);
    }
    return 0;
}

int profile_reserve(struct profile *p, size_t count)
{
    /* A block that is split leaves two half full; those that run low are joined. */
    return reserve_blocks(p, 4 + count * 2 * 4 / BLOCK_STEPS);
}

int profile_init(struct profile *p, const struct amount *total, int64_t from_us)
{
    *p = (struct profile){0};
    if (profile_reserve(p, 1) < 0)
        return -1;
    profile_clear(p, total, from_us);
    return 0;
}

void profile_free(struct profile *p)
{
    while (p->count)
        put_unused(p, p->blocks[--p->count]);
    while (p->unused)
        free(take_unused(p));
    free(p->blocks);
    free(p->begins);
    *p = (struct profile){0};
}

void profile_clear(struct profile *p, const struct amount *total, int64_t from_us)
{
    while (p->count)
        put_unused(p, p->blocks[--p->count]);
    struct profile_block *b = take_unused(p);
    b->count = 1;
    b->add = (struct amount){0};
    b->steps[0] = (struct step){.at_us = from_us, .free = *total};
    b->stale = true;
    p->begins[p->count] = from_us;
    p->blocks[p->count++] = b;
}

int profile_clone(struct profile *to, const struct profile *from)
{
    *to = (struct profile){0};
    if (reserve_blocks(to, from->count) < 0)
        return -1;
    profile_copy(to, from);
    return 0;
}

void profile_copy(struct profile *to, const struct profile *from)
{
    while (to->count > from->count)
        put_unused(to, to->blocks[--to->count]);
    while (to->count < from->count)
        to->blocks[to->count++] = take_unused(to);
    for (size_t i = 0; i < from->count; i++) {
        const struct profile_block *b = from->blocks[i];
        struct profile_block *c = to->blocks[i];
        memcpy(c->steps, b->steps, (size_t)b->count * sizeof *b->steps);
        c->count = b->count;
        c->add = b->add;
        c->stale = true;
        to->begins[i] = from->begins[i];
    }
}

static void insert_block(struct profile *p, size_t at, struct profile_block *b)
{
    memmove(p->blocks + at + 1, p->blocks + at, (p->count - at) * sizeof(struct profile_block *));
    memmove(p->begins + at + 1, p->begins + at, (p->count - at) * sizeof *p->begins);
    p->blocks[at] = b;
    p->begins[at] = b->steps[0].at_us;
    p->count++;
}

static void remove_block(struct profile *p, size_t at)
{
    put_unused(p, p->blocks[at]);
    p->count--;
    memmove(p->blocks + at, p->blocks + at + 1, (p->count - at) * sizeof(struct profile_block *));
    memmove(p->begins + at, p->begins + at + 1, (p->count - at) * sizeof *p->begins);
}

static void split_block(struct profile *p, size_t at)
{
    struct profile_block *b = p->blocks[at], *c = take_unused(p);
    int half = b->count / 2;
    c->count = b->count - half;
    c->add = b->add;
    memcpy(c->steps, b->steps + half, (size_t)c->count * sizeof *c->steps);
    b->count = half;
    b->stale = c->stale = true;
    insert_block(p, at + 1, c);
}

/* Two blocks that fill half of one become one. */
static void join_blocks(struct profile *p, size_t at)
{
    if (at + 1 >= p->count || p->blocks[at]->count + p->blocks[at + 1]->count > BLOCK_STEPS / 2)
        return;
    struct profile_block *b = p->blocks[at], *c = p->blocks[at + 1];
    amount_take(&c->add, &b->add);
    for (int i = 0; i < c->count; i++) {
        b->steps[b->count] = c->steps[i];
        amount_add(&b->steps[b->count++].free, &c->add);
    }
    b->stale = true;
    remove_block(p, at + 1);
}

/* --- steps ------------------------------------------------------------------------------------ */

static int64_t origin(const struct profile *p)
{
    return p->begins[0];
}

/* The step that at_us belongs to, or the first. */
static struct spot spot_of(const struct profile *p, int64_t at_us)
{
    if (at_us <= origin(p))
        return (struct spot){0, 0};
    /* The last block and the last step that do not begin behind it, without a branch to guess. */
    size_t block = 0;
    for (size_t n = p->count; n > 1; n -= n / 2)
        block += p->begins[block + n / 2] <= at_us ? n / 2 : 0;
    const struct step *steps = p->blocks[block]->steps;
    int step = 0;
    for (int n = p->blocks[block]->count; n > 1; n -= n / 2)
        step += steps[step + n / 2].at_us <= at_us ? n / 2 : 0;
    return (struct spot){block, step};
}

/* The spot of a step, which may have changed since it was there. */
static struct spot still_at(const struct profile *p, struct spot s, int64_t at_us)
{
    bool is_there = s.block < p->count && s.step < p->blocks[s.block]->count &&
                    p->blocks[s.block]->steps[s.step].at_us == at_us;
    return is_there ? s : spot_of(p, at_us);
}

/* Has a step at at_us, and one use more of it. */
static struct spot use_step(struct profile *p, int64_t at_us)
{
    struct spot s = spot_of(p, at_us);
    if (at_us <= origin(p))
        return s;
    if (p->blocks[s.block]->count == BLOCK_STEPS) {
        split_block(p, s.block);
        s = spot_of(p, at_us);
    }
    struct profile_block *b = p->blocks[s.block];
    struct step *steps = b->steps;
    if (steps[s.step].at_us != at_us) {
        s.step++;
        memmove(steps + s.step + 1, steps + s.step, (size_t)(b->count - s.step) * sizeof *steps);
        steps[s.step] = (struct step){.at_us = at_us, .free = steps[s.step - 1].free};
        b->count++;
    }
    steps[s.step].uses++;
    return s;
}

/* The origin stays. */
static void unuse_step(struct profile *p, struct spot s)
{
    struct profile_block *b = p->blocks[s.block];
    if ((s.block == 0 && s.step == 0) || --b->steps[s.step].uses > 0)
        return;
    b->count--;
    memmove(b->steps + s.step, b->steps + s.step + 1,
            (size_t)(b->count - s.step) * sizeof *b->steps);
    if (b->count == 0) {
        remove_block(p, s.block);
        return;
    }
    p->begins[s.block] = b->steps[0].at_us;
    b->stale = true;
    join_blocks(p, s.block);
    if (s.block > 0)
        join_blocks(p, s.block - 1);
}

static void add_to_steps(struct profile_block *b, int from, int to, const struct amount *a)
{
    if (from == 0 && to == b->count) {
        amount_add(&b->add, a);
        return;
    }
    for (int i = from; i < to; i++)
        amount_add(&b->steps[i].free, a);
    b->stale |= from < to;
}

/* Adds to all steps from one spot up to, not including, another. */
static void add_between(struct profile *p, struct spot from, struct spot to, const struct amount *a)
{
    for (size_t i = from.block; i <= to.block; i++) {
        struct profile_block *b = p->blocks[i];
        int first = i == from.block ? from.step : 0, end = i == to.block ? to.step : b->count;
        add_to_steps(b, first, end, a);
    }
}

static struct amount negative(const struct amount *a)
{
    return (struct amount){-a->cpus, -a->mem_mb, -a->gpus};
}

void profile_take(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a)
{
    struct amount less = negative(a);
    if (end_us <= origin(p))
        return;
    struct spot start = use_step(p, start_us), end = use_step(p, end_us);
    add_between(p, still_at(p, start, start_us), end, &less);
}

void profile_give(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a)
{
    if (end_us <= origin(p))
        return;
    struct spot start = spot_of(p, start_us), end = spot_of(p, end_us);
    add_between(p, start, end, a);
    unuse_step(p, end);
    unuse_step(p, still_at(p, start, start_us));
}

void profile_move(struct profile *p, int64_t start_us, int64_t to_us, int64_t duration_us,
                  const struct amount *a)
{
    struct amount less = negative(a);
    int64_t end_us = time_after(start_us, duration_us), to_end_us = time_after(to_us, duration_us);
    struct spot to = use_step(p, to_us), to_end = use_step(p, to_end_us);
    struct spot start = spot_of(p, start_us), end = spot_of(p, end_us);
    /* What both times have in common stays as it is. */
    bool apart = to_end_us < start_us;
    add_between(p, still_at(p, to, to_us), apart ? to_end : start, &less);
    add_between(p, apart ? start : to_end, end, a);
    unuse_step(p, end);
    unuse_step(p, still_at(p, start, start_us));
}

void profile_advance(struct profile *p, int64_t now_us)
{
    if (now_us <= origin(p))
        return;
    struct spot s = spot_of(p, now_us);
    for (; s.block > 0; s.block--)
        remove_block(p, 0);
    struct profile_block *b = p->blocks[0];
    b->count -= s.step;
    memmove(b->steps, b->steps + s.step, (size_t)b->count * sizeof *b->steps);
    p->begins[0] = b->steps[0].at_us = now_us;
    b->steps[0].uses = 0;
    b->stale = true;
}

struct amount profile_at(const struct profile *p, int64_t at_us)
{
    struct spot s = spot_of(p, at_us);
    struct amount a = p->blocks[s.block]->steps[s.step].free;
    amount_add(&a, &p->blocks[s.block]->add);
    return a;
}

/* --- searching -------------------------------------------------------------------------------- */

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct search {
    struct hole hole;
    int64_t start_us;  /* where the hole looked at begins; INT64_MAX: none does */
    int64_t latest_us; /* only what begins before this counts */
    int64_t until_us;  /* from here on it is free in any case */
    int64_t end_us;    /* the search is over here: the hole is complete, or would begin too late */
};

static void begin_hole(struct search *s, int64_t at_us)
{
    s->start_us = at_us;
    s->end_us = min(time_after(at_us, s->hole.duration_us), s->until_us);
}

static void end_hole(struct search *s)
{
    s->start_us = INT64_MAX;
    s->end_us = s->latest_us;
}

/* Looks through one block from a step on. True: the search is over. */
static bool search_block(struct profile_block *b, int from, struct search *s)
{
    struct amount need = s->hole.need; /* in the block's own terms */
    amount_take(&need, &b->add);
    if (b->stale)
        summarise(b);
    /* Where all are alike the first stands for all. */
    bool alike = amount_fits(&need, &b->least) || !amount_fits(&need, &b->most);
    int count = alike ? from + 1 : b->count;
    for (int i = from; i < count; i++) {
        const struct step *at = &b->steps[i];
        if (at->at_us >= s->end_us)
            return true;
        bool fits = amount_fits(&need, &at->free);
        if (fits && s->start_us == INT64_MAX)
            begin_hole(s, at->at_us);
        else if (!fits && s->start_us != INT64_MAX)
            end_hole(s);
    }
    return false;
}

/* Where such a hole begins, from from_us on; latest_us or later: nowhere. */
static int64_t search(const struct profile *p, const struct hole *h, int64_t from_us,
                      int64_t latest_us, int64_t until_us)
{
    struct search s = {.hole = *h, .latest_us = latest_us, .until_us = until_us};
    struct spot at = spot_of(p, from_us);
    begin_hole(&s, from_us);
    while (at.block < p->count && !search_block(p->blocks[at.block], at.step, &s))
        at = (struct spot){at.block + 1, 0};
    return s.start_us;
}

int64_t profile_earliest(const struct profile *p, const struct hole *h, int64_t from_us)
{
    return search(p, h, from_us, INT64_MAX, INT64_MAX);
}

int64_t profile_earlier(const struct profile *p, const struct hole *h, int64_t from_us,
                        int64_t latest_us, int64_t held_us)
{
    latest_us = min(latest_us, held_us);
    if (from_us >= latest_us)
        return held_us;
    int64_t at_us = search(p, h, from_us, latest_us, held_us);
    return at_us < latest_us ? at_us : held_us;
}
