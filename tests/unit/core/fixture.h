/* SPDX-License-Identifier: MIT */
/* fixture.h - what the tests of the core share: seconds, and plans beside each other. */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/plan.h"

#define SEC INT64_C(1000000)

/* For sched_config: a time is so many seconds. */
static inline void format_seconds(int64_t us, char *buf, size_t len)
{
    snprintf(buf, len, "%" PRId64, us / SEC);
}

static inline bool plans_equal(const struct plan *a, const struct plan *b)
{
    if (a->count != b->count || a->wake_us != b->wake_us)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->actions[i].job->id != b->actions[i].job->id)
            return false;
    return true;
}
