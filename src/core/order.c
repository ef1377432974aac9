// SPDX-License-Identifier: MIT
#include "core/order.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *const names[ORDERS] = {
    [ORDER_PRIORITY] = "priority",
    [ORDER_SJF] = "sjf",
    [ORDER_SJF2] = "sjf2",
    [ORDER_SAF] = "saf",
    [ORDER_SLOWDOWN] = "slowdown",
    [ORDER_WFP] = "wfp",
    [ORDER_UNICEF] = "unicef",
    [ORDER_F1] = "f1",
    [ORDER_F2] = "f2",
    [ORDER_F3] = "f3",
    [ORDER_F4] = "f4",
    [ORDER_EXPR] = "expr",
};

enum { VAR_SUBMIT, VAR_WAIT, VAR_ESTIMATE, VAR_CPUS, VAR_MEMORY, VAR_PRIORITY, VARS };
const char *const order_variables[] = {
    [VAR_SUBMIT] = "submit", [VAR_WAIT] = "wait",     [VAR_ESTIMATE] = "estimate",
    [VAR_CPUS] = "cpus",     [VAR_MEMORY] = "memory", [VAR_PRIORITY] = "priority",
    [VARS] = NULL,
};

const char *order_name(enum order o)
{
    return names[o];
}

int order_parse(const char *name)
{
    for (int i = 0; i < ORDERS; i++)
        if (strcasecmp(name, names[i]) == 0)
            return i;
    return -1;
}

bool order_changes(enum order o, const struct expr *x)
{
    if (o == ORDER_EXPR)
        return expr_uses(x, VAR_WAIT);
    return o == ORDER_SLOWDOWN || o == ORDER_WFP || o == ORDER_UNICEF;
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

static double formula(const struct expr *x, const struct job *j, double r, double w)
{
    const double values[VARS] = {
        [VAR_SUBMIT] = seconds(j->submit_us),
        [VAR_WAIT] = w,
        [VAR_ESTIMATE] = r,
        [VAR_CPUS] = (double)j->cpus,
        [VAR_MEMORY] = (double)j->mem_mb,
        [VAR_PRIORITY] = j->priority,
    };
    return expr_value(x, values);
}

void order_key(enum order o, const struct expr *x, const struct job *j, int64_t estimate_us,
               int64_t now_us, double key[2])
{
    double r = seconds(estimate_us), n = (double)j->cpus;
    double w = seconds(now_us - j->submit_us), s = seconds(j->submit_us);
    double share = -w / r;
    s = s > 1 ? s : 1;
    key[0] = key[1] = 0;
    switch (o) {
    case ORDER_PRIORITY:
    case ORDERS:
        break;
    case ORDER_SJF2:
        key[1] = n;
        /* fall through */
    case ORDER_SJF:
        key[0] = r;
        break;
    case ORDER_SAF:
        key[0] = r * n;
        break;
    case ORDER_SLOWDOWN:
        key[0] = -(w + r) / r;
        break;
    case ORDER_WFP:
        key[0] = n * (share * share * share);
        break;
    case ORDER_UNICEF:
        key[0] = -w / (log2(n > 1 ? n : 1) * r);
        break;
    case ORDER_F1:
        key[0] = log10(r) * n + 870 * log10(s);
        break;
    case ORDER_F2:
        key[0] = sqrt(r) * n + 25600 * log10(s);
        break;
    case ORDER_F3:
        key[0] = r * n + 6860000 * log10(s);
        break;
    case ORDER_F4:
        key[0] = r * sqrt(n) + 530000 * log10(s);
        break;
    case ORDER_EXPR:
        key[0] = formula(x, j, r, w);
        break;
    }
    if (isnan(key[0])) /* 0 / 0: a job of one CPU that has not waited */
        key[0] = 0;
}
