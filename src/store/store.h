/* SPDX-License-Identifier: MIT */
/* store.h - the durable queue: SQLite in WAL mode with synchronous=FULL. The only part that knows
 * SQL.
 *
 * A store belongs to one thread. Changes are made inside a transaction (store_begin), outside they
 * are refused; a commit that returned 0 is on disk. After a failed commit the transaction is rolled
 * back: what the caller holds in memory of it is void. A change that fails may have done a part of
 * its work: go back to a savepoint, or roll back. Every function returns 0 or -1 with *e: ERR_FULL
 * (disk full, write error: a later try may succeed), ERR_CORRUPT (damaged, or not ours), ERR_NEWER,
 * ERR_BUSY, ERR_NOT_FOUND, ERR_INVALID (not in this state), ERR_SYSTEM. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "store/record.h"
#include "util/err.h"
#include "util/ids.h"

#define STORE_STATS_JOBS 1000 /* averages are over so many jobs at most */

struct store;

/* Opens, creates (0600) or upgrades. A database of the original Python mini-slurm and any older
 * schema is first copied to <path>.v<N>.bak, then upgraded in place, all or nothing; RUNNING rows
 * of the Python one are settled as NODE_FAIL. A foreign database is refused untouched. */
int store_open(const char *path, struct store **out, struct err *e);
/* Gives the write-ahead log its full length (4 MB) at once: a commit that overwrites waits half as
 * long for the disk as one that makes the file longer. Nobody else may be writing. */
int store_warm(struct store *s, struct err *e);
void store_close(struct store *s); /* NULL is fine; rolls back what is open */

int store_begin(struct store *s, struct err *e); /* IMMEDIATE */
/* The same, but its commit survives this process only, and not a power cut, until store_sync() or
 * the commit of a store_begin(): for what could be worked out again, or is nobody's promise yet. */
int store_begin_relaxed(struct store *s, struct err *e);
int store_commit(struct store *s, struct err *e);
int store_sync(struct store *s, struct err *e); /* of nothing to do is fine */
void store_rollback(struct store *s);
/* A part of a transaction that can fail alone. They do not nest. */
int store_savepoint(struct store *s, struct err *e);
int store_release(struct store *s, struct err *e);
void store_undo(struct store *s); /* back to the savepoint, and releases it */

/* --- jobs ------------------------------------------------------------------------------------- */

/* Inserts a PENDING job, its environment (stored once, shared by hash) and the SUBMIT event. Takes
 * everything from r but the id, which it sets, and stdout_path/stderr_path, and of an elastic job
 * control_path/ack_path, which it fills in from `logs` (job_<id>.out, .err, .control, .ack) where
 * NULL, and the dependency, which is that of job.depends; an eligible_us of 0 becomes the submit
 * time. Sets job.name_key. Paths that are given are patterns (util/pattern.h) with no names left to
 * fill in. With tasks it is the head of an array, which becomes the id's. */
int store_job_insert(struct store *s, struct job_record *r, const char *logs, struct err *e);

enum store_load { STORE_PLAIN, STORE_WITH_ENV };
/* The id that the next one will have. */
int store_next_id(struct store *s, int64_t *id, struct err *e);
/* Fills an empty *r; the caller clears it. ERR_NOT_FOUND. */
int store_job_load(struct store *s, int64_t id, enum store_load how, struct job_record *r,
                   struct err *e);

/* The id of the last job that the user submitted. ERR_NOT_FOUND if there is none. */
int store_job_last(struct store *s, uint32_t uid, int64_t *id, struct err *e);

struct store_filter {
    unsigned states;        /* bit 1u << enum job_state each; 0: all */
    int64_t ended_after_us; /* of ended jobs only those that ended at or after this; 0: all */
    int64_t after_id;       /* only ids above this: the next page */
    int limit;              /* at most so many; 0: all */
    bool last;     /* of ended jobs only, and those that ended last; after_id is not looked at */
    int64_t array; /* only what is, or was, of this array, whenever it ended; 0: all */
};
/* Calls each() in ascending id order until it returns non-zero (which is then returned). The record
 * is the store's, without environment. Active jobs are found by an index, and so are recently ended
 * ones, whatever the history. each() must not change the store nor list jobs itself. */
