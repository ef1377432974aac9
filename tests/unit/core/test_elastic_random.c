// SPDX-License-Identifier: MIT
/* test_elastic_random.c - elastic jobs in random worlds, under every policy: after each event what
 * is free and idle equals a naive recomputation, nothing is oversubscribed, CPU sets are disjoint,
 * and every job has what it may have. Below its initial CPUs a job is shrunk for a higher priority
 * only. When nothing happens any more resizing ends: no claim is left, loans are shared fairly, and
 * nothing is idle that somebody could use. */
#include "core/world.h"
#include "dice.h"
#include "fixture.h"
#include "tap.h"

#define EVENTS  400
#define WORLDS  2000
#define LONG    10000
#define ORDERS  256
#define UNQUIET 40 /* passes, and the orders they give carried out */

/* An order to shrink which is on its way. */
struct order_out {
    int64_t job, generation, mem_mb;
};

struct elastic_world {
    struct sched *s;
    struct plan plan;
    struct order_out out[ORDERS];
    int nout;
    bool wished[8 * LONG]; /* jobs that gave back what they were owed, once */
    int64_t now_us, resizes;
};

/* Switches with up to three nodes, of up to three CPUs each. */
static struct topology *random_tree(int cpus)
{
    struct err e = {0};
    struct topology_builder *b = topology_builder_create(&e);
    int root = topology_builder_add_switch(b, -1, "root", TOPOLOGY_SWITCH, &e), leaf = root;
    for (int next = 0, node = 0; next < cpus; node++) {
        int numbers[3], count = 0;
        char name[16];
        for (int64_t size = 1 + rnd(3); size > 0 && next < cpus; size--)
            numbers[count++] = next++;
        snprintf(name, sizeof name, "n%d", node);
        if (node == 0 || rnd(3) == 0)
            leaf = topology_builder_add_switch(b, root, NULL, TOPOLOGY_SWITCH, &e);
        topology_builder_add_node(b, leaf, name, numbers, count, 0, &e);
    }
    struct topology *t = topology_build(b, &e);
    topology_builder_free(b);
    return t;
}

static struct sched *new_sched(uint64_t number)
{
    int cpus = 2 + (int)rnd(14);
    struct sched_config c = {
        .cpus = cpus,
        .mem_mb = 1000,
        .gpus = 2,
        .policy = (enum sched_policy)(number % 5),
        .reservations = (int64_t)(number / 11 % 3),
        .format_time = format_seconds,
        .elastic =
            {
                .share = (enum elastic_share)(number / 5 % 2),
                .cooldown_us = rnd(3) * 4,
                .step = 1 + rnd(2),
                .threshold_pct = rnd(4) ? 100 : 60,
            },
    };
    c.topology = random_tree(cpus);
    struct err e = {0};
    return sched_create(&c, &e);
}

/* --- what is wrong with the world ------------------------------------------------------------- */

static bool in_bounds(const struct sched *s, const struct node *n)
{
    const struct job *j = &n->job;
    int64_t max = j->max_cpus ? j->max_cpus : s->total.cpus;
    if (!j->elastic)
        return j->alloc_cpus == n->need.cpus && j->alloc_cpus >= j->cpus;
    return j->alloc_cpus <= max && n->target_cpus <= j->alloc_cpus &&
           n->target_cpus >= j->min_cpus && n->need.cpus >= j->min_cpus && n->need.cpus <= j->cpus;
}

static const char *wrong_with_one(const struct sched *s, const struct node *n, struct cpuset *held)
{
    const struct cpuset *set = &n->job.alloc_set;
    if (!in_bounds(s, n))
        return "a job has less than its minimum, or more than its maximum";
    if (cpuset_count(set) != n->job.alloc_cpus)
        return "a job's set is not as large as its allocation";
    if (cpuset_overlaps(held, set) || cpuset_overlaps(placement_free(s->placement), set))
        return "two have the same CPU";
    for (int cpu = cpuset_next(set, 0); cpu >= 0; cpu = cpuset_next(set, cpu + 1))
        cpuset_add(held, cpu);
    return NULL;
}

static bool amounts_equal(const struct amount *a, const struct amount *b)
{
    return a->cpus == b->cpus && a->mem_mb == b->mem_mb && a->gpus == b->gpus;
}

static const char *wrong_with(const struct sched *s)
{
    struct amount unowed = s->total, idle = s->total;
    struct cpuset held = {0};
    const char *wrong = NULL;
    for (size_t i = 0; i < s->running.count && !wrong; i++) {
        const struct node *n = s->running.nodes[i];
        struct amount holds = {n->job.alloc_cpus, n->job.alloc_mem_mb, n->job.gpus};
        amount_take(&unowed, &n->need);
        if (n->where == IN_CLAIMS)
            continue;
        amount_take(&idle, &holds);
        wrong = wrong_with_one(s, n, &held);
    }
    if (!wrong && cpuset_count(&held) + cpuset_count(placement_free(s->placement)) != s->total.cpus)
        wrong = "a CPU is lost";
    cpuset_free(&held);
    if (!wrong && (!amounts_equal(&idle, &s->idle) || !amounts_equal(&unowed, &s->free)))
        wrong = "what is idle or free is not what nobody has or is owed";
    if (!wrong && (idle.cpus < 0 || idle.mem_mb < 0 || idle.gpus < 0 || unowed.cpus < 0))
        wrong = "oversubscribed";
    return wrong;
}

