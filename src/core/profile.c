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

int profile_reserve(struct profile *p, size_t count)
{
    /* A block that is split leaves two half full; those that run low are joined. */
    size_t blocks = 4 + count * 2 * 4 / BLOCK_STEPS;
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
    summarise(b);
    p->begins[p->count] = from_us;
    p->blocks[p->count++] = b;
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
        c->least = b->least;
        c->most = b->most;
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
    summarise(b);
    summarise(c);
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
    summarise(b);
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
    size_t low = 0, high = p->count; /* the last block that does not begin behind it */
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (p->begins[mid] <= at_us)
            low = mid;
        else
            high = mid;
    }
    const struct profile_block *b = p->blocks[low];
    int i = 0, n = b->count;
    while (n - i > 1) {
        int mid = i + (n - i) / 2;
        if (b->steps[mid].at_us <= at_us)
            i = mid;
        else
            n = mid;
    }
    return (struct spot){low, i};
}

/* Has a step at at_us, behind the origin, and one use more of it. */
static void use_step(struct profile *p, int64_t at_us)
{
    struct spot s = spot_of(p, at_us);
    if (p->blocks[s.block]->count == BLOCK_STEPS) {
        split_block(p, s.block);
        s = spot_of(p, at_us);
    }
    struct profile_block *b = p->blocks[s.block];
    if (b->steps[s.step].at_us != at_us) {
        s.step++;
        memmove(b->steps + s.step + 1, b->steps + s.step,
                (size_t)(b->count - s.step) * sizeof *b->steps);
        b->steps[s.step] = b->steps[s.step - 1];
        b->steps[s.step].at_us = at_us;
        b->steps[s.step].uses = 0;
        b->count++;
    }
    b->steps[s.step].uses++;
}

static void unuse_step(struct profile *p, int64_t at_us)
{
    struct spot s = spot_of(p, at_us);
    struct profile_block *b = p->blocks[s.block];
    if (--b->steps[s.step].uses > 0)
        return;
    b->count--;
    memmove(b->steps + s.step, b->steps + s.step + 1,
            (size_t)(b->count - s.step) * sizeof *b->steps);
    if (b->count == 0) {
        remove_block(p, s.block);
        return;
    }
    p->begins[s.block] = b->steps[0].at_us;
    summarise(b);
    join_blocks(p, s.block);
    if (s.block > 0)
        join_blocks(p, s.block - 1);
}

static void add_to_steps(struct profile_block *b, int from, int to, const struct amount *a)
{
    for (int i = from; i < to; i++)
        amount_add(&b->steps[i].free, a);
    summarise(b);
}

/* Adds to all steps from one spot up to, not including, another. */
static void add_between(struct profile *p, struct spot from, struct spot to, const struct amount *a)
{
    if (from.block == to.block) {
        add_to_steps(p->blocks[from.block], from.step, to.step, a);
        return;
    }
    add_to_steps(p->blocks[from.block], from.step, p->blocks[from.block]->count, a);
    for (size_t i = from.block + 1; i < to.block; i++)
        amount_add(&p->blocks[i]->add, a);
    if (to.step)
        add_to_steps(p->blocks[to.block], 0, to.step, a);
}

void profile_take(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a)
{
    struct amount less = {-a->cpus, -a->mem_mb, -a->gpus};
    if (end_us <= origin(p))
        return;
    use_step(p, end_us);
    if (start_us > origin(p))
        use_step(p, start_us);
    add_between(p, spot_of(p, start_us), spot_of(p, end_us), &less);
}

void profile_give(struct profile *p, int64_t start_us, int64_t end_us, const struct amount *a)
{
    if (end_us <= origin(p))
        return;
    bool began = start_us <= origin(p);
    add_between(p, spot_of(p, start_us), spot_of(p, end_us), a);
    unuse_step(p, end_us);
    if (!began)
        unuse_step(p, start_us);
}

void profile_advance(struct profile *p, int64_t now_us)
{
    struct spot s = spot_of(p, now_us);
    for (; s.block > 0; s.block--)
        remove_block(p, 0);
    struct profile_block *b = p->blocks[0];
    b->count -= s.step;
    memmove(b->steps, b->steps + s.step, (size_t)b->count * sizeof *b->steps);
    if (now_us > b->steps[0].at_us)
        b->steps[0].at_us = now_us;
    p->begins[0] = b->steps[0].at_us;
    b->steps[0].uses = 0;
    summarise(b);
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

/* Where the time goes on behind this step; INT64_MAX: for ever. */
static int64_t end_of(const struct profile *p, size_t block, int step)
{
    const struct profile_block *b = p->blocks[block];
    if (step + 1 < b->count)
        return b->steps[step + 1].at_us;
    return block + 1 < p->count ? p->begins[block + 1] : INT64_MAX;
}

struct search {
    const struct hole *hole;
    int64_t start_us;  /* nothing is known against beginning here */
    int64_t latest_us; /* only what begins before this counts */
    int64_t until_us;  /* from here on it is free in any case */
};

static bool is_over(const struct search *s, int64_t at_us)
{
    return at_us >= min(time_after(s->start_us, s->hole->duration_us), s->until_us);
}

/* Looks through one block from a step on. True: the search is over. */
static bool search_block(const struct profile *p, struct spot at, struct search *s)
{
    const struct profile_block *b = p->blocks[at.block];
    struct amount need = s->hole->need; /* in the block's own terms */
    amount_take(&need, &b->add);
    if (is_over(s, b->steps[at.step].at_us))
        return true;
    if (amount_fits(&need, &b->least))
        return false;
    if (!amount_fits(&need, &b->most)) {
        s->start_us = end_of(p, at.block, b->count - 1);
        return s->start_us >= s->latest_us;
    }
    for (int i = at.step; i < b->count; i++) {
        if (is_over(s, b->steps[i].at_us))
            return true;
        if (amount_fits(&need, &b->steps[i].free))
            continue;
        s->start_us = end_of(p, at.block, i);
        if (s->start_us >= s->latest_us)
            return true;
    }
    return false;
}

static void search(const struct profile *p, struct search *s)
{
    struct spot at = spot_of(p, s->start_us);
    for (; at.block < p->count; at.block++, at.step = 0)
        if (search_block(p, at, s))
            return;
}

int64_t profile_earliest(const struct profile *p, const struct hole *h, int64_t from_us)
{
    struct search s = {h, from_us, INT64_MAX, INT64_MAX};
    search(p, &s);
    return s.start_us;
}

int64_t profile_earlier(const struct profile *p, const struct hole *h, int64_t from_us,
                        int64_t latest_us, int64_t held_us)
{
    struct search s = {h, from_us, min(latest_us, held_us), held_us};
    if (from_us < s.latest_us)
        search(p, &s);
    return s.start_us < s.latest_us ? s.start_us : held_us;
}