int store_job_each(struct store *s, const struct store_filter *f,
                   int (*each)(void *ctx, const struct job_record *r), void *ctx, struct err *e);

struct store_counts {
    int64_t by_state[JOB_STATES];
    int64_t ended_with_times; /* how many of the last STORE_STATS_JOBS ended jobs that ran: */
    double mean_wait_s, mean_runtime_s;
    int64_t used_cpus, used_mem_mb;           /* allocated to running jobs */
    int64_t elastic_running, elastic_resizes; /* running elastic jobs, and how often they were
                                                 resized */
};
/* Cheap at any size of history: counts by state are kept, averages come from an index. */
int store_counts(struct store *s, struct store_counts *c, struct err *e);
/* Ended jobs that a filter with ended_after_us leaves out. */
int store_count_older(struct store *s, int64_t ended_before_us, int64_t *n, struct err *e);

/* How the clauses of r->job.depends stand, as far as the store knows: those whose targets have
 * ended are settled, the others wait. Jobs from id `from` on are looked for nowhere (they come with
 * the same request); 0: there are none. ERR_NOT_FOUND if a target does not exist: "there is no job
 * 12", that can be waited for. */
int store_dependency_settle(struct store *s, struct dependency *d, int64_t from, struct err *e);
/* Appends the jobs that wait for one of these, or for the array or a task of it. */
int store_dependents(struct store *s, const struct ids *sorted, struct ids *dependents,
                     struct err *e);
/* What r->dependency says, as it stands now, into *d, which is dependency_free()'s then. Of a
 * target that does not exist any more nothing can come: never. */
int store_dependency_load(struct store *s, const struct job_record *r, struct dependency *d,
                          struct err *e);

/* How long a job of this user and command will run, from the last ones that did; 0 if nothing is
 * known. Two look-ups at any size of history. */
int store_predict(struct store *s, uint32_t uid, const char *command, int64_t *runtime_us,
                  struct err *e);

/* --- what happens to a job; each also writes an event ------------------------------------------
 */

/* PENDING -> RUNNING; begins attempt j->attempt with j's allocation, on these nodes (a hostlist;
 * NULL: not known). j->start_us is the time. */
int store_attempt_begin(struct store *s, const struct job *j, const char *nodes,
                        const char *boot_id, struct err *e);
/* The start did not come about and never will: the attempt's row goes, the job is PENDING again, or
 * CANCELLED if that was asked for meanwhile (*now says which). The attempt's number stays used: the
 * record on disk that voids it must not meet a later attempt. `reason` goes into the event. */
int store_attempt_void(struct store *s, int64_t job, int attempt, const char *reason,
                       int64_t now_us, enum job_state *now, struct err *e);
/* RUNNING -> r->state; r's outcome fields go into both rows, levels too (r's start and allocation
 * are not looked at). ERR_INVALID if that attempt is not the running one: it ended before
 * ("attempt 1 of job 3 is not running: ..."), so that an outcome is counted once. */
int store_attempt_end(struct store *s, const struct attempt_record *r, struct err *e);
/* Written down, whatever the state: a PENDING job becomes CANCELLED with `reason`; of a RUNNING one
 * only the wish is noted (asked again: the first time stands, `now` is added). ERR_NOT_FOUND;
 * ERR_INVALID if it has ended ("job 3 has ended: COMPLETED"). *was: its state before. */
int store_cancel(struct store *s, int64_t job, uint32_t uid, bool now, int64_t now_us,
                 const char *reason, enum job_state *was, struct err *e);

/* PENDING -> state, with `reason`: a job that ends without having run, and nobody cancelled it.
 * ERR_INVALID if it is not pending. */
int store_job_end(struct store *s, int64_t job, enum job_state state, const char *reason,
                  int64_t now_us, struct err *e);

