/* SPDX-License-Identifier: MIT */
/* order.h - in which order pending jobs are considered (pure).
 *
 * Every order is a number, the smallest first; jobs of the same number stand by priority, then
 * arrival, then id. With r the estimate, n the CPUs, s the submit time (at least 1), w the wait,
 * all times in seconds:
 *
 *   priority   all the same
 *   sjf        r                          shortest job first
 *   sjf2       r, then n
 *   saf        r n                        smallest area first
 *   slowdown   -(w + r) / r               largest expected slowdown first
 *   wfp        -n (w / r)^3               [1], WFP3
 *   unicef     -w / (log2(n) r)           [1]: quick turnaround for small jobs
 *   f1         log10(r) n + 870 log10(s)  [2]
 *   f2         sqrt(r) n + 25600 log10(s)
 *   f3         r n + 6860000 log10(s)
 *   f4         r sqrt(n) + 530000 log10(s)
 *   expr       a formula of one's own over submit, wait, estimate, cpus, memory, priority
 *
 * [1] W. Tang, Z. Lan, N. Desai, D. Buettner, "Fault-aware, utility-based job scheduling on Blue
 *     Gene/P systems", Cluster 2009. [2] D. Carastan-Santos, R. Y. de Camargo, "Obtaining dynamic
 *     scheduling policies with simulation and machine learning", SC'17. */
#pragma once

#include <stdbool.h>

#include "core/expr.h"
#include "core/job.h"

enum order {
    ORDER_PRIORITY,
    ORDER_SJF,
    ORDER_SJF2,
    ORDER_SAF,
    ORDER_SLOWDOWN,
    ORDER_WFP,
    ORDER_UNICEF,
    ORDER_F1,
    ORDER_F2,
    ORDER_F3,
    ORDER_F4,
    ORDER_EXPR,
    ORDERS, /* how many there are */
};

const char *order_name(enum order o);
int order_parse(const char *name); /* -1 if unknown */

/* For expr_parse(). */
extern const char *const order_variables[];

/* Whether the order of two jobs may change as time goes by. x: for ORDER_EXPR, else not used. */
bool order_changes(enum order o, const struct expr *x);
/* key[1] counts where key[0] is the same. estimate_us is the job's, settled (above 0). */
void order_key(enum order o, const struct expr *x, const struct job *j, int64_t estimate_us,
               int64_t now_us, double key[2]);
