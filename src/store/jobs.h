/* SPDX-License-Identifier: MIT */
/* jobs.h - what the store's files share about rows of `jobs`. Private to store/. */
#pragma once

#include "store/schema.h"
#include "store/stmt.h"
#include "store/store.h"

#define ARRAY_COLUMNS                                                                              \
    "array_job_id, array_task_id, array_limit, array_spec, array_next, array_count, array_min,"    \
    " array_max, array_step"
/* What job_row_read() expects, from the next column on. */
#define JOB_COLUMNS                                                                                \
    "id, status, priority, submit_time, eligible_time, start_time, time_limit, cpus, req_mem_mb,"  \
    " uid, attempts, alloc_cpus, alloc_mem_mb, alloc_cpu_list, is_elastic, min_cpus, max_cpus,"    \
    " mem_per_cpu_mb, wanted_cpus, resize_generation, current_cpus, resizes, resize_grace,"        \
    " resize_signal, workers, control_file, ack_file, req_nodes, max_switches, switches_wait,"     \
    " whole_cores, exclusive, warn_signal, warn_time, warn_first, notify, notify_on,"              \
    " suspend_time, suspended,"                                                                    \
    " held, deadline, retries, retry_on, retry_delay, retry_factor, retry_mem, max_mem_mb,"        \
    " requeue, retried, restarts, requeue_time, requeue_uid, requeue_hold, " ARRAY_COLUMNS         \
    ", dependency, kill_on_invalid_dep, pty, client, sweep, checkpoint"                            \
    ", gid, umask, shell, end_time, exit_code, signal, runtime,"                                   \
    " cpu_user_time, cpu_system_time, mem_peak_kb, cancel_time,"                                   \
    " cancel_uid, cancel_now, levels, user, name, reason, stdout_path, stderr_path, cwd, command," \
    " nodes, argv"

/* Fills the empty *r; it may hold something even after a failure. */
int job_row_read(struct stmt *q, struct job_record *r, struct err *e);
/* Hands each row that the opened statement returns to each(), as store_job_each() does. */
int job_row_each(struct stmt *q, int (*each)(void *ctx, const struct job_record *r), void *ctx,
                 struct err *e);

/* ERR_NOT_FOUND if there is no such job. */
int job_state_load(struct store *s, int64_t id, enum job_state *state, struct err *e);
/* Says why a change of the job's state was refused: ERR_NOT_FOUND, or ERR_INVALID "<what>: job 3 is
 * COMPLETED". Returns -1. */
int job_refuse(struct store *s, int64_t id, const char *what, struct err *e);
/* "job 3 has ended: COMPLETED". */
int job_refuse_ended(struct store *s, int64_t id, struct err *e);
/* The same: "attempt 1 of job 3 <what>: job 3 is COMPLETED". */
int attempt_refuse(struct store *s, int64_t job, int attempt, const char *what, struct err *e);

/* Hands each active job that waits for others to each(): 0, or -1 with *e, which ends it. */
typedef int dependency_each(void *ctx, int64_t id, const struct dependency *d, struct err *e);
int dependencies_each(struct store *s, dependency_each *each, void *ctx, struct err *e);

/* What core/job.h calls so. 0 if there is no name. */
uint64_t job_name_key(uint32_t uid, const char *name);
