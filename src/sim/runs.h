/* SPDX-License-Identifier: MIT */
/* runs.h - what is compared: policies, each with orders of the queue, and shares of malleable jobs.
 */
#pragma once

#include <stddef.h>

#include "core/sched.h"

#define POLICIES     (POLICY_CONSERVATIVE_REBUILD + 1)
#define SHARES_MAX   11 /* 0, 10, ..., 100 % */
#define RUNS_MAX     (POLICIES * ORDERS * SHARES_MAX)
#define RUN_NAME_MAX 96

struct run {
    enum sched_policy policy;
    enum order order;
    enum order
        backfill_order; /* other than `order` only for POLICY_EASY: no other policy has one */
    char setting[RUN_NAME_MAX]; /* "easy", "easy, sjf", "easy, sjf / saf" */
    double malleable;           /* share of the jobs: 0 to 1 */
    char name[RUN_NAME_MAX]; /* the setting; where shares are asked for: "easy, 20 % malleable" */
};

struct runs {
    struct run list[RUNS_MAX]; /* those of one setting in a row */
    size_t count;
    bool malleable; /* shares are asked for */
};

/* What was typed. Lists are comma-separated: each policy with each order and each share. */
struct runs_wanted {
    const char *policies; /* "all": all there are */
    const char *orders;
    const char *backfill_order; /* one name; NULL: as the queue's */
    const char *malleable;      /* percentages; NULL: not asked for */
};

/* 0, or -1 with *e (ERR_USAGE), which names what there is. */
int runs_make(const struct runs_wanted *w, struct runs *r, struct err *e);
/* Whether somebody goes by a formula (ORDER_EXPR). */
bool runs_use_expr(const struct runs *r);
