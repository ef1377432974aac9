// SPDX-License-Identifier: MIT
#include "sim/predictor.h"

#include <stdlib.h>

struct recent_runs {
    int64_t last_us, before_last_us; /* the same where there was only one */
};

/* Whose run times say something about each other. */
struct group {
    int64_t user, executable; /* executable -1: whatever he runs */
};

/* The place of a group's runs, which are new if nothing was learnt about it. NULL if no memory. */
static struct recent_runs *place_of(struct predictor *p, struct group g, int64_t run_us)
{
    size_t known = (size_t)numbering_count(&p->groups);
    if (known == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 256;
        struct recent_runs *grown = reallocarray(p->runs, cap, sizeof *grown);
        if (!grown)
            return NULL;
        p->runs = grown;
        p->cap = cap;
    }
    int64_t number = numbering_add(&p->groups, &g, sizeof g);
    if (number > (int64_t)known)
        p->runs[known] = (struct recent_runs){run_us, run_us};
    return number > 0 ? &p->runs[number - 1] : NULL;
}

static int learn(struct predictor *p, struct group g, int64_t run_us)
{
    struct recent_runs *r = place_of(p, g, run_us);
    if (!r)
        return -1;
    *r = (struct recent_runs){run_us, r->last_us};
    return 0;
}

int predictor_learn(struct predictor *p, const struct trace_job *j)
{
    if (j->user < 0)
        return 0;
    if (j->executable >= 0 && learn(p, (struct group){j->user, j->executable}, j->run_us) < 0)
        return -1;
    return learn(p, (struct group){j->user, -1}, j->run_us);
}

static const struct recent_runs *runs_of(const struct predictor *p, struct group g)
{
    int64_t number = numbering_find(&p->groups, &g, sizeof g);
    return number ? &p->runs[number - 1] : NULL;
}

int64_t predictor_guess(const struct predictor *p, const struct trace_job *j)
{
    const struct recent_runs *r = runs_of(p, (struct group){j->user, j->executable});
    if (!r)
        r = runs_of(p, (struct group){j->user, -1});
    /* The sum of two may be more than 64 bits hold. */
    return r ? r->last_us + (r->before_last_us - r->last_us) / 2 : 0;
}

void predictor_free(struct predictor *p)
{
    numbering_free(&p->groups);
    free(p->runs);
    *p = (struct predictor){0};
}
