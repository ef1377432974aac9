// SPDX-License-Identifier: MIT
#include "sim/malleable.h"

#include <math.h>
#include <stdlib.h>

#include "util/cleanup.h"

/* 0.7 times 10 is 7, though not in binary. */
#define SLACK 1e-9

/* A number that is as good as random, and another one for each job: splitmix64 (G. L. Steele,
 * D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). */
static uint64_t lot(uint64_t seed, size_t job)
{
    uint64_t z = seed * UINT64_C(0xD1342543DE82EF95) + (job + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

bool *malleable_draw(const struct malleable_options *o, size_t count)
{
    size_t wanted = (size_t)llround(o->share * (double)count);
    _cleanup_free_ uint64_t *lots = calloc(count + 1, sizeof *lots);
    bool *drawn = calloc(count + 1, sizeof *drawn);
    if (!lots || !drawn) {
        free(drawn);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        lots[i] = lot(o->seed, i);
    qsort(lots, count, sizeof *lots, by_size);
    /* Those with the smallest lots: a larger share adds to them. */
    for (size_t i = 0; i < count && wanted; i++)
        drawn[i] = lot(o->seed, i) <= lots[wanted - 1];
    return drawn;
}

int64_t malleable_least(const struct malleable_options *o, int64_t cpus)
{
    double least = ceil((double)cpus * o->min - SLACK);
    return least > 1 ? (int64_t)least : 1;
}

int64_t malleable_most(const struct malleable_options *o, int64_t cpus, int64_t machine)
{
    double most = floor((double)cpus * o->max + SLACK);
    return most < (double)machine ? (int64_t)most : machine;
}
