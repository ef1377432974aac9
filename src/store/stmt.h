/* SPDX-License-Identifier: MIT */
/* stmt.h - one use of a prepared statement: bind in order, step, read columns in order. Private to
 * store/.
 *
 *     _cleanup_stmt_ struct stmt q = {0};
 *     if (stmt_open(&q, s, STMT_JOB_STATE, JOB_STATE, e) < 0)
 *         return -1;
 *     stmt_put_int(&q, id);
 *     int got = stmt_step(&q, e);
 *
 * Leaving the scope resets the statement, so that no read transaction stays open. What fails while
 * binding is reported by the next stmt_step(). Bound bytes are borrowed until the reset. Times and
 * durations are microseconds here and REAL seconds in the database. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strz.h"

struct store;

/* The name of each statement's place in the store. */
enum store_stmt {
    STMT_BEGIN,
    STMT_COMMIT,
    STMT_SAVEPOINT,
    STMT_RELEASE,
    STMT_JOB_NEXT_ID,
    STMT_JOB_INSERT,
    STMT_JOB_LOAD,
    STMT_JOB_STATE,
    STMT_JOB_LAST,
    STMT_JOB_BEGIN,
    STMT_JOB_VOID,
    STMT_JOB_END,
    STMT_JOB_END_PENDING,
    STMT_JOB_CANCEL,
    STMT_JOB_WISH,
    STMT_JOB_WANT,
    STMT_JOB_RESIZE,
    STMT_JOB_HOLD,
    STMT_HEAD_FILES,
    STMT_HEAD_MAKE_READ,
    STMT_HEAD_READ,
    STMT_HEAD_MAKE_WRITE,
    STMT_HEAD_WRITE,
    STMT_HEAD_NEXT,
    STMT_HEAD_REST,
    STMT_HEAD_LAST,
    STMT_ARRAY_TASKS,
    STMT_ARRAY_HEADS,
    STMT_ARRAY_ACTIVE,
    STMT_ARRAY_ALL,
    STMT_ARRAY_FIRST_BAD,
    STMT_ARRAY_NEXT,
    STMT_ARRAY_STATES,
    STMT_JOB_HELD,
    STMT_JOB_UPDATE,
    STMT_JOB_DEPENDS,
    STMT_JOB_REQUEUE_WISH,
    STMT_JOB_REQUEUE,
    STMT_LIST_ALL,
    STMT_LIST_RECENT,
    STMT_LIST_LAST,
    STMT_LIST_ARRAY,
    STMT_ATTEMPT_INSERT,
    STMT_ATTEMPT_DELETE,
    STMT_ATTEMPT_END,
    STMT_ATTEMPT_RESIZE,
    STMT_ATTEMPT_HOLD,
    STMT_ATTEMPT_LIST,
    STMT_ATTEMPT_RUNNING,
    STMT_ENV_SAME,
    STMT_ENV_INSERT,
    STMT_ENV_OF_JOB,
    STMT_EVENT_SUBMIT,
    STMT_EVENT_START,
    STMT_EVENT_VOID,
    STMT_EVENT_END,
    STMT_EVENT_CANCEL,
    STMT_EVENT_WANT,
    STMT_EVENT_RESIZE,
    STMT_EVENT_SIGNAL,
    STMT_EVENT_SUSPEND,
    STMT_EVENT_RESUME,
    STMT_JOB_SUSPEND,
    STMT_JOB_RESUME,
    STMT_EVENT_HOLD,
    STMT_EVENT_UPDATE,
    STMT_EVENT_REQUEUE,
    STMT_RESIZE_LIST,
    STMT_COUNT_STATES,
    STMT_COUNT_TASKS,
    STMT_COUNT_MEANS,
    STMT_COUNT_USED,
    STMT_COUNT_OLDER,
    STMT_DRAIN_GET,
    STMT_DRAIN_SET,
    STMT_DRAIN_END,
    STMT_PRUNE_COUNT,
    STMT_PRUNE_LIST,
    STMT_PRUNE_ENVIRONMENT,
    STMT_PRUNE_ATTEMPTS,
    STMT_PRUNE_JOB,
    STMT_PRUNE_ENVIRONMENTS,
    STMT_PRUNE_EVENTS,
    STMT_PRUNE_EVENTS_TO,
    STMT_EVENT_DRAIN,
    STMT_REQUEST_FIND,
    STMT_REQUEST_PUT,
    STMT_REQUEST_PRUNE,
    STMT_PREDICTION_RUN,
    STMT_PREDICTION_HISTORY,
    STMT_PREDICTION_PUT,
    STMT_PREDICTION_GET,
    STMT_DEPENDENCY_TARGET,
    STMT_DEPENDENCIES,
    STMT_COUNT,
};

struct stmt {
    struct store *store;
    sqlite3_stmt *st;
    int place; /* the next parameter, or the next column of the row */
    int rc;    /* the first failed bind */
    bool nomem;
};

int stmt_open(struct stmt *q, struct store *s, enum store_stmt name, const char *sql,
              struct err *e);
void stmt_close(struct stmt *q);
#define _cleanup_stmt_ __attribute__((cleanup(stmt_close)))

/* 1: a row, to be read from its first column on. 0: no more. -1 with *e. */
int stmt_step(struct stmt *q, struct err *e);
/* For a statement that returns no rows: runs it; *changed (may be NULL): how many rows it changed
 * itself. */
int stmt_run(struct stmt *q, int *changed, struct err *e);
/* Runs a change of exactly one row; 1 if there was none to change. */
int stmt_run_once(struct stmt *q, struct err *e);

void stmt_put_null(struct stmt *q);
void stmt_put_int(struct stmt *q, int64_t v);
void stmt_put_int_or_null(struct stmt *q, bool known, int64_t v);
void stmt_put_text(struct stmt *q, const char *text);                   /* NULL: NULL */
void stmt_put_blob(struct stmt *q, const void *bytes, size_t len);      /* NULL: NULL */
void stmt_put_time(struct stmt *q, int64_t wall_us);                    /* 0: NULL */
void stmt_put_seconds(struct stmt *q, bool known, int64_t duration_us); /* not known: NULL */
/* All columns of the other one's row. */
void stmt_put_row(struct stmt *q, const struct stmt *row);
void stmt_put_real(struct stmt *q, bool known, double v); /* not known: NULL */

bool stmt_is_null(const struct stmt *q); /* the next column */
int64_t stmt_get_int(struct stmt *q);    /* NULL: 0 */
int64_t stmt_get_int_or(struct stmt *q, int64_t when_null);
int64_t stmt_get_time(struct stmt *q); /* NULL: 0 */
int64_t stmt_get_seconds_or(struct stmt *q, int64_t when_null);
double stmt_get_real(struct stmt *q);
/* A string or bytes to free(), NULL for NULL (or, with q->nomem set, for lack of memory). A NUL
 * stands behind the bytes, not counted. */
char *stmt_get_bytes(struct stmt *q, size_t *len);
char *stmt_get_text(struct stmt *q);
/* The column's bytes as SQLite holds them, until the next step; NULL for NULL. */
const char *stmt_peek_text(struct stmt *q);
