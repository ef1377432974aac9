/* SPDX-License-Identifier: MIT */
/* dice.h - random worlds that can be had again: each is made from its number.
 *
 *     static const char *run_world(uint64_t number) { ... rnd(6) ...; return wrong; }
 *
 *     ok(!dice_try(1000, run_world), "1000 random worlds");
 *
 * With SEED=number in the environment that world is the first. */
#pragma once

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t dice = UINT64_C(88172645463325252);

/* From 0 on, less than below. (G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software
 * 8(14), 2003.) */
static inline int64_t rnd(int64_t below)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice % (uint64_t)below);
}

static inline void dice_take(uint64_t number)
{
    dice = number * UINT64_C(0x9E3779B97F4A7C15) | 1;
}

/* Runs so many worlds until one says what is wrong, which is returned, and printed with its number;
 * NULL if none does. */
static inline const char *dice_try(int worlds, const char *(*run)(uint64_t number))
{
    const char *given = getenv("SEED");
    uint64_t number = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    const char *wrong = NULL;
    printf("# SEED=%" PRIu64 "\n", number);
    for (int i = 0; i < worlds && !wrong; i++, number++) {
        dice_take(number);
        wrong = run(number);
        if (wrong)
            printf("# with SEED=%" PRIu64 ": %s\n", number, wrong);
    }
    return wrong;
}
