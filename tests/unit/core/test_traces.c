// SPDX-License-Identifier: MIT
/* test_traces.c - runs the .trace files in tests/traces: scripted worlds with the core's answers.
 *
 *   machine cpus=8 mem=16384 [gpus=2] [set=0-7|tree=(4,4)] [policy=easy] [order=sjf] [backfill=saf]
 *           [reservations=2] [predict=1] [share=priority] [threshold=50] [cooldown=5] [step=2]
 *                                           starts a new world
 *   [  0] submit 1 cpus=8 limit=60 -> start 1
 *   [  5] submit 2 cpus=8 -> wait: needs 8 CPUs, 0 are free; job 1 frees 8 at 60
 *   [ 60] finish 1 -> start 2
 *
 * Times and limits are seconds. After each event there is one pass. Behind the arrow stands what it
 * planned ("start 3 on 0-1" where CPUs are told apart), or for a submitted job that did not start,
 * why; "-" if nothing came of it. Other events: cancel ID, fail ID retry=S, adopt ID …, tick,
 * drain 0, resume-all 0, reason ID, suspend ID, resume ID; of elastic jobs (submit ID cpus=2
 * elastic min=1 max=4 memper=100) resize ID cpus=3, and resized ID: it is seen to have what it was
 * told last. Of arrays (submit 1 tasks=0-9%2) a task that starts has an id of its own: "2 is 1_0,
 * start 2"; divide 1 tasks=3-5 as=7 takes tasks out of the pending rest, which are job 7. submit ID
 * name=x after=afterok:1:2 [keep] waits for others, which finish ID state=FAILED; "2 CANCELLED: its
 * dependency …" is an end without a start. Of held ones (submit ID
 * held) hold ID, release ID; update ID cpus=2 …: it asks for that instead; requeue ID …: the same
 * of one whose attempt is over. depend ID after=…: it waits for that instead. */
#include <dirent.h>
#include <stdlib.h>

#include "core/dependency.h"
#include "core/sched.h"
#include "fixture.h"
#include "tap.h"
#include "trees.h"
#include "util/buf.h"

struct world {
    struct topology *topology;
    struct sched *sched;
    struct plan plan;
};

/* The number behind "key=" in line, or fallback. */
static int64_t number(const char *line, const char *key, int64_t fallback)
{
    const char *at = strstr(line, key);
    return at ? strtoll(at + strlen(key), NULL, 10) : fallback;
}

/* The word behind "key=", in a static buffer; empty if there is none. */
static const char *word(const char *line, const char *key)
{
    static char w[64];
    const char *at = strstr(line, key);
    w[0] = '\0';
    if (at)
        sscanf(at + strlen(key), "%63s", w);
    return w;
}

static enum sched_policy policy_of(const char *name)
{
    return *name ? (enum sched_policy)sched_policy_parse(name) : POLICY_GREEDY;
}

static enum elastic_share share_of(const char *name)
{
    return *name ? (enum elastic_share)elastic_share_parse(name) : SHARE_EQUAL;
}

static enum order order_of(const char *name)
{
    return *name ? (enum order)order_parse(name) : ORDER_PRIORITY;
}

/* "set=0-3": CPUs that are told apart; "tree=(2,2)(4)": in nodes of so many, on switches. */
static struct topology *topology_of(const char *line)
{
    struct cpuset set _cleanup_cpuset_ = {0};
    if (*word(line, "tree="))
        return tree(word(line, "tree="));
    cpuset_parse(&set, word(line, "set="));
    return flat_topology(&set);
}

static void free_world(struct world *w)
{
    sched_destroy(w->sched);
    topology_free(w->topology);
    w->sched = NULL;
    w->topology = NULL;
}

static void new_machine(struct world *w, const char *line)
{
    struct sched_config c = {
        .cpus = number(line, "cpus=", 1),
        .mem_mb = number(line, "mem=", 1024),
        .gpus = number(line, "gpus=", 0),
        .reservations = number(line, "reservations=", 0),
        .trust_predictions = number(line, "predict=", 0) != 0,
        .policy = policy_of(word(line, "policy=")),
        .order = order_of(word(line, "order=")),
        .backfill_order = order_of(word(line, "backfill=")),
        .elastic =
            {
                .share = share_of(word(line, "share=")),
                .threshold_pct = number(line, "threshold=", 0),
                .cooldown_us = number(line, "cooldown=", 0) * SEC,
                .step = number(line, "step=", 1),
            },
        .format_time = format_seconds,
    };
    free_world(w);
    w->topology = topology_of(line);
    c.topology = w->topology;
    struct err e = {0};
    w->sched = sched_create(&c, &e);
}

