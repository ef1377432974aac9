// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/events.h"
#include "store/jobs.h"
#include "store/retries.h"

/* Of a running job mem_mb is what it got. */
static const char JOB_UPDATE[] =
    "UPDATE jobs SET priority = ?2, cpus = ?3, req_mem_mb = ?4,"
    " mem_mb = iif(status = 'PENDING', coalesce(?4, 0), mem_mb), time_limit = ?5,"
    " eligible_time = ?6, deadline = ?7, min_cpus = ?8, max_cpus = ?9, name = ?10,"
    " stdout_path = ?11, stderr_path = ?12,"
    " (" RETRY_COLUMNS ") = (?13, ?14, ?15, ?16, ?17, ?18, ?19)"
    " WHERE id = ?1 AND " STATUS_ACTIVE;

static void put_request(struct stmt *q, const struct job_record *r)
{
    const struct job *j = &r->job;
    stmt_put_int(q, j->id);
    stmt_put_int(q, j->priority);
    stmt_put_int(q, j->cpus);
    stmt_put_int_or_null(q, j->mem_mb != 0, j->mem_mb);
    stmt_put_seconds(q, j->limit_us != 0, j->limit_us);
    stmt_put_seconds(q, true, j->eligible_us);
    stmt_put_time(q, j->deadline_us);
    stmt_put_int_or_null(q, j->elastic, j->min_cpus);
    stmt_put_int_or_null(q, j->max_cpus != 0, j->max_cpus);
    stmt_put_text(q, r->name);
    stmt_put_text(q, r->stdout_path);
    stmt_put_text(q, r->stderr_path);
    retry_put(q, &r->retry);
}

int store_job_update(struct store *s, struct job_record *r, const char *keys, uint32_t uid,
                     int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_JOB_UPDATE, JOB_UPDATE, e) < 0)
        return -1;
    r->job.name_key = job_name_key(r->job.uid, r->name);
    put_request(&q, r);
    int none = stmt_run_once(&q, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, r->job.id, "it can't be changed any more", e);
    return event_update(s, r->job.id, keys, uid, now_us, e);
}
