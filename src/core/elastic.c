// SPDX-License-Identifier: MIT
/* elastic.c - jobs that grow and shrink while they run (malleable jobs; D. G. Feitelson, L.
 * Rudolph, "Toward convergence in job schedulers for parallel supercomputers", JSSPP 1996).
 *
 * A running elastic job is owed its initial CPUs; what it has above them is on loan. The policies
 * know only what jobs are owed: to them a loan is free. Who starts with what is on loan claims it:
 * the loan is called back, and he starts when the CPUs are seen to be unused. So whatever a policy
 * promises holds with elastic jobs as without, but for the time that a shrinking takes.
 *
 * In each pass, in this order:
 *   - who was made to yield is owed again what is free, up to his initial CPUs, before anything
 *     starts;
 *   - the policy starts jobs. Where the first in the queue does not fit, elastic jobs of a lower
 *     priority yield if that lets it start (yield.c): they are owed less, down to their minimum;
 *   - what is free then is divided (shares.c), and lent.
 *
 * Against thrashing: loans are called back at once when they are claimed, but a job that has just
 * started or grown does not grow, nor is it levelled, before a cooldown is over. */
#include "core/world.h"

bool elastic_is_on(const struct sched *s)
{
    return s->elastic.count && !s->config.elastic.disabled && !s->trying;
}

/* Above what goes with its CPUs: of one that was adopted. */
static int64_t memory_kept(const struct job *j)
{
    int64_t with_cpus_mb = j->alloc_cpus * j->mem_per_cpu_mb;
    return with_cpus_mb && j->alloc_mem_mb > with_cpus_mb ? j->alloc_mem_mb - with_cpus_mb : 0;
}

void elastic_started(struct sched *s, struct node *n, int64_t now_us)
{
    n->target_cpus = n->job.alloc_cpus;
    if (!n->job.elastic || !place_is_known(s, &n->job))
        return;
    n->kept_mb = memory_kept(&n->job);
    n->grown_us = now_us;
    n->asked = false;
    n->fresh = true;
    roster_add(&s->elastic, n);
}

/* What is idle, or on its way to be, beside what is claimed. */
static struct amount spare(const struct sched *s)
{
    struct amount left = s->idle;
    for (size_t i = 0; i < s->claims.count; i++)
        amount_take(&left, &s->claims.nodes[i]->need);
    for (size_t i = 0; i < s->elastic.count; i++) {
        const struct node *n = s->elastic.nodes[i];
        struct amount back = world_cpus_of(n, n->job.alloc_cpus - n->target_cpus);
        amount_add(&left, &back);
    }
    return left;
}

bool elastic_lent(const struct sched *s, const struct amount *need)
{
    if (!elastic_is_on(s))
        return false;
    struct amount left = spare(s);
    amount_least(&left, &s->idle);
    return !amount_fits(need, &left);
}

/* --- what is owed ----------------------------------------------------------------------------- */

static int64_t initial(const struct sched *s, const struct job *j)
{
    int64_t most = shares_most(s, j);
    return j->cpus < most ? j->cpus : most;
}

void elastic_owe(struct pass *p, struct node *n, int64_t cpus)
{
    struct amount more = world_cpus_of(n, cpus);
    if (p->sched->trying)
        n->tried_cpus += cpus;
    else if (cpus > 0 && n->need.cpus + cpus >= initial(p->sched, &n->job))
        n->gave_way = false;
    world_owe(p->sched, n, cpus, p->now_us);
    amount_take(&p->free, &more);
}

/* So many more at most, for what there is. */
static int64_t affordable(const struct node *n, int64_t cpus, const struct amount *from)
{
    int64_t per_cpu_mb = n->job.mem_per_cpu_mb;
    if (cpus > from->cpus)
        cpus = from->cpus;
    if (per_cpu_mb && cpus > from->mem_mb / per_cpu_mb)
        cpus = from->mem_mb / per_cpu_mb;
    return cpus > 0 ? cpus : 0;
}

static void regain(struct pass *p, struct node *n)
{
    int64_t missing = initial(p->sched, &n->job) - n->need.cpus;
    int64_t cpus = affordable(n, missing, &p->free);
    if (cpus)
        elastic_owe(p, n, cpus);
}

static void regain_all(struct pass *p)
{
    for (size_t i = 0; i < p->sched->elastic.count; i++) {
        p->sched->elastic.nodes[i]->fresh = false;
        regain(p, p->sched->elastic.nodes[i]);
    }
}

/* What has come back starts the jobs that claimed it. */
static int start_claims(struct pass *p)
{
    struct sched *s = p->sched;
    for (size_t i = 0; i < s->claims.count;) {
        struct node *n = s->claims.nodes[i];
        struct action start = {.type = ACTION_START, .job = &n->job, .backfilled = n->backfilled};
        if (!amount_fits(&n->need, &s->idle)) {
            i++;
            continue;
        }
        if (world_redeem(s, n, p->now_us) < 0 || plan_add(p->plan, &start) < 0)
            return -1;
    }
    return 0;
}

int elastic_begin(struct pass *p)
{
    struct sched *s = p->sched;
    s->recall = NULL;
    if (!s->trying && start_claims(p) < 0)
        return -1;
    if (elastic_is_on(s))
        regain_all(p);
    return 0;
}

/* --- loans ------------------------------------------------------------------------------------ */

