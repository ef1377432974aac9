// SPDX-License-Identifier: MIT
#include "sim/runs.h"

#include <stdio.h>
#include <string.h>

#include "util/buf.h"
#include "util/number.h"
#include "util/text.h"

/* Something one chooses from by name. */
struct choice {
    const char *option, *what;
    int count;
    const char *(*name)(int value);
    int (*parse)(const char *name);
};

static const char *policy_name(int value)
{
    return sched_policy_name((enum sched_policy)value);
}

static const char *name_of_order(int value)
{
    return order_name((enum order)value);
}

static const struct choice policy_choice = {"--policy", "policy", POLICIES, policy_name,
                                            sched_policy_parse};
static const struct choice order_choice = {"--order", "order", ORDERS, name_of_order, order_parse};
static const struct choice backfill_choice = {"--backfill-order", "order", ORDERS, name_of_order,
                                              order_parse};

static int refuse_name(const struct choice *c, const char *name, struct err *e)
{
    char shown[64];
    struct buf known _cleanup_buf_ = {0};
    for (int i = 0; i < c->count; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", c->name(i));
    if (known.failed)
        return err_nomem(e);
    return err_set(e, ERR_USAGE, "%s: no such %s: %s (there are %s)", c->option, c->what,
                   text_brief(name, shown, sizeof shown), known.data);
}

/* The value of a name; -1 with *e. */
static int parse_name(const struct choice *c, const char *name, struct err *e)
{
    int value = c->parse(name);
    return value < 0 ? refuse_name(c, name, e) : value;
}

/* The values of a comma-separated list, each once; how many, or -1 with *e. */
static int parse_list(const struct choice *c, const char *list, int *values, struct err *e)
{
    bool seen[RUNS_MAX] = {false};
    int count = 0;
    for (const char *end;; list = end + 1) {
        char name[64];
        end = list + strcspn(list, ",");
        snprintf(name, sizeof name, "%.*s", (int)(end - list), list);
        int value = parse_name(c, name, e);
        if (value < 0)
            return -1;
        if (seen[value])
            return err_set(e, ERR_USAGE, "%s: %s is there twice", c->option, name);
        seen[value] = true;
        values[count++] = value;
        if (!*end)
            return count;
    }
}

static int parse_policies(const char *list, int *values, struct err *e)
{
    if (strcmp(list, "all") != 0)
        return parse_list(&policy_choice, list, values, e);
    for (int i = 0; i < POLICIES; i++)
        values[i] = i;
    return POLICIES;
}

static int parse_share(const char *percent, double *share, struct err *e)
{
    if (number_parse_decimal("--malleable", percent, 0, 100, share, e) < 0) {
        e->code = ERR_USAGE;
        return -1;
    }
    *share /= 100;
    return 0;
}

/* Percentages, each once, as shares; how many, or -1 with *e. */
static int parse_shares(const char *list, double shares[SHARES_MAX], struct err *e)
{
    for (int count = 0; count < SHARES_MAX;) {
        char percent[64];
        size_t len = strcspn(list, ",");
        snprintf(percent, sizeof percent, "%.*s", (int)len, list);
        if (parse_share(percent, &shares[count], e) < 0)
            return -1;
        for (int i = 0; i < count; i++)
            if (shares[i] == shares[count])
                return err_set(e, ERR_USAGE, "--malleable: %s is there twice", percent);
        count++;
        if (!list[len])
            return count;
        list += len + 1;
    }
    return err_set(e, ERR_USAGE, "--malleable: more than %d shares", SHARES_MAX);
}

static void name_setting(struct run *r)
{
    const char *policy = sched_policy_name(r->policy), *order = order_name(r->order);
    if (r->backfill_order != r->order)
        snprintf(r->setting, sizeof r->setting, "%s, %s / %s", policy, order,
                 order_name(r->backfill_order));
    else if (r->order != ORDER_PRIORITY)
        snprintf(r->setting, sizeof r->setting, "%s, %s", policy, order);
    else
        snprintf(r->setting, sizeof r->setting, "%s", policy);
}

/* backfill: -1 for the queue's. */
static struct run make_run(int policy, int order, int backfill)
{
    bool own = backfill >= 0 && policy == POLICY_EASY;
    struct run run = {
        .policy = (enum sched_policy)policy,
        .order = (enum order)order,
        .backfill_order = (enum order)(own ? backfill : order),
    };
    name_setting(&run);
    return run;
}

/* It, with each of the shares. */
static void add(struct runs *r, struct run run, const double *shares, int nshares)
{
    for (int i = 0; i < nshares; i++) {
        struct run *added = &r->list[r->count++];
        *added = run;
        added->malleable = shares[i];
        if (r->malleable)
            snprintf(added->name, sizeof added->name, "%.64s, %g %% malleable", run.setting,
                     100 * shares[i]);
        else
            memcpy(added->name, run.setting, sizeof added->name);
    }
}

static bool has_policy(const struct runs *r, enum sched_policy policy)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].policy == policy)
            return true;
    return false;
}

int runs_make(const struct runs_wanted *w, struct runs *r, struct err *e)
{
    int policy[POLICIES] = {0}, order[ORDERS] = {0}, backfill = -1, nshares = 1;
    double shares[SHARES_MAX] = {0};
    int npolicies = parse_policies(w->policies, policy, e);
    int norders = npolicies < 0 ? -1 : parse_list(&order_choice, w->orders, order, e);
    if (norders < 0)
        return -1;
    if (w->backfill_order && (backfill = parse_name(&backfill_choice, w->backfill_order, e)) < 0)
        return -1;
    if (w->malleable && (nshares = parse_shares(w->malleable, shares, e)) < 0)
        return -1;
    r->count = 0;
    r->malleable = w->malleable != NULL;
    for (int i = 0; i < npolicies; i++)
        for (int k = 0; k < norders; k++)
            add(r, make_run(policy[i], order[k], backfill), shares, nshares);
    if (w->backfill_order && !has_policy(r, POLICY_EASY))
        return err_set(e, ERR_USAGE, "--backfill-order: of the policies only easy has one");
    return 0;
}

bool runs_use_expr(const struct runs *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].order == ORDER_EXPR || r->list[i].backfill_order == ORDER_EXPR)
            return true;
    return false;
}
