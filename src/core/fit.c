// SPDX-License-Identifier: MIT
#include "core/fit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BITS 64

void fit_free(struct fit *f)
{
    free(f->bits);
    free(f->from);
    *f = (struct fit){0};
}

/* The search starts with the largest items. The last one taken is of the pivot group. An item above
 * is left out, or one below taken as well, at a price: how far it is from the pivot's size; items
 * of the pivot make up the number. A state is what was paid in all, and how many more were left out
 * than taken in (a row). */
struct search {
    struct fit_group *groups;
    size_t count, pivot;
    int64_t before; /* items of the pivot group taken at the start */
    int64_t unit;   /* all prices are multiples of it */
    size_t slack;   /* what may be paid, in units */
    size_t rows, zero, words;
    size_t low, high; /* the rows that have any state */
    uint64_t *bits;   /* [rows][words]: reached */
    uint32_t *from;   /* [rows][slack + 1]: by the last step over this group */
};

/* Rounded up: what is no multiple of the unit can't be afforded. */
static size_t price_of(const struct search *s, size_t group)
{
    int64_t d = s->groups[group].size - s->groups[s->pivot].size;
    return (size_t)(((d < 0 ? -d : d) + s->unit - 1) / s->unit);
}

/* The fewest items, by taking the largest. Returns what they exceed the need by. */
static int64_t take_largest(struct search *s, int64_t need)
{
    for (size_t i = 0; i < s->count; i++) {
        struct fit_group *g = &s->groups[i];
        int64_t wanted = need > 0 ? (need + g->size - 1) / g->size : 0;
        g->take = wanted < g->count ? wanted : g->count;
        need -= g->take * g->size;
        if (g->take) {
            s->pivot = i;
            s->before = g->take;
        }
    }
    return -need;
}

/* As many as were taken, but the smallest, if they hold the need as well: nothing can be better.
 * Returns whether they do. */
