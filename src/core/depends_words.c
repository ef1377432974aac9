// SPDX-License-Identifier: MIT
/* depends_words.c - what a job waits for, in words: part of sched_reason(). */
#include <inttypes.h>
#include <stdio.h>

#include "core/dependency.h"
#include "core/world.h"

#define MINUTE_US INT64_C(60000000)

static const struct clause *first_that(const struct node *n, enum clause_state state)
{
    const struct dependency *d = &n->job.depends;
    for (size_t i = 0; i < d->count; i++)
        if (d->clauses[i].state == state)
            return &d->clauses[i];
    return NULL;
}

/* "job 15", "job 15_3", "array 15" */
static void job_words(const struct clause *c, const char *what, char *buf, size_t len)
{
    if (c->task < 0)
        snprintf(buf, len, "%s %" PRId64, what, c->job);
    else
        snprintf(buf, len, "%s %" PRId64 "_%" PRId64, what, c->job, c->task);
}

/* " (it is running)"; empty if it is not known. */
static void state_words(const struct node *target, char *buf, size_t len)
{
    buf[0] = '\0';
    if (!target)
        return;
    snprintf(buf, len, " (it is %s)", job_state_name(target->job.state));
    for (char *at = buf; *at; at++)
        *at += *at >= 'A' && *at <= 'Z' ? 'a' - 'A' : 0;
}

/* "job 12 to end well (it is running)" */
static void clause_words(const struct sched *s, const struct node *n, const struct clause *c,
                         char *buf, size_t len)
{
    static const char *const what[CLAUSE_TYPES] = {
        [CLAUSE_OK] = "to end well",   [CLAUSE_ANY] = "to end",
        [CLAUSE_NOTOK] = "to fail",    [CLAUSE_START] = "to start",
        [CLAUSE_CORR] = "to end well", [CLAUSE_SINGLETON] = "of the same name to end",
    };
    const struct node *before = namesakes_before(n);
    struct clause named = *c;
    char job[64], state[64];
    if (c->type == CLAUSE_SINGLETON && before)
        named.job = before->job.id;
    bool array = array_find(s, named.job) && named.task < 0 && c->type != CLAUSE_SINGLETON;
    job_words(&named, array ? "array" : "job", job, sizeof job);
    state_words(array || named.task >= 0 ? NULL : world_find(s, named.job), state, sizeof state);
    snprintf(buf, len, "%s %s%s", job, what[c->type], state);
}

static void time_words(const struct sched *s, const struct node *n, char *buf, size_t len)
{
    const struct dependency *d = &n->job.depends;
    const struct clause *c = d->clauses;
    char at[64], job[64];
    while (c->state != CLAUSE_HOLDS || c->from_us != n->depends_us)
        c++;
    s->config.format_time(n->depends_us, at, sizeof at);
    job_words(c, "job", job, sizeof job);
    snprintf(buf, len, "not before %s, %" PRId64 " minute%s after %s started", at,
             c->delay_us / MINUTE_US, c->delay_us == MINUTE_US ? "" : "s", job);
}

void depends_words(const struct sched *s, const struct node *n, char *buf, size_t len)
{
    char first[160];
    const struct clause *c = first_that(n, CLAUSE_WAITS);
    switch (depends_state(n)) {
    case CLAUSE_HOLDS:
        time_words(s, n, buf, len);
        return;
    case CLAUSE_NEVER:
        clause_never_words(first_that(n, CLAUSE_NEVER), buf, len);
        return;
    case CLAUSE_WAITS:
        break;
    }
    clause_words(s, n, c, first, sizeof first);
    if (n->waiting == 1)
        snprintf(buf, len, "waits for %s", first);
    else if (n->job.depends.any)
        snprintf(buf, len, "waits for any of %zu: %s, ...", n->waiting, first);
    else
        snprintf(buf, len, "waits for %s, and for %zu more", first, n->waiting - 1);
}
