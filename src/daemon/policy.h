/* SPDX-License-Identifier: MIT */
/* policy.h - the scheduler's options that say who starts when, as the core has them. */
#pragma once

#include "core/sched.h"

struct policy_options {
    const char *policy, *order;
    const char *backfill_order; /* NULL: as order */
    const char *order_expr;     /* NULL: none */
    int64_t reservations;
    int64_t default_time_us;
    const char *elastic_order;
    const char *elastic_cooldown; /* a duration, or 0 */
    int64_t elastic_threshold_pct, elastic_step;
    bool disable_elastic;
};

/* Sets these fields of *c; c->order_expr is to expr_free(). 0, or -1 with ERR_USAGE. */
int policy_configure(const struct policy_options *o, struct sched_config *c, struct err *e);