/* A PENDING job is held from now on, or not any more; it may be so already. ERR_INVALID if it does
 * not wait. */
int store_job_hold(struct store *s, int64_t job, bool held, uint32_t uid, int64_t now_us,
                   struct err *e);

/* A job that has not ended asks from now on for what r says of: priority, CPUs, memory, time limit,
 * when it may begin, deadline, elastic limits, name, output files, retries. (What of that may
 * change while it runs is for the caller to know.) Sets job.name_key. `keys`, for the event: what
 * of it is new. ERR_INVALID if it has ended. */
int store_job_update(struct store *s, struct job_record *r, const char *keys, uint32_t uid,
                     int64_t now_us, struct err *e);

/* A PENDING job waits from now on for that, as it stands. ERR_INVALID if it is not pending. Writes
 * no event. */
int store_job_depends(struct store *s, int64_t job, const struct dependency *d, struct err *e);

/* A RUNNING job is to be put back when its attempt is over: asked for, not done. ERR_INVALID if it
 * does not run. */
int store_requeue_wish(struct store *s, int64_t job, bool hold, uint32_t uid, int64_t now_us,
                       struct err *e);
/* A job that has ended is PENDING again; its attempts stay as they are. A cancel, or wish, that was
 * noted is forgotten. ERR_INVALID if it has not ended. */
int store_job_requeue(struct store *s, const struct requeue_record *r, struct err *e);

/* The last wish for CPUs of a running elastic job, or of its owner; 0: as many as it can get.
 * ERR_INVALID if it does not run, or is not elastic. */
int store_job_want(struct store *s, int64_t job, int64_t cpus, uint32_t uid, int64_t now_us,
                   struct err *e);
/* An order to the running attempt r->attempt of an elastic job goes out: it is counted and logged.
 * More CPUs are allocated from now on. Of fewer, or others, nothing is taken away yet: what the job
 * had is allocated until store_attempt_resized(). ERR_INVALID if that attempt is not the running
 * one, or had an order of this or a later generation. */
int store_attempt_resize(struct store *s, int64_t job, const struct resize_record *r,
                         struct err *e);
/* That order is seen to hold: r's CPUs and memory (whose limit may have ended up above what was
 * ordered) are what is allocated; times, reason and from_cpus are not looked at. ERR_INVALID if
 * that attempt is not the running one, or this is not its last order. Writes no event. */
int store_attempt_resized(struct store *s, int64_t job, const struct resize_record *r,
                          struct err *e);
/* The last so many orders, in ascending order; else as store_job_each(). Cheap at any length of
 * history. */
int store_resize_each(struct store *s, int64_t job, int last,
                      int (*each)(void *ctx, const struct resize_record *r), void *ctx,
                      struct err *e);

/* A signal goes to its processes: only logged. ERR_INVALID if it does not run. */
int store_job_signal(struct store *s, int64_t job, int signal, bool first, uint32_t uid,
                     int64_t now_us, struct err *e);

/* RUNNING -> SUSPENDED, and back: its attempt goes on, and from now on stands still. ERR_INVALID if
 * it is in another state. */
int store_job_suspend(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e);
int store_job_resume(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e);

/* The running attempt of each running job: an array to free(), whose records are to be cleared;
 * NULL if there are none. */
int store_attempt_running(struct store *s, struct attempt_record **list, size_t *count,
                          struct err *e);
/* In ascending order; else as store_job_each(). */
int store_attempt_each(struct store *s, int64_t job,
                       int (*each)(void *ctx, const struct attempt_record *r), void *ctx,
                       struct err *e);

/* --- the scheduler as a whole ----------------------------------------------------------------- */

/* Since when it starts nothing new; time_us 0: it does. */
struct store_drain {
    int64_t time_us;
    uint32_t uid; /* who asked for that */
};
int store_drain_get(struct store *s, struct store_drain *d, struct err *e);
/* Drained already: the first time stands. Each also writes an event, if it changes anything. */
int store_drain(struct store *s, uint32_t uid, int64_t now_us, struct err *e);
int store_resume_all(struct store *s, uint32_t uid, int64_t now_us, struct err *e);

