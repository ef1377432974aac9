/* SPDX-License-Identifier: MIT */
/* retry.h - whether a job whose attempt is over is run again, when, and with how much memory
 * (pure).
 *
 * One that was cancelled never is, nor one that all went well with, or whose deadline has come. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/job.h"

/* What the job's owner wants. */
struct retry_policy {
    int retries;         /* so many times at most; 0: never */
    unsigned on;         /* after these outcomes: bit 1u << enum job_state each */
    int64_t delay_us;    /* before the first retry ... */
    double delay_factor; /* ... and so many times as long before each further one */
    double mem_factor;   /* after OUT_OF_MEMORY so many times as much memory as it had ... */
    int64_t max_mem_mb;  /* ... but no more than this; 0: as much as before */
    bool requeue;        /* after NODE_FAIL in any case, and that is not one of the retries */
};

#define RETRY_MAX        1000000
#define RETRY_ON_DEFAULT (RETRY_ON_ALL)
#define RETRY_ON_ALL                                                                               \
    (1u << JOB_FAILED | 1u << JOB_TIMEOUT | 1u << JOB_OUT_OF_MEMORY | 1u << JOB_NODE_FAIL)

struct retry {
    bool again;
    bool counts;    /* it is one of the retries */
    int64_t at_us;  /* not before */
    int64_t mem_mb; /* to ask for instead; 0: what it asked for */
};

/* retried: how many retries it has had. held_mb: the memory that it had. */
struct retry retry_decide(const struct retry_policy *p, enum job_state outcome, int retried,
                          int64_t held_mb, int64_t now_us);

/* Of a job that was told to save its work, or whose work was saved: whether it goes on with that.
 * Not if it ended well, was cancelled, or met its deadline; nor if it lacked memory, which it would
 * again. That is not one of the retries. */
bool retry_from_checkpoint(enum job_state outcome);

/* An outcome by its word: "fail", "timeout", "oom", "node". Its bit; 0 if unknown. */
unsigned retry_on_parse(const char *word);
/* The i-th word, NULL behind the last; *bit is its own. */
const char *retry_on_word(size_t i, unsigned *bit);
