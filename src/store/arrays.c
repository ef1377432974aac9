// SPDX-License-Identifier: MIT
/* Arrays. A head is the one row of all tasks that are pending: array_spec has their numbers, of
 * which those below array_next have left it, so that one more to leave costs the same however many
 * there are. Whoever leaves gets a row that is a copy of the head's. */
#include <stdlib.h>

#include "store/columns.h"
#include "store/db.h"
#include "store/jobs.h"
#include "store/schema.h"
#include "util/cleanup.h"

/* Makes the two statements by which a head's row is copied: what a column is that is not named
 * here, is the same of a task. (INSERT ... SELECT from the same table would go by a temporary one.)
 */
#define OTHER_COLUMNS                                                                              \
    " FROM pragma_table_info('jobs') WHERE name NOT IN ('id', 'array_task_id', 'array_spec',"      \
    " 'array_left', 'array_next', 'stdout_path', 'stderr_path', 'control_file', 'ack_file')"
static const char MAKE_READ[] = "SELECT 'SELECT ' || group_concat(name, ', ') || ' FROM jobs"
                                " WHERE id = ?1 AND array_left > ?2 AND status = ?3'" OTHER_COLUMNS;
static const char MAKE_WRITE[] =
    "SELECT 'INSERT INTO jobs (id, array_task_id, array_spec, array_left, stdout_path, stderr_path,"
    " control_file, ack_file, ' || group_concat(name, ', ') || ') VALUES (?, ?, ?, ?, ?, ?, ?, ?, '"
    " || group_concat('?', ', ') || ')'" OTHER_COLUMNS;

static const char HEAD_FILES[] =
    "SELECT stdout_path, stderr_path, control_file, ack_file, sweep FROM jobs WHERE id = ?";
static const char HEAD_NEXT[] = "UPDATE jobs SET array_next = ?2 + 1, array_left = array_left - 1"
                                " WHERE id = ?1 AND array_left > 1";
static const char HEAD_REST[] =
    "UPDATE jobs SET array_spec = ?2, array_left = ?3, array_next = NULL WHERE id = ?1";
static const char HEAD_LAST[] =
    "UPDATE jobs SET array_task_id = ?2, array_spec = NULL, array_left = NULL, array_next = NULL,"
    " stdout_path = ?3, stderr_path = ?4, control_file = ?5, ack_file = ?6"
    " WHERE id = ?1 AND status = 'PENDING' AND array_left = 1";

static const char ARRAY_TASKS[] = "SELECT id FROM jobs INDEXED BY jobs_tasks"
                                  " WHERE array_job_id = ?1 AND array_task_id BETWEEN ?2 AND ?3"
                                  " ORDER BY array_task_id";
static const char ARRAY_HEADS[] = "SELECT id FROM jobs INDEXED BY jobs_tasks"
                                  " WHERE array_job_id = ?1 AND array_task_id IS NULL ORDER BY id";
static const char ARRAY_ACTIVE[] = "SELECT id FROM jobs INDEXED BY jobs_active"
                                   " WHERE " STATUS_ACTIVE " AND array_job_id = ?1 ORDER BY id";
static const char ARRAY_ALL[] = "SELECT id FROM jobs INDEXED BY jobs_tasks"
                                " WHERE array_job_id = ?1 ORDER BY id";
static const char ARRAY_NEXT[] = "SELECT array_task_id FROM jobs INDEXED BY jobs_tasks"
                                 " WHERE array_job_id = ?1 AND array_task_id >= ?2"
                                 " ORDER BY array_task_id LIMIT 1";
static const char ARRAY_FIRST_BAD[] =
    "SELECT id FROM jobs INDEXED BY jobs_tasks WHERE array_job_id = ?1"
    " AND status <> 'COMPLETED' AND NOT (" STATUS_ACTIVE ")"
    " ORDER BY array_task_id IS NULL, array_task_id LIMIT 1";
static const char ARRAY_STATES[] =
    "SELECT status, sum(coalesce(array_left, 1)) FROM jobs INDEXED BY jobs_tasks"
    " WHERE array_job_id = ?1 GROUP BY status";

/* --- the files of a task ---------------------------------------------------------------------- */

enum { FILES = 4 };

