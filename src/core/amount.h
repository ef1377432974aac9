/* SPDX-License-Identifier: MIT */
/* amount.h - how much of each resource, and for how long (pure; plain data). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct amount {
    int64_t cpus, mem_mb, gpus;
};

static inline bool amount_fits(const struct amount *need, const struct amount *have)
{
    return need->cpus <= have->cpus && need->mem_mb <= have->mem_mb && need->gpus <= have->gpus;
}

static inline void amount_add(struct amount *to, const struct amount *a)
{
    to->cpus += a->cpus;
    to->mem_mb += a->mem_mb;
    to->gpus += a->gpus;
}

static inline void amount_take(struct amount *from, const struct amount *a)
{
    from->cpus -= a->cpus;
    from->mem_mb -= a->mem_mb;
    from->gpus -= a->gpus;
}

/* A time so much later, at the most the last there is. */
static inline int64_t time_after(int64_t at_us, int64_t duration_us)
{
    return at_us < INT64_MAX - duration_us ? at_us + duration_us : INT64_MAX;
}

/* The less of each. */
static inline void amount_least(struct amount *to, const struct amount *a)
{
    to->cpus = to->cpus < a->cpus ? to->cpus : a->cpus;
    to->mem_mb = to->mem_mb < a->mem_mb ? to->mem_mb : a->mem_mb;
    to->gpus = to->gpus < a->gpus ? to->gpus : a->gpus;
}
