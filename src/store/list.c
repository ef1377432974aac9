// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/jobs.h"

/* Parameters: ?1 the id to go on after, ?2 how many at most, ?3 ended since when, ?4 to ?13 the
 * states in the order of enum job_state (NULL: not wanted). */
#define ENDED_WANTED "status IN (?7, ?8, ?9, ?10, ?11, ?12, ?13)"
_Static_assert(JOB_PENDING == 0 && JOB_RUNNING == 1 && JOB_SUSPENDED == 2 && JOB_STATES == 10,
               "?4 to ?13 are the states");

static const char LIST_ALL[] = "SELECT " JOB_COLUMNS " FROM jobs"
                               " WHERE id > ?1 AND (status IN (?4, ?5, ?6) OR " ENDED_WANTED ")"
                               " ORDER BY id LIMIT ?2";

/* And ?14, the array. */
static const char LIST_ARRAY[] =
    "SELECT " JOB_COLUMNS " FROM jobs WHERE id IN (SELECT id FROM jobs INDEXED BY jobs_tasks"
    " WHERE array_job_id = ?14 AND id > ?1 AND (status IN (?4, ?5, ?6) OR " ENDED_WANTED ")"
    " ORDER BY id LIMIT ?2) ORDER BY id";

/* Finds the ids by the two indexes alone. The conditions that look redundant are those of the
 * partial indexes. */
#define ACTIVE_IDS                                                                                 \
    "SELECT id FROM jobs INDEXED BY jobs_active"                                                   \
    " WHERE " STATUS_ACTIVE " AND id > ?1 AND status = "
#define ENDED_IDS                                                                                  \
    "SELECT id FROM jobs INDEXED BY jobs_ended"                                                    \
    " WHERE end_time >= ?3 AND id > ?1 AND " ENDED_WANTED
#define RECENT_IDS                                                                                 \
    ACTIVE_IDS "?4 UNION ALL " ACTIVE_IDS "?5 UNION ALL " ACTIVE_IDS "?6 UNION ALL " ENDED_IDS

static const char LIST_RECENT[] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id IN"
                                  " (" RECENT_IDS " ORDER BY id LIMIT ?2) ORDER BY id";

static const char LIST_LAST[] =
    "SELECT " JOB_COLUMNS " FROM jobs WHERE id IN (SELECT id FROM jobs INDEXED BY jobs_ended"
    " WHERE end_time IS NOT NULL AND end_time >= coalesce(?3, 0) AND " ENDED_WANTED
    " ORDER BY end_time DESC LIMIT ?2) ORDER BY id";

#define ALL_STATES ((1u << JOB_STATES) - 1)

static int open_list(struct stmt *q, struct store *s, const struct store_filter *f, struct err *e)
{
    unsigned states = f->states ? f->states : ALL_STATES;
    bool recent = f->last || f->ended_after_us || !(states & ~JOB_STATES_ACTIVE);
    if (f->array  ? stmt_open(q, s, STMT_LIST_ARRAY, LIST_ARRAY, e)
        : f->last ? stmt_open(q, s, STMT_LIST_LAST, LIST_LAST, e)
        : recent  ? stmt_open(q, s, STMT_LIST_RECENT, LIST_RECENT, e)
                  : stmt_open(q, s, STMT_LIST_ALL, LIST_ALL, e))
        return -1;
    stmt_put_int(q, f->after_id);
    stmt_put_int(q, f->limit ? f->limit : -1);
    stmt_put_time(q, f->ended_after_us);
    for (int state = 0; state < JOB_STATES; state++)
        stmt_put_text(q, states & 1u << state ? job_state_name((enum job_state)state) : NULL);
    if (f->array)
        stmt_put_int(q, f->array);
    return 0;
}

int store_job_each(struct store *s, const struct store_filter *f,
                   int (*each)(void *ctx, const struct job_record *r), void *ctx, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_list(&q, s, f, e) < 0)
        return -1;
    return job_row_each(&q, each, ctx, e);
}