/* --- what happens ----------------------------------------------------------------------------- */

static void be_particular(struct job *j)
{
    j->exclusive = rnd(8) == 0;
    j->nodes = rnd(8) ? 0 : 1 + rnd(3);
    j->max_switches = rnd(8) ? 0 : 1 + rnd(2);
    j->switches_wait_us = rnd(2) * 20;
    if (j->nodes && j->cpus > j->nodes)
        j->cpus = j->nodes;
}

/* Which the caller frees. */
static void be_an_array(struct job *j)
{
    char text[32];
    snprintf(text, sizeof text, "0-%d", (int)rnd(8));
    taskset_parse("tasks", text, &j->tasks, NULL, NULL);
    j->array_id = j->id;
    j->array_limit = rnd(3);
    j->task = -1;
}

static struct job random_job(struct elastic_world *w)
{
    int64_t total = w->s->total.cpus, cpus = 1 + rnd(total);
    struct job j = {
        .id = w->s->next_id,
        .priority = (int)rnd(3),
        .submit_us = w->now_us,
        .cpus = cpus,
        .mem_mb = 1 + rnd(200),
        .gpus = rnd(8) ? 0 : 1,
        .limit_us = 1 + rnd(60),
        .elastic = rnd(2),
    };
    if (rnd(6) == 0)
        be_an_array(&j);
    if (!j.elastic) {
        be_particular(&j);
        return j;
    }
    j.min_cpus = 1 + rnd(cpus);
    j.max_cpus = rnd(2) ? 0 : cpus + rnd(total - cpus + 1);
    if (rnd(3) == 0) {
        j.mem_per_cpu_mb = 1 + rnd(40);
        j.mem_mb = j.mem_per_cpu_mb * cpus;
    }
    return j;
}

static struct event end_of_one(const struct elastic_world *w)
{
    const struct node *n = w->s->running.nodes[rnd((int64_t)w->s->running.count)];
    bool claims = n->where == IN_CLAIMS;
    return (struct event){.type = claims ? EVENT_CANCEL : EVENT_FINISH, .id = n->job.id};
}

static struct event wish_of_one(struct elastic_world *w)
{
    const struct job *j = &w->s->elastic.nodes[rnd((int64_t)w->s->elastic.count)]->job;
    w->wished[j->id] = true;
    int64_t max = j->max_cpus ? j->max_cpus : w->s->total.cpus;
    int64_t cpus = rnd(3) ? j->min_cpus + rnd(max - j->min_cpus + 1) : 0;
    return (struct event){.type = EVENT_RESIZE, .id = j->id, .cpus = cpus};
}

/* An order is seen to be carried out; some of the memory may still be in use. */
static struct event order_done(struct elastic_world *w, int which)
{
    struct order_out o = w->out[which];
    const struct job *j = sched_job(w->s, o.job);
    w->out[which] = w->out[--w->nout];
    if (!j || j->state != JOB_RUNNING)
        return (struct event){.type = EVENT_TICK};
    bool keeps = j->mem_per_cpu_mb && rnd(5) == 0 && o.mem_mb < j->alloc_mem_mb;
    return (struct event){.type = EVENT_RESIZED,
                          .id = o.job,
                          .generation = o.generation,
                          .mem_mb = o.mem_mb + (keeps ? 1 : 0)};
}

static bool anybody_above(const struct sched *s, int priority)
{
    for (size_t i = 0; i < s->running.count; i++)
        if (s->running.nodes[i]->job.priority > priority)
            return true;
    return false;
}

static bool yields_rightly(const struct elastic_world *w, const struct action *a)
{
    const struct job *j = a->job, *to = sched_job(w->s, a->for_job);
    if (a->to_cpus >= j->cpus || a->to_cpus > a->from_cpus || a->reason == RESIZE_ASKED)
        return true;
    if (w->wished[j->id])
        return true;
    bool higher = to ? to->priority > j->priority : !a->for_job && anybody_above(w->s, j->priority);
    return a->reason == RESIZE_YIELD && higher;
}

static const char *note_plan(struct elastic_world *w)
{
    for (size_t i = 0; i < w->plan.count; i++) {
        const struct action *a = &w->plan.actions[i];
        if (a->type != ACTION_RESIZE)
            continue;
        w->resizes++;
        if (!yields_rightly(w, a))
            return "shrunk below its initial CPUs, and not for a higher priority";
        if (a->to_cpus >= a->from_cpus)
            continue;
        if (w->nout == ORDERS)
            return "too many orders are on their way";
        w->out[w->nout++] = (struct order_out){a->job->id, a->job->generation, a->to_mem_mb};
    }
    return NULL;
}

