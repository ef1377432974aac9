// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dependency.h"
#include "store/db.h"
#include "store/environments.h"
#include "store/jobs.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* Parameters: ?1 the states, between commas; ?2 and ?3 from when to when; ?4 whom somebody waits
 * for, as a JSON list; ?5 how many at most. */
#define PAST                                                                                       \
    " FROM jobs INDEXED BY jobs_ended WHERE end_time IS NOT NULL AND end_time >= ?2"               \
    " AND end_time < ?3 AND instr(?1, ',' || status || ',')"                                       \
    " AND id NOT IN (SELECT value FROM json_each(?4))"                                             \
    " AND coalesce(array_job_id, 0) NOT IN (SELECT value FROM json_each(?4))"
static const char PAST_COUNT[] = "SELECT count(*)" PAST;
static const char PAST_LIST[] = "SELECT " JOB_COLUMNS PAST " ORDER BY end_time LIMIT ?5";

static const char ENVIRONMENT_OF[] = "SELECT env_hash FROM jobs WHERE id = ?";
static const char DELETE_ATTEMPTS[] = "DELETE FROM attempts WHERE job_id = ?";
static const char DELETE_JOB[] = "DELETE FROM jobs WHERE id = ?";
static const char DELETE_ENVIRONMENT[] = "DELETE FROM environments WHERE hash = ?1"
                                         " AND NOT EXISTS (SELECT 1 FROM jobs WHERE env_hash = ?1)";

/* The events from ?1, exclusive, to ?2. */
static const char SWEEP[] = "DELETE FROM events WHERE seq > ?1 AND seq <= ?2 AND job_id IS NOT NULL"
                            " AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = job_id)";
static const char SWEEP_TO[] =
    "SELECT max(seq), count(*) = ?2 AND min(time) < ?3 FROM"
    " (SELECT seq, time FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2)";

#define STATES_LEN 256

/* ",COMPLETED,FAILED,": ends only. */
static void name_states(unsigned states, char *buf, size_t len)
{
    size_t used = (size_t)snprintf(buf, len, ",");
    for (int s = 0; s < JOB_STATES; s++)
        if (job_state_ended((enum job_state)s) && (!states || states & 1u << s))
            used +=
                (size_t)snprintf(buf + used, len - used, "%s,", job_state_name((enum job_state)s));
}

static void put_past(struct stmt *q, const struct store_past *p, const char *states,
                     const struct buf *awaited)
{
    stmt_put_text(q, states);
    stmt_put_seconds(q, true, p->after_us);
    stmt_put_seconds(q, true, p->before_us);
    stmt_put_text(q, awaited->data);
}

static int add_targets(void *ctx, int64_t id, const struct dependency *d, struct err *e)
{
    struct buf *list = ctx;
    for (size_t i = 0; i < d->count; i++)
        if (d->clauses[i].job)
            buf_printf(list, "%s%" PRId64, list->len > 1 ? "," : "", d->clauses[i].job);
    return 0;
}

/* "[12,15]": those that dependencies of active jobs name. (Of a task its array, all of it.) */
static int find_awaited(struct store *s, struct buf *list, struct err *e)
{
    buf_puts(list, "[");
    if (dependencies_each(s, add_targets, list, e) < 0)
        return -1;
    buf_puts(list, "]");
    return list->failed ? err_nomem(e) : 0;
}

int store_past_count(struct store *s, const struct store_past *p, int64_t *n, struct err *e)
{
    char states[STATES_LEN];
    name_states(p->states, states, sizeof states);
    _cleanup_buf_ struct buf awaited = {0};
    _cleanup_stmt_ struct stmt q = {0};
    if (find_awaited(s, &awaited, e) < 0)
        return -1;
    if (stmt_open(&q, s, STMT_PRUNE_COUNT, PAST_COUNT, e) < 0)
        return -1;
    put_past(&q, p, states, &awaited);
    if (stmt_step(&q, e) < 0)
        return -1;
    *n = stmt_get_int(&q);
    return 0;
}