/* Whether it may be changed just to make things better; if not, when. */
static bool is_settled(struct pass *p, const struct node *n)
{
    int64_t until_us = n->grown_us + p->sched->config.elastic.cooldown_us;
    if (!n->fresh && (n->asked || p->now_us >= until_us))
        return true;
    pass_wake_at(p, until_us);
    return false;
}

/* For whom n gives something up; 0 if he runs already, on what another gave back. */
static int64_t claimant(const struct sched *s, const struct node *n, enum resize_reason why)
{
    if (s->recall && why == RESIZE_LOAN)
        return s->recall->job.id;
    for (size_t i = 0; i < s->claims.count; i++) {
        const struct job *j = &s->claims.nodes[i]->job;
        if (why == RESIZE_LOAN || (why == RESIZE_YIELD && j->priority > n->job.priority))
            return j->id;
    }
    return 0;
}

static int plan_resize(struct pass *p, const struct node *n, int64_t from, enum resize_reason why)
{
    bool grows = n->target_cpus > from;
    struct action resize = {
        .type = ACTION_RESIZE,
        .job = &n->job,
        .reason = why,
        .for_job = claimant(p->sched, n, why),
        .from_cpus = from,
        .to_cpus = n->target_cpus,
        .to_mem_mb = world_due_mem_mb(n),
        .to_set = grows ? &n->job.alloc_set : &n->target_set,
    };
    return plan_add(p->plan, &resize);
}

static int call_back(struct pass *p, struct node *n, enum resize_reason why)
{
    int64_t from = n->target_cpus;
    if (world_shrink(p->sched, n, from - n->share_cpus) < 0)
        return -1;
    return plan_resize(p, n, from, why);
}

/* It has more than its share. */
static int shrink(struct pass *p, struct node *n, bool claimed)
{
    const struct sched *s = p->sched;
    int64_t step = s->config.elastic.step;
    if (n->target_cpus > shares_most(s, &n->job))
        return call_back(p, n, n->job.wanted_cpus ? RESIZE_ASKED : RESIZE_FEWER);
    if (n->share_cpus < initial(s, &n->job) && n->gave_way)
        return call_back(p, n, RESIZE_YIELD);
    if (claimed)
        return call_back(p, n, RESIZE_LOAN);
    if (n->target_cpus - n->share_cpus < step || !is_settled(p, n))
        return 0;
    return call_back(p, n, RESIZE_BALANCE);
}

/* One order after the other, so that whoever claims something waits for two graces at the most. */
static int shrink_all(struct pass *p)
{
    const struct sched *s = p->sched;
    struct amount left = spare(s);
    bool claimed = s->recall || left.cpus < 0 || left.mem_mb < 0 || left.gpus < 0;
    for (size_t i = 0; i < s->elastic.count; i++) {
        struct node *n = s->elastic.nodes[i];
        if (!world_is_shrinking(n) && n->target_cpus > n->share_cpus && shrink(p, n, claimed) < 0)
            return -1;
    }
    return 0;
}

/* How many more it may get before the machine's utilisation, the mean of what is held of its CPUs
 * and of its memory, reaches the threshold. */
static int64_t below_threshold(const struct sched *s, const struct node *n, int64_t cpus)
{
    double threshold = (double)s->config.elastic.threshold_pct / 100;
    double cpu = 1 / (double)s->total.cpus, mem = 1 / (double)s->total.mem_mb;
    double used = (double)(s->total.cpus - s->idle.cpus) * cpu +
                  (double)(s->total.mem_mb - s->idle.mem_mb) * mem;
    double each = cpu + (double)n->job.mem_per_cpu_mb * mem;
    if (threshold <= 0 || threshold >= 1)
        return cpus;
    int64_t most = 0;
    while (most < cpus && (used + (double)most * each) / 2 < threshold)
        most++;
    return most;
}

/* It has less than its share; what it is owed it gets in any case. */
static int grow(struct pass *p, struct node *n)
{
    struct sched *s = p->sched;
    const int64_t from = n->job.alloc_cpus;
    int64_t cpus = affordable(n, n->share_cpus - from, &s->idle);
    int64_t owed = affordable(n, n->need.cpus - from, &s->idle);
    int64_t loan = below_threshold(s, n, cpus) - owed;
    enum resize_reason why = owed > 0 ? RESIZE_REGAIN : n->asked ? RESIZE_ASKED : RESIZE_IDLE;
    if (loan <= 0 || loan < s->config.elastic.step || !is_settled(p, n))
        loan = 0;
    cpus = owed + loan;
    if (!cpus)
        return 0;
    if (world_grow(s, n, cpus) < 0)
        return -1;
    n->grown_us = p->now_us;
    return plan_resize(p, n, from, why);
}

static int grow_all(struct pass *p)
{
    const struct sched *s = p->sched;
    for (size_t i = 0; i < s->elastic.count; i++) {
        struct node *n = s->elastic.nodes[i];
        if (!world_is_shrinking(n) && n->share_cpus > n->job.alloc_cpus && grow(p, n) < 0)
            return -1;
        n->asked = n->asked && n->share_cpus != n->target_cpus;
    }
    return 0;
}

int elastic_end(struct pass *p)
{
    struct sched *s = p->sched;
    if (!elastic_is_on(s))
        return 0;
    shares_divide(s);
    if (shrink_all(p) < 0)
        return -1;
    /* What is idle now is for those. */
    return s->claims.count || s->recall ? 0 : grow_all(p);
}