static const char *step(struct elastic_world *w, struct event ev)
{
    struct err e = {0};
    ev.now_us = w->now_us;
    if (sched_apply(w->s, &ev, &e) < 0 || sched_pass(w->s, w->now_us, &w->plan, &e) < 0)
        return "an event, or a pass, failed";
    const char *wrong = note_plan(w);
    return wrong ? wrong : wrong_with(w->s);
}

static const char *random_event(struct elastic_world *w)
{
    int64_t die = rnd(12);
    if (die < 5 && w->s->pending < 30) {
        struct job j = random_job(w);
        const char *wrong = step(w, (struct event){.type = EVENT_SUBMIT, .id = j.id, .job = &j});
        taskset_free(&j.tasks);
        return wrong;
    }
    if (die < 8 && w->s->running.count)
        return step(w, end_of_one(w));
    if (die < 9 && w->s->elastic.count)
        return step(w, wish_of_one(w));
    if (w->nout)
        return step(w, order_done(w, (int)rnd(w->nout)));
    return step(w, (struct event){.type = EVENT_TICK});
}

/* --- when nothing happens any more ------------------------------------------------------------ */

/* The next order is carried out, or if there is none, the scheduler's next time has come. Whether
 * anything was to be done. */
static bool calm_down(struct elastic_world *w, const char **wrong)
{
    if (w->nout) {
        *wrong = step(w, order_done(w, 0));
        return true;
    }
    w->now_us += 2 * w->s->config.elastic.cooldown_us + 1;
    *wrong = step(w, (struct event){.type = EVENT_TICK});
    return w->plan.count > 0;
}

static bool may_grow(const struct sched *s, const struct node *n, int64_t by)
{
    return n->job.alloc_cpus + by <= shares_most(s, &n->job);
}

/* One has more than the other, and could lend him some of that. */
static bool is_unfair(const struct sched *s, const struct node *rich, const struct node *poor)
{
    int64_t step = s->config.elastic.step;
    int64_t lent = rich->job.alloc_cpus - rich->need.cpus;
    return step == 1 && lent >= 1 && rich->job.alloc_cpus - poor->job.alloc_cpus > 1 &&
           may_grow(s, poor, 1);
}

static bool any_follows_memory(const struct sched *s)
{
    for (size_t i = 0; i < s->elastic.count; i++)
        if (s->elastic.nodes[i]->job.mem_per_cpu_mb)
            return true;
    return false;
}

static const char *wrong_when_quiet(const struct elastic_world *w)
{
    const struct sched *s = w->s;
    if (!s->running.count && s->queues[QUEUE_MAIN].count && !w->plan.wake_us)
        return "nobody runs, and somebody waits for nothing";
    bool bounded = s->config.elastic.threshold_pct < 100 || any_follows_memory(s);
    /* Less than a step for each may be left. */
    bool idle = s->idle.cpus >= s->config.elastic.step * (int64_t)s->elastic.count;
    for (size_t i = 0; i < s->claims.count; i++)
        if (s->claims.nodes[i]->need.mem_mb <= s->idle.mem_mb)
            return "a loan does not return";
    for (size_t i = 0; i < s->elastic.count && !bounded && !s->claims.count; i++) {
        const struct node *n = s->elastic.nodes[i];
        if (idle && may_grow(s, n, s->config.elastic.step))
            return "CPUs are idle which a job could use";
        for (size_t k = 0; k < s->elastic.count && s->config.elastic.share == SHARE_EQUAL; k++)
            if (is_unfair(s, s->elastic.nodes[k], n))
                return "loans are not shared equally";
    }
    return NULL;
}

static const char *settle(struct elastic_world *w)
{
    const char *wrong = NULL;
    for (int i = 0; i < UNQUIET && !wrong; i++)
        if (!calm_down(w, &wrong))
            return wrong ? wrong : wrong_when_quiet(w);
    return wrong ? wrong : "resizing does not end";
}

/* ---------------------------------------------------------------------------------------------- */

static int64_t resized;

static const char *run_events(uint64_t number, int events)
{
    struct elastic_world w = {.s = new_sched(number), .now_us = 1};
    const char *wrong = w.s ? NULL : "no memory";
    for (int i = 0; i < events && !wrong; i++, w.now_us += rnd(2)) {
        wrong = random_event(&w);
        if (!wrong && rnd(40) == 0)
            wrong = settle(&w);
    }
    resized += w.resizes;
    topology_free((struct topology *)w.s->config.topology);
    sched_destroy(w.s);
    plan_free(&w.plan);
    return wrong;
}

static const char *run_world(uint64_t number)
{
    return run_events(number, EVENTS);
}

static const char *run_long(uint64_t number)
{
    return run_events(number, LONG);
}

int main(void)
{
    ok(!dice_try(WORLDS, run_world), "%d random worlds with elastic jobs", WORLDS);
    ok(!dice_try(10, run_long), "10 worlds of %d events", LONG);
    ok(resized > WORLDS, "%" PRId64 " resizes", resized);
    return done_testing();
}