int store_past_each(struct store *s, const struct store_past *p,
                    int (*each)(void *ctx, const struct job_record *r), void *ctx, struct err *e)
{
    char states[STATES_LEN];
    name_states(p->states, states, sizeof states);
    _cleanup_buf_ struct buf awaited = {0};
    _cleanup_stmt_ struct stmt q = {0};
    if (find_awaited(s, &awaited, e) < 0)
        return -1;
    if (stmt_open(&q, s, STMT_PRUNE_LIST, PAST_LIST, e) < 0)
        return -1;
    put_past(&q, p, states, &awaited);
    stmt_put_int(&q, p->limit);
    return job_row_each(&q, each, ctx, e);
}

/* --- one job ---------------------------------------------------------------------------------- */

/* Of the job; *known: it has one. */
static int environment_of(struct store *s, int64_t id, unsigned char *key, bool *known,
                          struct err *e)
{
    size_t len = 0;
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PRUNE_ENVIRONMENT, ENVIRONMENT_OF, e) < 0)
        return -1;
    stmt_put_int(&q, id);
    int got = stmt_step(&q, e);
    if (got < 0)
        return -1;
    char *bytes = got ? stmt_get_bytes(&q, &len) : NULL;
    *known = bytes && len == ENVIRONMENT_KEY_LEN;
    if (*known)
        memcpy(key, bytes, len);
    free(bytes);
    return q.nomem ? err_nomem(e) : 0;
}

static int delete_by(struct store *s, enum store_stmt name, const char *sql, int64_t id,
                     int *changed, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, name, sql, e) < 0)
        return -1;
    stmt_put_int(&q, id);
    return stmt_run(&q, changed, e);
}

static int delete_environment(struct store *s, const unsigned char *key, int *changed,
                              struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PRUNE_ENVIRONMENTS, DELETE_ENVIRONMENT, e) < 0)
        return -1;
    stmt_put_blob(&q, key, ENVIRONMENT_KEY_LEN);
    return stmt_run(&q, changed, e);
}

int store_job_remove(struct store *s, int64_t id, int64_t *environments, struct err *e)
{
    unsigned char key[ENVIRONMENT_KEY_LEN];
    enum job_state state;
    bool known = false;
    int changed = 0;
    if (db_in_transaction(s, e) < 0 || job_state_load(s, id, &state, e) < 0)
        return -1;
    if (!job_state_ended(state))
        return job_refuse(s, id, "only what has ended can be removed", e);
    if (environment_of(s, id, key, &known, e) < 0 ||
        delete_by(s, STMT_PRUNE_ATTEMPTS, DELETE_ATTEMPTS, id, NULL, e) < 0 ||
        delete_by(s, STMT_PRUNE_JOB, DELETE_JOB, id, NULL, e) < 0)
        return -1;
    if (known && delete_environment(s, key, &changed, e) < 0)
        return -1;
    *environments += changed;
    return 0;
}

/* --- events ----------------------------------------------------------------------------------- */

/* *to: the last of the next `limit`; *more: there may be others behind them, from before that time.
 */
static int sweep_to(struct store *s, int64_t before_us, int64_t after, int limit, int64_t *to,
                    bool *more, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PRUNE_EVENTS_TO, SWEEP_TO, e) < 0)
        return -1;
    stmt_put_int(&q, after);
    stmt_put_int(&q, limit);
    stmt_put_seconds(&q, true, before_us);
    if (stmt_step(&q, e) < 0)
        return -1;
    *to = stmt_get_int(&q);
    *more = stmt_get_int(&q) != 0;
    return 0;
}

int store_event_sweep(struct store *s, int64_t before_us, int limit, int64_t *after,
                      int64_t *removed, struct err *e)
{
    int64_t to;
    bool more;
    int changed = 0;
    if (db_in_transaction(s, e) < 0 || sweep_to(s, before_us, *after, limit, &to, &more, e) < 0)
        return -1;
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PRUNE_EVENTS, SWEEP, e) < 0)
        return -1;
    stmt_put_int(&q, *after);
    stmt_put_int(&q, to);
    if (stmt_run(&q, &changed, e) < 0)
        return -1;
    *removed += changed;
    *after = more ? to : 0;
    return 0;
}
