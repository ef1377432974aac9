/* SPDX-License-Identifier: MIT */
/* runs.h - what is compared: policies, each with orders of the queue. */
#pragma once

#include <stddef.h>

#include "core/sched.h"

#define POLICIES     (POLICY_CONSERVATIVE_REBUILD + 1)
#define RUNS_MAX     (POLICIES * ORDERS)
#define RUN_NAME_MAX 64

struct run {
    enum sched_policy policy;
    enum order order;
    enum order
        backfill_order;      /* other than `order` only for POLICY_EASY: no other policy has one */
    char name[RUN_NAME_MAX]; /* "easy", "easy, sjf", "easy, sjf / saf" */
};

struct runs {
    struct run list[RUNS_MAX];
    size_t count;
};

/* The lists are comma-separated, as they were typed: each policy with each order. "all" stands for
 * all policies. backfill_order: one name; NULL: as the queue's. 0, or -1 with *e (ERR_USAGE), which
 * names what there is. */
int runs_make(const char *policies, const char *orders, const char *backfill_order, struct runs *r,
              struct err *e);
/* Whether somebody goes by a formula (ORDER_EXPR). */
bool runs_use_expr(const struct runs *r);
