// SPDX-License-Identifier: MIT
#include "daemon/policy.h"

#include <strings.h>

#include "util/times.h"

static int unknown(struct err *e, const char *option, const char *word, const char *known)
{
    return err_set(e, ERR_USAGE, "%s %s: no such %s (%s)", option, word, option + 2, known);
}

static int parse_order(const char *option, const char *word, enum order *to, struct err *e)
{
    int o = order_parse(word);
    if (o < 0)
        return unknown(e, option, word,
                       "priority, sjf, sjf2, saf, slowdown, wfp, unicef, f1, f2, f3, f4, expr");
    *to = (enum order)o;
    return 0;
}

static int parse_expr(const struct policy_options *o, struct sched_config *c, struct err *e)
{
    bool wanted = c->order == ORDER_EXPR || c->backfill_order == ORDER_EXPR;
    if (wanted != (o->order_expr != NULL))
        return err_set(e, ERR_USAGE,
                       wanted ? "the order expr needs a formula: --order-expr"
                              : "--order-expr is not used: add --order expr");
    if (!wanted)
        return 0;
    c->order_expr = expr_parse("--order-expr", o->order_expr, order_variables, e);
    if (!c->order_expr && e->code == ERR_INVALID)
        e->code = ERR_USAGE;
    return c->order_expr ? 0 : -1;
}

/* A formula is for the queue, unless it is said to be for those who may pass. */
static const char *default_order(const struct policy_options *o)
{
    bool backfill = o->backfill_order && strcasecmp(o->backfill_order, "expr") == 0;
    return o->order_expr && !backfill ? "expr" : "priority";
}

static int configure_elastic(const struct policy_options *o, struct elastic_config *c,
                             struct err *e)
{
    int share = elastic_share_parse(o->elastic_order);
    if (share < 0)
        return unknown(e, "--elastic-order", o->elastic_order, "equal, priority");
    *c = (struct elastic_config){
        .disabled = o->disable_elastic,
        .share = (enum elastic_share)share,
        .threshold_pct = o->elastic_threshold_pct,
        .step = o->elastic_step,
    };
    if (delay_parse_us("--elastic-cooldown", o->elastic_cooldown, &c->cooldown_us, e) == 0)
        return 0;
    e->code = ERR_USAGE;
    return -1;
}

int policy_configure(const struct policy_options *o, struct sched_config *c, struct err *e)
{
    const char *order = o->order ? o->order : default_order(o);
    int policy = sched_policy_parse(o->policy);
    if (policy < 0)
        return unknown(e, "--policy", o->policy,
                       "fifo, greedy, easy, conservative, conservative-rebuild");
    c->policy = (enum sched_policy)policy;
    c->reservations = o->reservations;
    c->estimate_us = o->default_time_us;
    if (parse_order("--order", order, &c->order, e) < 0 ||
        parse_order("--backfill-order", o->backfill_order ? o->backfill_order : order,
                    &c->backfill_order, e) < 0 ||
        configure_elastic(o, &c->elastic, e) < 0)
        return -1;
    return parse_expr(o, c, e);
}