/* --- forgetting what has ended -----------------------------------------------------------------
 */

/* Jobs that ended before a time; never an active one, nor one (of an array: nothing of it) that the
 * dependency of an active one names: without its row that would be as if it had not ended well. */
struct store_past {
    unsigned states;  /* ends, as in store_filter */
    int64_t after_us; /* those that ended then or later */
    int64_t before_us;
    int limit;
};
/* How many there are, whatever the limit. */
int store_past_count(struct store *s, const struct store_past *p, int64_t *n, struct err *e);
/* In the order of their ends; else as store_job_each(). */
int store_past_each(struct store *s, const struct store_past *p,
                    int (*each)(void *ctx, const struct job_record *r), void *ctx, struct err *e);
/* Removes the row of an ended job, those of its attempts, and its environment, if nobody else has
 * that; *environments is counted up then. Its events stay. ERR_INVALID if it has not ended. */
int store_job_remove(struct store *s, int64_t id, int64_t *environments, struct err *e);
/* Of the next `limit` events after number *after, removes those of jobs that are not there any more
 * and adds to *removed how many; *after is the last one that was looked at, 0 if there are no more
 * from before that time. */
int store_event_sweep(struct store *s, int64_t before_us, int limit, int64_t *after,
                      int64_t *removed, struct err *e);

/* --- arrays -------------------------------------------------------------------------------------
 */

/* The first task of a pending head, j->task, gets a row of its own, PENDING and else a copy of the
 * head's, with the id j->id, which must be the next one; the last task, whose id is the head's, has
 * the head's row. ERR_INVALID if there is no such head, or another next id. Writes no event. */
int store_task_leave(struct store *s, int64_t head, const struct job *j, struct err *e);
/* The same for any of its tasks, but not all, and also of tasks that ended together (part->state):
 * they are one row, part->id, which is set. part->tasks are those, or empty if it is only
 * part->task; `rest` are the others. */
int store_tasks_leave(struct store *s, int64_t head, struct job *part, const struct taskset *rest,
                      struct err *e);

/* What a path is for that job that is a pattern (util/pattern.h) with only numbers left to fill in,
 * and the parameters of its sweep; NULL: it has none. */
int store_path_fill(char **path, const struct job *j, const char *sweep, struct err *e);

/* Appends the ids of jobs of that array: tasks that have rows of their own, by their numbers; rows
 * of several tasks (heads, and what was cancelled at one time); the active ones of both; all of
 * both. */
int store_array_tasks(struct store *s, int64_t array, int64_t first, int64_t last, struct ids *ids,
                      struct err *e);
int store_array_heads(struct store *s, int64_t array, struct ids *ids, struct err *e);
int store_array_active(struct store *s, int64_t array, struct ids *ids, struct err *e);
int store_array_all(struct store *s, int64_t array, struct ids *ids, struct err *e);
/* The first task from that number on that has a row of its own; -1 if there is none. */
int store_array_next(struct store *s, int64_t array, int64_t from, int64_t *task, struct err *e);
/* The first task, by its number, that has ended otherwise than COMPLETED; 0 if there is none. */
int store_array_first_bad(struct store *s, int64_t array, int64_t *id, struct err *e);
/* How many of its tasks are in each state; looks at all of them. */
int store_array_states(struct store *s, int64_t array, int64_t by_state[JOB_STATES], struct err *e);

/* --- requests: what was answered, so that a repeated request is the same request ----------------
 */

/* *reply: a string to free(), NULL if that id is not known. */
int store_request_find(struct store *s, const char *id, char **reply, struct err *e);
int store_request_put(struct store *s, const char *id, const char *reply, int64_t now_us,
                      struct err *e);
/* Forgets the oldest ones; costs nothing if there is nothing to forget. */
int store_request_prune(struct store *s, int64_t before_us, struct err *e);
