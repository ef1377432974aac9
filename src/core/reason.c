// SPDX-License-Identifier: MIT
/* reason.c - why a pending job waits, in words. Made when somebody asks, from the world as it is.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

static void say_never(struct words *w, const struct sched *s, const struct job *j)
{
    if (j->cpus > s->config.cpus)
        say(w, "can never start here: needs %" PRId64 " CPUs, the scheduler has %" PRId64, j->cpus,
            s->config.cpus);
    else
        say(w,
            "can never start here: needs %" PRId64 " MB memory, the scheduler has %" PRId64 " MB",
            sched_mem_mb(s, j), s->config.mem_mb);
}

static void say_lack(struct words *w, const struct sched *s, const struct job *j)
{
    int64_t mem = sched_mem_mb(s, j);
    const char *sep = "";
    if (j->cpus > s->free_cpus) {
        int64_t free_cpus = max0(s->free_cpus);
        say(w, "needs %" PRId64 " CPU%s, %" PRId64 " %s free", j->cpus, plural(j->cpus), free_cpus,
            free_cpus == 1 ? "is" : "are");
        sep = "; ";
    }
    if (mem > s->free_mem_mb)
        say(w, "%sneeds %" PRId64 " MB memory, %" PRId64 " MB are free", sep, mem,
            max0(s->free_mem_mb));
}

/* When the running job ends at the latest; INT64_MAX if it has no limit. */
static int64_t end_of(const struct job *j)
{
    return j->limit_us ? j->start_us + j->limit_us : INT64_MAX;
}

static int by_end(const void *a, const void *b)
{
    const struct job *x = *(struct job *const *)a, *y = *(struct job *const *)b;
    if (end_of(x) != end_of(y))
        return end_of(x) < end_of(y) ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Who has to end, the earliest first, until the job fits: names the one with whom it does. */
static void say_holder(struct words *w, const struct sched *s, const struct job *j)
{
    size_t n = s->running.count;
    const struct job **held = malloc((n ? n : 1) * sizeof *held);
    if (!held)
        return;
    for (size_t i = 0; i < n; i++)
        held[i] = s->running.jobs[i];
    qsort(held, n, sizeof *held, by_end);
    int64_t cpus = s->free_cpus, mem = s->free_mem_mb;
    for (size_t i = 0; i < n; i++) {
        cpus += held[i]->alloc_cpus;
        mem += held[i]->alloc_mem_mb;
        if (cpus < j->cpus || mem < sched_mem_mb(s, j))
            continue;
        bool timed = end_of(held[i]) != INT64_MAX;
        say(w, "; job %" PRId64 " %s", held[i]->id, timed ? "frees " : "holds ");
        if (j->cpus > s->free_cpus)
            say(w, "%" PRId64, held[i]->alloc_cpus);
        else
            say(w, "%" PRId64 " MB", held[i]->alloc_mem_mb);
        say(w, timed ? " at " : " and has no time limit");
        if (timed)
            say_time(w, s, end_of(held[i]));
        break;
    }
    free(held);
}

void sched_reason(const struct sched *s, int64_t id, int64_t now_us, char *buf, size_t len)
{
    struct words w = {.buf = buf, .len = len};
    const struct job *j = sched_job(s, id);
    buf[0] = '\0';
    if (!j || j->state != JOB_PENDING)
        return;
    if (!world_can_ever_fit(s, j)) {
        say_never(&w, s, j);
    } else if (j->eligible_us > now_us) {
        say(&w, j->failed_starts ? "its start failed; the next try is at " : "not before ");
        say_time(&w, s, j->eligible_us);
    } else if (!world_fits(s, j)) {
        say_lack(&w, s, j);
        say_holder(&w, s, j);
    } else if (now_us < s->hold_until_us) {
        say(&w, "a start failed; the next try is at ");
        say_time(&w, s, s->hold_until_us);
    } else {
        say(&w, "about to start");
    }
}
