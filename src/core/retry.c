// SPDX-License-Identifier: MIT
#include "core/retry.h"

#include <math.h>
#include <strings.h>

/* No delay is longer: 100 years. */
#define LONGEST_US 3155760000e6

static const struct {
    const char *word;
    enum job_state state;
} outcomes[] = {
    {"fail", JOB_FAILED},
    {"timeout", JOB_TIMEOUT},
    {"oom", JOB_OUT_OF_MEMORY},
    {"node", JOB_NODE_FAIL},
};
#define OUTCOMES (sizeof outcomes / sizeof *outcomes)

const char *retry_on_word(size_t i, unsigned *bit)
{
    if (i >= OUTCOMES)
        return NULL;
    *bit = 1u << outcomes[i].state;
    return outcomes[i].word;
}

unsigned retry_on_parse(const char *word)
{
    unsigned bit;
    const char *known;
    for (size_t i = 0; (known = retry_on_word(i, &bit)); i++)
        if (strcasecmp(known, word) == 0)
            return bit;
    return 0;
}

bool retry_from_checkpoint(enum job_state outcome)
{
    return outcome == JOB_FAILED || outcome == JOB_TIMEOUT || outcome == JOB_NODE_FAIL;
}

static int64_t delay(const struct retry_policy *p, int retried)
{
    double us = (double)p->delay_us * pow(p->delay_factor, retried);
    return (int64_t)(us < LONGEST_US ? us : LONGEST_US);
}

/* 0: no more than it had, which was too little. */
static int64_t more_memory(const struct retry_policy *p, int64_t held_mb)
{
    double mb = ceil((double)held_mb * p->mem_factor);
    int64_t most = mb < (double)p->max_mem_mb ? (int64_t)mb : p->max_mem_mb;
    return most > held_mb ? most : 0;
}

struct retry retry_decide(const struct retry_policy *p, enum job_state outcome, int retried,
                          int64_t held_mb, int64_t now_us)
{
    const struct retry no = {0};
    struct retry r = {.again = true, .counts = true};
    if (outcome == JOB_NODE_FAIL && p->requeue)
        return (struct retry){.again = true, .at_us = now_us};
    if (retried >= p->retries || !(p->on & RETRY_ON_ALL & 1u << outcome))
        return no;
    if (outcome == JOB_OUT_OF_MEMORY && p->max_mem_mb) {
        r.mem_mb = more_memory(p, held_mb);
        if (!r.mem_mb)
            return no;
    }
    r.at_us = now_us + delay(p, retried);
    return r;
}