/* In the order of HEAD_FILES. */
struct files {
    char *paths[FILES];
    char *sweep; /* or NULL */
};

static void files_free(struct files *f)
{
    for (int i = 0; i < FILES; i++)
        free(f->paths[i]);
    free(f->sweep);
}

/* Those of the head, which are patterns. */
static int load_files(struct store *s, int64_t head, struct files *f, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_HEAD_FILES, HEAD_FILES, e) < 0)
        return -1;
    stmt_put_int(&q, head);
    if (stmt_step(&q, e) < 0)
        return -1;
    for (int i = 0; i < FILES; i++)
        f->paths[i] = stmt_get_text(&q);
    f->sweep = stmt_get_text(&q);
    return q.nomem ? err_nomem(e) : 0;
}

static int name_files(struct files *f, const struct job *j, struct err *e)
{
    for (int i = 0; i < FILES; i++)
        if (f->paths[i] && store_path_fill(&f->paths[i], j, f->sweep, e) < 0)
            return -1;
    return 0;
}

static void put_files(struct stmt *q, const struct files *f)
{
    for (int i = 0; i < FILES; i++)
        stmt_put_text(q, f->paths[i]);
}

/* --- leaving the head ------------------------------------------------------------------------- */

/* Opens a statement whose text another one makes, the first time. */
static int open_made(struct stmt *q, struct store *s, enum store_stmt name, enum store_stmt maker,
                     const char *make, struct err *e)
{
    _cleanup_free_ char *sql = NULL;
    if (!s->stmts[name]) {
        _cleanup_stmt_ struct stmt m = {0};
        if (stmt_open(&m, s, maker, make, e) < 0 || stmt_step(&m, e) < 0)
            return -1;
        if (!(sql = stmt_get_text(&m)))
            return err_nomem(e);
    }
    return stmt_open(q, s, name, sql, e);
}

static int write_copy(struct stmt *row, struct store *s, const struct job *j, const char *tasks,
                      const struct files *f, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_made(&q, s, STMT_HEAD_WRITE, STMT_HEAD_MAKE_WRITE, MAKE_WRITE, e) < 0)
        return -1;
    stmt_put_int(&q, j->id);
    stmt_put_int_or_null(&q, !tasks, j->task);
    stmt_put_text(&q, tasks);
    stmt_put_int_or_null(&q, tasks != NULL, j->tasks.count);
    put_files(&q, f);
    stmt_put_row(&q, row);
    return stmt_run(&q, NULL, e);
}

/* A row for the job j, which is one task or several. 0, 1 if the head has not so many or is in
 * another state, or -1. */
static int copy_head(struct store *s, int64_t head, enum job_state state, const struct job *j,
                     const struct files *f, struct err *e)
{
    _cleanup_buf_ struct buf tasks = {0};
    taskset_format(&j->tasks, &tasks);
    if (tasks.failed)
        return err_nomem(e);
    _cleanup_stmt_ struct stmt row = {0};
    if (open_made(&row, s, STMT_HEAD_READ, STMT_HEAD_MAKE_READ, MAKE_READ, e) < 0)
        return -1;
    stmt_put_int(&row, head);
    stmt_put_int(&row, tasks.data ? j->tasks.count : 1);
    stmt_put_text(&row, job_state_name(state));
    int got = stmt_step(&row, e);
    return got <= 0 ? (got < 0 ? -1 : 1) : write_copy(&row, s, j, tasks.data, f, e);
}

static int check_next_id(struct store *s, int64_t id, struct err *e)
{
    int64_t next = 0;
    if (store_next_id(s, &next, e) < 0)
        return -1;
    if (id == next)
        return 0;
    return err_set(e, ERR_INVALID, "the next job is %lld, not %lld", (long long)next,
                   (long long)id);
}

static int leave_first(struct store *s, int64_t head, int64_t task, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_HEAD_NEXT, HEAD_NEXT, e) < 0)
        return -1;
    stmt_put_int(&q, head);
    stmt_put_int(&q, task);
    return stmt_run_once(&q, e);
}

static int leave_last(struct store *s, const struct job *j, const struct files *f, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_HEAD_LAST, HEAD_LAST, e) < 0)
        return -1;
    stmt_put_int(&q, j->id);
    stmt_put_int(&q, j->task);
    put_files(&q, f);
    return stmt_run_once(&q, e);
}

