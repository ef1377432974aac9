// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/schema.h"

#define TEXT_OF_(number) #number
#define TEXT_OF(number)  TEXT_OF_(number)

static const char COUNT_STATES[] = "SELECT status, jobs FROM counts";
/* What the heads of arrays are more than one job each. */
static const char COUNT_TASKS[] = "SELECT sum(array_left - 1) FROM jobs INDEXED BY jobs_heads"
                                  " WHERE array_spec IS NOT NULL AND status = 'PENDING'";
static const char COUNT_MEANS[] =
    "SELECT count(*), avg(wait_time), avg(runtime) FROM"
    " (SELECT wait_time, runtime FROM jobs INDEXED BY jobs_ended"
    "  WHERE end_time IS NOT NULL AND wait_time IS NOT NULL AND runtime IS NOT NULL"
    "  ORDER BY end_time DESC LIMIT " TEXT_OF(STORE_STATS_JOBS) ")";
static const char COUNT_USED[] = "SELECT sum(alloc_cpus), sum(alloc_mem_mb), sum(is_elastic), "
                                 "sum(resizes) FROM jobs INDEXED BY jobs_active"
                                 " WHERE " STATUS_ACTIVE " AND " STATUS_RUNS;
/* All that ended, less the recent ones: the old ones, who may be a million, are not looked at. */
static const char COUNT_OLDER[] =
    "SELECT (SELECT coalesce(sum(jobs), 0) FROM counts WHERE NOT " STATUS_ACTIVE ")"
    " - (SELECT count(*) FROM jobs INDEXED BY jobs_ended WHERE end_time >= ?)";

static int count_states(struct store *s, struct store_counts *c, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_COUNT_STATES, COUNT_STATES, e) < 0)
        return -1;
    int got = 0;
    while ((got = stmt_step(&q, e)) == 1) {
        const char *name = stmt_peek_text(&q);
        int state = name ? job_state_parse(name) : -1;
        if (state >= 0)
            c->by_state[state] = stmt_get_int(&q);
    }
    return got;
}

static int count_tasks(struct store *s, struct store_counts *c, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_COUNT_TASKS, COUNT_TASKS, e) < 0 || stmt_step(&q, e) < 0)
        return -1;
    c->by_state[JOB_PENDING] += stmt_get_int(&q);
    return 0;
}

static int count_means(struct store *s, struct store_counts *c, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_COUNT_MEANS, COUNT_MEANS, e) < 0 || stmt_step(&q, e) < 0)
        return -1;
    c->ended_with_times = stmt_get_int(&q);
    c->mean_wait_s = stmt_get_real(&q);
    c->mean_runtime_s = stmt_get_real(&q);
    return 0;
}

static int count_used(struct store *s, struct store_counts *c, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_COUNT_USED, COUNT_USED, e) < 0 || stmt_step(&q, e) < 0)
        return -1;
    c->used_cpus = stmt_get_int(&q);
    c->used_mem_mb = stmt_get_int(&q);
    c->elastic_running = stmt_get_int(&q);
    c->elastic_resizes = stmt_get_int(&q);
    return 0;
}

int store_counts(struct store *s, struct store_counts *c, struct err *e)
{
    *c = (struct store_counts){0};
    if (count_states(s, c, e) < 0 || count_tasks(s, c, e) < 0 || count_means(s, c, e) < 0)
        return -1;
    return count_used(s, c, e);
}

int store_count_older(struct store *s, int64_t ended_before_us, int64_t *n, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_COUNT_OLDER, COUNT_OLDER, e) < 0)
        return -1;
    stmt_put_seconds(&q, true, ended_before_us);
    if (stmt_step(&q, e) < 0)
        return -1;
    *n = stmt_get_int(&q);
    return 0;
}
