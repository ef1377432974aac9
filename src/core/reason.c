// SPDX-License-Identifier: MIT
/* reason.c - why a pending job waits, in words. Made when somebody asks, from the world as it is.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world.h"

/* A text of bounded size that is appended to. */
struct words {
    char *buf;
    size_t len, used;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w, const char *fmt, ...)
{
    if (w->used >= w->len)
        return;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(w->buf + w->used, w->len - w->used, fmt, ap);
    va_end(ap);
    if (n > 0)
        w->used += (size_t)n;
}

static void say_time(struct words *w, const struct sched *s, int64_t us)
{
    char text[64] = "";
    s->config.format_time(us, text, sizeof text);
    say(w, "%s", text);
}

static int64_t max0(int64_t n)
{
    return n > 0 ? n : 0;
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* Of a job that is particular: "2 whole nodes on at most 1 switch". */
static void say_place(struct words *w, const struct job *j)
{
    if (j->nodes)
        say(w, "%" PRId64 " whole node%s", j->nodes, plural(j->nodes));
    else if (j->whole_cores)
        say(w, "%" PRId64 " whole core%s", j->cpus, plural(j->cpus));
    else
        say(w, "%" PRId64 " CPU%s%s", j->cpus, plural(j->cpus),
            j->exclusive ? " of whole nodes" : "");
    if (j->nodes && j->cpus > j->nodes)
        say(w, " for %" PRId64 " CPUs", j->cpus);
    if (j->max_switches)
        say(w, " on at most %" PRId64 " switch%s", j->max_switches,
            j->max_switches == 1 ? "" : "es");
}

static void say_never(struct words *w, const struct sched *s, const struct node *n)
{
    say(w, "can never start here: needs ");
    if (n->need.cpus > s->total.cpus && place_is_particular(s, &n->job)) {
        say_place(w, &n->job);
        say(w, ", and there is no such place");
    } else if (n->need.cpus > s->total.cpus)
        say(w, "%" PRId64 " CPUs, the scheduler has %" PRId64, n->need.cpus, s->total.cpus);
    else if (n->need.mem_mb > s->total.mem_mb)
        say(w, "%" PRId64 " MB memory, the scheduler has %" PRId64 " MB", n->need.mem_mb,
            s->total.mem_mb);
    else
        say(w, "%" PRId64 " GPUs, the scheduler has %" PRId64, n->need.gpus, s->total.gpus);
}

static void say_lack_of(struct words *w, const char *sep, const char *what, int64_t need,
                        int64_t is_free)
{
    say(w, "%sneeds %" PRId64 " %s%s, %" PRId64 " %s free", sep, need, what, plural(need),
        max0(is_free), max0(is_free) == 1 ? "is" : "are");
}

static void say_lack(struct words *w, const struct sched *s, const struct node *n)
{
    const char *sep = "";
    if (n->need.cpus > s->free.cpus) {
        say_lack_of(w, sep, "CPU", n->need.cpus, s->free.cpus);
        sep = "; ";
    }
    if (n->need.gpus > s->free.gpus) {
        say_lack_of(w, sep, "GPU", n->need.gpus, s->free.gpus);
        sep = "; ";
    }
    if (n->need.mem_mb > s->free.mem_mb)
        say(w, "%sneeds %" PRId64 " MB memory, %" PRId64 " MB are free", sep, n->need.mem_mb,
            max0(s->free.mem_mb));
}

/* When the running job is to end; INT64_MAX if nothing is known of that. */
static int64_t end_of(const struct node *n)
{
    return n->job.limit_us > 0 || n->job.estimate_us > 0 ? n->at_us : INT64_MAX;
}

static const char *frees(const struct node *n)
{
    if (end_of(n) == INT64_MAX)
        return "holds";
    return world_ends_at_limit(n) ? "frees" : "is expected to free";
}

static int by_end(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    if (end_of(x) != end_of(y))
        return end_of(x) < end_of(y) ? -1 : 1;
    return x->job.id < y->job.id ? -1 : x->job.id > y->job.id;
}

static void say_holder_one(struct words *w, const struct sched *s, const struct node *n,
                           const struct node *holder)
{
    bool timed = end_of(holder) != INT64_MAX;
    char job[JOB_LABEL];
    say(w, "; job %s %s%s ", job_label(&holder->job, job),
        holder->job.suspended_us ? "(suspended) " : "", frees(holder));
    if (n->need.cpus > s->free.cpus)
        say(w, "%" PRId64, holder->need.cpus);
    else if (n->need.gpus > s->free.gpus)
        say(w, "%" PRId64 " GPU%s", holder->need.gpus, plural(holder->need.gpus));
    else
        say(w, "%" PRId64 " MB", holder->need.mem_mb);
    say(w, timed ? " at " : " and has no time limit");
    if (timed)
        say_time(w, s, end_of(holder));
}

/* Who has to end, the earliest first, until the job fits: names the one with whom it does. */
static void say_holder(struct words *w, const struct sched *s, const struct node *n)
{
    size_t count = s->running.count;
    struct node **holders = malloc((count ? count : 1) * sizeof *holders);
    struct amount free_then = s->free;
    if (!holders)
        return;
    memcpy(holders, s->running.nodes, count * sizeof *holders);
    qsort(holders, count, sizeof *holders, by_end);
    for (size_t i = 0; i < count; i++) {
        amount_add(&free_then, &holders[i]->need);
        if (amount_fits(&n->need, &free_then)) {
            say_holder_one(w, s, n, holders[i]);
            break;
        }
    }
    free(holders);
}

/* What it starts with was on loan. */
static void say_claim(struct words *w, const struct sched *s)
{
    char job[JOB_LABEL];
    say(w, "about to start");
    for (size_t i = 0; i < s->elastic.count; i++) {
        const struct node *n = s->elastic.nodes[i];
        int64_t cpus = n->job.alloc_cpus - n->target_cpus;
        if (world_is_shrinking(n)) {
            say(w, ": job %s gives back %" PRId64 " CPU%s first", job_label(&n->job, job), cpus,
                plural(cpus));
            return;
        }
    }
}

static bool finds_place(const struct sched *s, const struct node *n, int64_t now_us)
{
    return !place_is_particular(s, &n->job) || place_fits(s, n, s->placement, s->free.cpus, now_us);
}

static bool can_start(const struct sched *s, const struct node *n, int64_t now_us)
{
    return amount_fits(&n->need, &s->free) && finds_place(s, n, now_us);
}

/* It fits, and the policy keeps it back for the sake of those before it in the queue. */
static void say_policy(struct words *w, const struct sched *s, const struct node *n, int64_t now_us)
{
    const struct node *head = queue_first(&s->queues[QUEUE_MAIN]);
    char job[JOB_LABEL];
    if (!finds_place(s, n, now_us)) {
        say(w, "needs ");
        say_place(w, &n->job);
        say(w, ": enough is free, but not together");
    } else if (n->reserved && n->at_us > now_us) {
        say(w, "its reservation is at ");
        say_time(w, s, n->at_us);
    } else if (!head || head == n || can_start(s, head, now_us)) {
        say(w, "about to start");
    } else if (s->config.policy == POLICY_FIFO) {
        say(w, "waits behind job %s, which is before it in the queue", job_label(&head->job, job));
    } else if (s->config.policy == POLICY_EASY) {
        say(w, "would delay job %s, which is to start by ", job_label(&head->job, job));
        say_time(w, s, shadow_of(s, head, &s->free, now_us).at_us);
    } else {
        say(w, "would delay jobs before it in the queue");
    }
}

static void say_depends(struct words *w, const struct sched *s, const struct node *n)
{
    char text[256];
    depends_words(s, n, text, sizeof text);
    say(w, "%s", text);
}

static void say_block(struct words *w, const struct sched *s, const struct node *n)
{
    switch (world_blocked(n)) {
    case BLOCK_DEPENDENCY:
        say_depends(w, s, n);
        break;
    case BLOCK_HELD:
        say(w, "%s", JOB_HELD_WORDS);
        break;
    case BLOCK_ARRAY_LIMIT:
        say(w, "%" PRId64 " task%s of array %" PRId64 " run%s, and no more may at a time",
            n->array->running, plural(n->array->running), n->array->id,
            n->array->running == 1 ? "s" : "");
        break;
    case BLOCK_NOT:
        break;
    }
}

static const char *until_words(const struct job *j)
{
    if (j->failed_starts)
        return "its start failed; the next try is at ";
    return j->restarts ? "the next try is at " : "not before ";
}

void sched_reason(const struct sched *s, int64_t id, int64_t now_us, char *buf, size_t len)
{
    struct words w = {.buf = buf, .len = len};
    const struct node *n = world_find(s, id);
    buf[0] = '\0';
    if (!n || n->job.state != JOB_PENDING)
        return;
    if (n->where == IN_NONE) {
        say_never(&w, s, n);
    } else if (n->where == IN_BLOCKED) {
        say_block(&w, s, n);
    } else if (s->drained) {
        say(&w, "the scheduler is drained: it starts nothing new until resume-all");
    } else if (n->where == IN_CLAIMS) {
        say_claim(&w, s);
    } else if (n->depends_us > now_us && n->depends_us == world_due_us(n)) {
        say_depends(&w, s, n);
    } else if (n->job.eligible_us > now_us) {
        say(&w, "%s", until_words(&n->job));
        say_time(&w, s, n->job.eligible_us);
    } else if (!amount_fits(&n->need, &s->free)) {
        say_lack(&w, s, n);
        say_holder(&w, s, n);
    } else if (now_us < s->hold_until_us) {
        say(&w, "a start failed; the next try is at ");
        say_time(&w, s, s->hold_until_us);
    } else {
        say_policy(&w, s, n, now_us);
    }
}