static struct job job_of(const char *line, int64_t id, int64_t now_us)
{
    struct job j = {
        .id = id,
        .priority = (int)number(line, "prio=", 0),
        .submit_us = number(line, "submit=", now_us / SEC) * SEC,
        .eligible_us = number(line, "begin=", 0) * SEC,
        .deadline_us = number(line, "deadline=", 0) * SEC,
        .limit_us = number(line, "limit=", 0) * SEC,
        .estimate_us = number(line, "estimate=", 0) * SEC,
        .cpus = number(line, " cpus=", 1),
        .mem_mb = number(line, " mem=", 1),
        .gpus = number(line, "gpus=", 0),
        .elastic = strstr(line, " elastic") != NULL,
        .max_cpus = number(line, " max=", 0),
        .mem_per_cpu_mb = number(line, "memper=", 0),
        .nodes = number(line, " nodes=", 0),
        .max_switches = number(line, " switches=", 0),
        .switches_wait_us = number(line, " wait=", 0) * SEC,
        .whole_cores = strstr(line, " cores") != NULL,
        .exclusive = strstr(line, " exclusive") != NULL,
        .name_key = (uint64_t)*word(line, " name="),
        .held = strstr(line, " held") != NULL,
    };
    struct err e = {0};
    if (*word(line, " after=") && dependency_parse(word(line, " after="), NULL, &j.depends, &e) < 0)
        ok(false, "%s", e.text);
    j.depends.kept = strstr(line, " keep") != NULL;
    j.min_cpus = number(line, " min=", j.cpus);
    if (*word(line, "tasks=")) {
        taskset_parse("tasks", word(line, "tasks="), &j.tasks, &j.array_limit, NULL);
        j.array_id = id;
        j.task = -1;
    }
    return j;
}

static enum job_state outcome_of(const char *name)
{
    return *name ? (enum job_state)job_state_parse(name) : JOB_COMPLETED;
}

/* The job as it is, but for what the line says. */
static struct job updated(const struct job *now, const char *verb, const char *line)
{
    struct job j;
    if (job_copy(&j, now) < 0)
        abort();
    j.priority = (int)number(line, "prio=", j.priority);
    j.limit_us = number(line, "limit=", j.limit_us / SEC) * SEC;
    j.cpus = number(line, " cpus=", j.cpus);
    j.mem_mb = number(line, " mem=", j.mem_mb);
    j.eligible_us = number(line, "begin=", j.eligible_us / SEC) * SEC;
    j.deadline_us = number(line, "deadline=", j.deadline_us / SEC) * SEC;
    j.held = strstr(line, " held") != NULL;
    if (strcmp(verb, "hold") == 0 || strcmp(verb, "release") == 0)
        j.held = strcmp(verb, "hold") == 0;
    return j;
}

static bool is_update(const char *verb)
{
    return strcmp(verb, "update") == 0 || strcmp(verb, "hold") == 0 || strcmp(verb, "release") == 0;
}

static int post(struct world *w, const char *verb, const char *line, int64_t id, int64_t now_us,
                struct err *e)
{
    struct event ev = {.now_us = now_us, .id = id};
    struct job j = job_of(line, id, now_us);
    ev.job = &j;
    if (strcmp(verb, "submit") == 0) {
        ev.type = EVENT_SUBMIT;
    } else if (strcmp(verb, "adopt") == 0) {
        ev.type = EVENT_ADOPT;
        j.start_us = number(line, "start=", 0) * SEC;
        j.alloc_cpus = number(line, " alloc=", j.cpus);
        j.alloc_mem_mb = j.mem_mb;
        j.suspended_us = number(line, "suspended=", 0) * SEC;
        j.stood_us = number(line, "stood=", 0) * SEC;
        cpuset_parse(&j.alloc_set, word(line, "on="));
    } else if (strcmp(verb, "resize") == 0) {
        ev.type = EVENT_RESIZE;
        ev.cpus = number(line, " cpus=", 0);
    } else if (strcmp(verb, "resized") == 0) {
        const struct job *now = sched_job(w->sched, id);
        ev.type = EVENT_RESIZED;
        ev.generation = now ? now->generation : 0;
        ev.mem_mb = number(line, " mem=", 0);
    } else if (strcmp(verb, "divide") == 0) {
        ev.type = EVENT_DIVIDE;
        j.id = number(line, " as=", 0);
    } else if (strcmp(verb, "requeue") == 0 && sched_job(w->sched, id)) {
        ev.type = EVENT_REQUEUE;
        j = updated(sched_job(w->sched, id), verb, line);
        j.restarts++;
    } else if (is_update(verb) && sched_job(w->sched, id)) {
        ev.type = EVENT_UPDATE;
        j = updated(sched_job(w->sched, id), verb, line);
    } else if (strcmp(verb, "depend") == 0) {
        ev.type = EVENT_DEPEND;
    } else if (strcmp(verb, "cancel") == 0) {
        ev.type = EVENT_CANCEL;
    } else if (strcmp(verb, "finish") == 0) {
        ev.type = EVENT_FINISH;
        ev.state = outcome_of(word(line, " state="));
    } else if (strcmp(verb, "suspend") == 0) {
        ev.type = EVENT_SUSPEND;
    } else if (strcmp(verb, "resume") == 0) {
        ev.type = EVENT_RESUME;
    } else if (strcmp(verb, "fail") == 0) {
        ev.type = EVENT_START_FAILED;
        ev.retry_us = number(line, "retry=", 0) * SEC;
    } else if (strcmp(verb, "drain") == 0) {
        ev.type = EVENT_DRAIN;
    } else if (strcmp(verb, "resume-all") == 0) {
        ev.type = EVENT_RESUME_ALL;
    } else {
        ev.type = EVENT_TICK;
    }
    int rc = sched_apply(w->sched, &ev, e);
    job_free(&j);
    return rc;
}