static bool take_smallest(struct search *s, int64_t need, int64_t *slack)
{
    int64_t items = 0, left, sum = 0;
    for (size_t i = 0; i <= s->pivot; i++)
        items += s->groups[i].take;
    left = items;
    for (size_t i = s->count; i-- > 0 && left > 0; left -= s->groups[i].count)
        sum += s->groups[i].size * (left < s->groups[i].count ? left : s->groups[i].count);
    if (sum < need)
        return false;
    for (size_t i = s->count; i-- > 0;) {
        struct fit_group *g = &s->groups[i];
        g->take = items < g->count ? items : g->count;
        items -= g->take;
    }
    *slack = sum - need;
    return true;
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What all affordable prices are multiples of; 0 if there is none. */
static int64_t common_unit(struct search *s, int64_t slack)
{
    int64_t unit = 0;
    s->unit = 1;
    for (size_t i = 0; i < s->count; i++)
        if (i != s->pivot && (int64_t)price_of(s, i) <= slack)
            unit = gcd((int64_t)price_of(s, i), unit);
    return unit;
}

/* How many items of the group can be paid for with so much. */
static size_t affordable(const struct search *s, size_t group, size_t money)
{
    size_t n = money / price_of(s, group), count = (size_t)s->groups[group].count;
    return n < count ? n : count;
}

/* How many items of any groups from `first` on, in steps away from the pivot, can be paid for. */
static size_t most_items(const struct search *s, size_t first, bool up)
{
    size_t items = 0, money = s->slack;
    for (size_t i = first; i < s->count; i = up ? i - 1 : i + 1) { /* i - 1 of 0 ends it as well */
        size_t n = affordable(s, i, money);
        items += n;
        money -= n * price_of(s, i);
        if (!n)
            break;
    }
    return items;
}

static int reserve(struct fit *f, size_t bits, size_t from)
{
    if (bits > f->bits_cap) {
        uint64_t *grown = realloc(f->bits, bits * sizeof *grown);
        if (!grown)
            return -1;
        f->bits = grown;
        f->bits_cap = bits;
    }
    if (from > f->from_cap) {
        uint32_t *grown = realloc(f->from, from * sizeof *grown);
        if (!grown)
            return -1;
        f->from = grown;
        f->from_cap = from;
    }
    return 0;
}

static int prepare(struct fit *f, struct search *s)
{
    size_t in = most_items(s, s->pivot + 1, false);
    s->zero = s->low = s->high = in;
    s->rows = in + most_items(s, s->pivot - 1, true) + 1;
    s->words = s->slack / BITS + 1;
    if (reserve(f, s->rows * s->words, s->rows * (s->slack + 1)) < 0)
        return -1;
    s->bits = f->bits;
    s->from = f->from;
    memset(s->bits, 0, s->rows * s->words * sizeof *s->bits);
    s->bits[s->zero * s->words] = 1;
    return 0;
}

static bool reached(const struct search *s, size_t row, size_t paid)
{
    return s->bits[row * s->words + paid / BITS] >> (paid % BITS) & 1;
}

/* Word w of a row, shifted up by the price. */
static uint64_t shifted(const uint64_t *row, size_t w, size_t price)
{
    size_t words = price / BITS, bits = price % BITS;
    uint64_t v = row[w - words] << bits;
    if (bits && w > words)
        v |= row[w - words - 1] >> (BITS - bits);
    return v;
}

/* One item of the group more, in all states of a row. */
static void step(struct search *s, size_t row, size_t to_row, size_t group, size_t price)
{
    const uint64_t *have = s->bits + row * s->words;
    uint64_t *to = s->bits + to_row * s->words;
    uint64_t last = ~UINT64_C(0) >> (BITS - 1 - s->slack % BITS);
    for (size_t w = price / BITS; w < s->words; w++) {
        uint64_t fresh =
            shifted(have, w, price) & ~to[w] & (w + 1 < s->words ? ~UINT64_C(0) : last);
        to[w] |= fresh;
        for (; fresh; fresh &= fresh - 1)
            s->from[to_row * (s->slack + 1) + w * BITS + (size_t)__builtin_ctzll(fresh)] =
                (uint32_t)group;
    }
}

/* Each item is used once at most: a row is read before it is written. */
static void add_item(struct search *s, size_t group)
{
    size_t price = price_of(s, group);
    if (group < s->pivot) {
        s->high += s->high + 1 < s->rows;
        for (size_t row = s->high; row > s->low; row--)
            step(s, row - 1, row, group, price);
    } else {
        s->low -= s->low > 0;
        for (size_t row = s->low; row < s->high; row++)
            step(s, row + 1, row, group, price);
    }
}

/* The row of a solution that pays that much, or s->rows: the pivot group must make up for it. */
static size_t solution(const struct search *s, size_t paid)
{
    int64_t count = s->groups[s->pivot].count;
    for (size_t row = s->low; row <= s->high; row++) {
        int64_t pivots = s->before + (int64_t)row - (int64_t)s->zero;
        if (pivots >= 0 && pivots <= count && reached(s, row, paid))
            return row;
    }
    return s->rows;
}

/* All that can be afforded of a group, or less if nothing is left of the slack: true then. */
static bool explore_group(struct search *s, size_t group)
{
    for (size_t n = affordable(s, group, s->slack); n > 0; n--) {
        add_item(s, group);
        if (solution(s, s->slack) < s->rows)
            return true;
    }
    return false;
}

/* From the pivot outwards, above and below in turn: so it is soon at an end where there are many
 * solutions. */
static void explore(struct search *s)
{
    bool done = false;
    for (size_t d = 1; d < s->count && !done; d++) {
        if (d <= s->pivot)
            done = explore_group(s, s->pivot - d);
        if (s->pivot + d < s->count && !done)
            done = explore_group(s, s->pivot + d);
    }
}

/* A state was first reached by an item behind those of the states before it: so the way back uses
 * no item twice. */
static void apply(struct search *s, size_t row, size_t paid)
{
    s->groups[s->pivot].take = s->before + (int64_t)row - (int64_t)s->zero;
    while (paid) {
        uint32_t group = s->from[row * (s->slack + 1) + paid];
        bool out = group < s->pivot;
        s->groups[group].take += out ? -1 : 1;
        row += out ? -1 : 1;
        paid -= price_of(s, group);
    }
}

int64_t fit_choose(struct fit *f, struct fit_group *groups, size_t count, int64_t need)
{
    struct search s = {.groups = groups, .count = count};
    int64_t slack = take_largest(&s, need);
    if (!slack || take_smallest(&s, need, &slack))
        return slack;
    int64_t unit = common_unit(&s, slack);
    if (!unit)
        return slack;
    s.unit = unit;
    s.slack = (size_t)(slack / unit);
    if (prepare(f, &s) < 0)
        return -1;
    explore(&s);
    size_t paid = s.slack;
    while (solution(&s, paid) == s.rows)
        paid--;
    apply(&s, solution(&s, paid), paid);
    return slack - (int64_t)paid * unit;
}
