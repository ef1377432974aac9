// SPDX-License-Identifier: MIT
#include "sim/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "util/cleanup.h"
#include "util/idhash.h"
#include "util/times.h"

/* Of what one says the mean, the median, ... */
struct summary {
    double mean, median, p95, max;
};

/* The k-th smallest of n values, from 0, which are put in another order: Hoare's quickselect. The
 * pivots are picked at random, since waits often rise and fall like a pipe organ, which makes the
 * middle one the worst. */
static double select_kth(double *v, size_t n, size_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, want = (ptrdiff_t)k;
    uint64_t random = 1;
    while (low < high) {
        random = random * UINT64_C(6364136223846793005) + 1;
        double pivot = v[low + (ptrdiff_t)((random >> 33) % (uint64_t)(high - low + 1))];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i > j)
                break;
            double swap = v[i];
            v[i++] = v[j];
            v[j--] = swap;
        }
        if (want > j)
            low = i;
        if (want < i)
            high = j;
    }
    return v[want];
}

/* n is not 0. */
static struct summary summarise(double *v, size_t n)
{
    struct summary s = {0};
    for (size_t i = 0; i < n; i++) {
        s.mean += v[i];
        s.max = fmax(s.max, v[i]);
    }
    s.mean /= (double)n;
    s.median = (select_kth(v, n, (n - 1) / 2) + select_kth(v, n, n / 2)) / 2;
    s.p95 = select_kth(v, n, (n * 95 + 99) / 100 - 1); /* nearest rank */
    return s;
}

static double seconds(int64_t us)
{
    return (double)us / US_PER_SEC;
}

struct user {
    int64_t id;
    double bsld; /* sum over his jobs */
    size_t jobs;
    UT_hash_handle hh;
};

static struct user *user_of(struct user **users, int64_t id)
{
    struct user *u;
    HASH_FIND(hh, *users, &id, sizeof id, u);
    if (u)
        return u;
    u = calloc(1, sizeof *u);
    if (!u)
        return NULL;
    u->id = id;
    HASH_ADD(hh, *users, id, sizeof u->id, u);
    struct user *added;
    HASH_FIND(hh, *users, &id, sizeof id, added);
    if (!added)
        free(u);
    return added;
}

static void free_users(struct user **users)
{
    struct user *u, *next;
    HASH_ITER (hh, *users, u, next) {
        HASH_DEL(*users, u);
        free(u);
    }
}

/* Jain's index of the users' mean bounded slowdowns; -1 if no memory. */
static double fairness_of(const struct trace *t, const double *bsld)
{
    _cleanup_(free_users) struct user *users = NULL;
    for (size_t i = 0; i < t->count; i++) {
        struct user *u = user_of(&users, t->jobs[i].user);
        if (!u)
            return -1;
        u->bsld += bsld[i];
        u->jobs++;
    }
    double sum = 0, squares = 0;
    for (const struct user *u = users; u; u = u->hh.next) {
        double mean = u->bsld / (double)u->jobs;
        sum += mean;
        squares += mean * mean;
    }
    return sum * sum / (HASH_COUNT(users) * squares);
}

/* Waits and bounded slowdowns of all jobs; and all of *m that is no summary of these. */
static void measure(const struct trace *t, const struct replay_result *r, int64_t procs,
                    struct metrics *m, double *wait_s, double *bsld)
{
    int64_t first_us = INT64_MAX, last_us = INT64_MIN;
    double used_s = 0, sld = 0, stayed_s = 0;
    size_t backfilled = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_job *j = &t->jobs[i];
        const struct replay_job *out = &r->jobs[i];
        double stay_us = (double)(out->end_us - j->submit_us);
        wait_s[i] = seconds(out->start_us - j->submit_us);
        bsld[i] = fmax(1, stay_us / fmax((double)j->run_us, METRICS_TAU_US));
        sld += stay_us / (double)j->run_us;
        stayed_s += seconds(out->end_us - j->submit_us);
        used_s += out->cpus * seconds(out->end_us - out->start_us);
        backfilled += out->backfilled;
        m->malleable += out->malleable;
        m->resizes += out->resizes;
        first_us = j->submit_us < first_us ? j->submit_us : first_us;
        last_us = out->end_us > last_us ? out->end_us : last_us;
    }
    m->makespan_s = seconds(last_us - first_us);
    m->utilisation = used_s / ((double)procs * m->makespan_s);
    m->mean_turnaround_s = stayed_s / (double)t->count;
    m->mean_sld = sld / (double)t->count;
    m->backfilled = (double)backfilled / (double)t->count;
}

int metrics_of(const struct trace *t, const struct replay_result *r, int64_t procs,
               struct metrics *m)
{
    *m = (struct metrics){.jobs = t->count, .fairness = 1, .max_queue = r->max_queue};
    if (!t->count)
        return 0;
    _cleanup_free_ double *wait_s = calloc(t->count, sizeof *wait_s);
    _cleanup_free_ double *bsld = calloc(t->count, sizeof *bsld);
    if (!wait_s || !bsld)
        return -1;
    measure(t, r, procs, m, wait_s, bsld);
    m->fairness = fairness_of(t, bsld);
    if (m->fairness < 0)
        return -1;
    struct summary wait = summarise(wait_s, t->count), slowdown = summarise(bsld, t->count);
    m->mean_wait_s = wait.mean;
    m->median_wait_s = wait.median;
    m->p95_wait_s = wait.p95;
    m->max_wait_s = wait.max;
    m->mean_bsld = slowdown.mean;
    m->median_bsld = slowdown.median;
    m->p95_bsld = slowdown.p95;
    m->max_bsld = slowdown.max;
    return 0;
}