static void say_set(struct buf *got, const struct cpuset *set)
{
    char *list = cpuset_format(set);
    if (list && *list)
        buf_printf(got, " on %s", list);
    free(list);
}

static void say_plan(struct buf *got, const struct plan *p)
{
    char words[160];
    for (size_t i = 0; i < p->count; i++) {
        const struct action *a = &p->actions[i];
        buf_puts(got, i ? ", " : "");
        if (a->type == ACTION_START) {
            buf_printf(got, "start %" PRId64, a->job->id);
            say_set(got, &a->job->alloc_set);
        } else if (a->type == ACTION_END) {
            buf_printf(got, "%" PRId64 " %s: %s", a->job->id, job_state_name(a->state),
                       plan_end_words(a, words, sizeof words));
        } else if (a->type == ACTION_TASK) {
            buf_printf(got, "%" PRId64 " is %" PRId64 "_%" PRId64, a->job->id, a->job->array_id,
                       a->job->task);
        } else {
            buf_printf(got, "%" PRId64 " %s", a->job->id,
                       plan_resize_words(a, words, sizeof words));
            say_set(got, a->to_set);
        }
    }
    if (p->wake_us)
        buf_printf(got, "%swake at %" PRId64, got->len ? ", " : "", p->wake_us / SEC);
}

/* What the core answers to the line, in the words of a trace. */
static void answer(struct world *w, const char *line, struct buf *got)
{
    double at = 0;
    char verb[16] = "";
    int64_t id = 0;
    struct err e = {0};
    char why[256];
    if (sscanf(line, "[%lf] %15s %" SCNd64, &at, verb, &id) < 2) {
        buf_puts(got, "not a line of a trace");
        return;
    }
    int64_t now_us = (int64_t)(at * 1e6);
    if (strcmp(verb, "reason") == 0) {
        sched_reason(w->sched, id, now_us, why, sizeof why);
        buf_puts(got, why);
        return;
    }
    if (post(w, verb, line, id, now_us, &e) < 0) {
        buf_printf(got, "refused: %s", e.text);
        return;
    }
    if (sched_pass(w->sched, now_us, &w->plan, &e) < 0)
        buf_printf(got, "failed: %s", e.text);
    say_plan(got, &w->plan);
    const struct job *j = sched_job(w->sched, id);
    if (strcmp(verb, "submit") == 0 && j && j->state == JOB_PENDING) {
        sched_reason(w->sched, id, now_us, why, sizeof why);
        buf_printf(got, "%swait: %s", got->len ? ", " : "", why);
    }
    if (!got->len)
        buf_puts(got, "-");
}

static void run_line(struct world *w, const char *name, int number_of_line, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    if (!*line || *line == '#')
        return;
    if (strncmp(line, "machine", 7) == 0) {
        new_machine(w, line);
        return;
    }
    char *arrow = strstr(line, " -> ");
    char label[2048];
    snprintf(label, sizeof label, "%s:%d: %s", name, number_of_line, line);
    if (!arrow) {
        ok(false, "%s (no arrow)", label);
        return;
    }
    *arrow = '\0';
    struct buf got = {0};
    answer(w, line, &got);
    is_str(got.data, arrow + 4, label);
    buf_free(&got);
}

static void run_file(const char *dir, const char *name)
{
    char path[4096], line[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "r");
    if (!ok(f != NULL, "%s opens", name))
        return;
    struct world w = {0};
    new_machine(&w, "machine");
    for (int n = 1; fgets(line, sizeof line, f); n++)
        run_line(&w, name, n, line);
    fclose(f);
    plan_free(&w.plan);
    free_world(&w);
}

static int is_trace(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".trace") == 0;
}

int main(void)
{
    struct dirent **found;
    int n = scandir(TRACES, &found, is_trace, alphasort);
    ok(n > 0, "there are traces in " TRACES);
    for (int i = 0; i < n; i++) {
        run_file(TRACES, found[i]->d_name);
        free(found[i]);
    }
    if (n >= 0)
        free(found);
    return done_testing();
}