int store_task_leave(struct store *s, int64_t head, const struct job *j, struct err *e)
{
    _cleanup_(files_free) struct files f = {0};
    if (db_in_transaction(s, e) < 0 || load_files(s, head, &f, e) < 0 || name_files(&f, j, e) < 0)
        return -1;
    int none = 0;
    if (j->id == head) {
        none = leave_last(s, j, &f, e);
    } else {
        none = check_next_id(s, j->id, e);
        if (none == 0)
            none = copy_head(s, head, JOB_PENDING, j, &f, e);
        if (none == 0)
            none = leave_first(s, head, j->task, e);
    }
    return none > 0 ? job_refuse(s, head, "no task can leave it", e) : none;
}

static int keep_rest(struct store *s, int64_t head, const struct taskset *rest, struct err *e)
{
    _cleanup_buf_ struct buf tasks = {0};
    taskset_format(rest, &tasks);
    if (tasks.failed)
        return err_nomem(e);
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_HEAD_REST, HEAD_REST, e) < 0)
        return -1;
    stmt_put_int(&q, head);
    stmt_put_text(&q, tasks.data);
    stmt_put_int(&q, rest->count);
    return stmt_run(&q, NULL, e);
}

int store_tasks_leave(struct store *s, int64_t head, struct job *part, const struct taskset *rest,
                      struct err *e)
{
    _cleanup_(files_free) struct files f = {0};
    if (db_in_transaction(s, e) < 0 || store_next_id(s, &part->id, e) < 0 ||
        load_files(s, head, &f, e) < 0)
        return -1;
    if (!part->tasks.count && name_files(&f, part, e) < 0)
        return -1;
    int none = copy_head(s, head, part->state, part, &f, e);
    if (none)
        return none < 0 ? -1 : job_refuse(s, head, "no task can leave it", e);
    return keep_rest(s, head, rest, e);
}

/* --- looking ---------------------------------------------------------------------------------- */

static int list_ids(struct stmt *q, struct ids *ids, struct err *e)
{
    int got = 0;
    while ((got = stmt_step(q, e)) == 1)
        if (ids_add(ids, stmt_get_int(q), e) < 0)
            return -1;
    return got;
}

int store_array_tasks(struct store *s, int64_t array, int64_t first, int64_t last, struct ids *ids,
                      struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_TASKS, ARRAY_TASKS, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    stmt_put_int(&q, first);
    stmt_put_int(&q, last);
    return list_ids(&q, ids, e);
}

int store_array_heads(struct store *s, int64_t array, struct ids *ids, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_HEADS, ARRAY_HEADS, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    return list_ids(&q, ids, e);
}

int store_array_active(struct store *s, int64_t array, struct ids *ids, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_ACTIVE, ARRAY_ACTIVE, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    return list_ids(&q, ids, e);
}

int store_array_all(struct store *s, int64_t array, struct ids *ids, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_ALL, ARRAY_ALL, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    return list_ids(&q, ids, e);
}

int store_array_next(struct store *s, int64_t array, int64_t from, int64_t *task, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_NEXT, ARRAY_NEXT, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    stmt_put_int(&q, from);
    int got = stmt_step(&q, e);
    *task = got > 0 ? stmt_get_int(&q) : -1;
    return got < 0 ? -1 : 0;
}

int store_array_first_bad(struct store *s, int64_t array, int64_t *id, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_FIRST_BAD, ARRAY_FIRST_BAD, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    int got = stmt_step(&q, e);
    *id = got > 0 ? stmt_get_int(&q) : 0;
    return got < 0 ? -1 : 0;
}

int store_array_states(struct store *s, int64_t array, int64_t by_state[JOB_STATES], struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ARRAY_STATES, ARRAY_STATES, e) < 0)
        return -1;
    stmt_put_int(&q, array);
    int got = 0;
    while ((got = stmt_step(&q, e)) == 1) {
        enum job_state state;
        if (stmt_get_state(&q, array, &state, e) < 0)
            return -1;
        by_state[state] = stmt_get_int(&q);
    }
    return got;
}
