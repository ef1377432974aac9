// SPDX-License-Identifier: MIT
#include "store/stmt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/db.h"

#define US 1e6

int stmt_open(struct stmt *q, struct store *s, enum store_stmt name, const char *sql, struct err *e)
{
    sqlite3_stmt **kept = &s->stmts[name];
    if (!*kept &&
        sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, kept, NULL) != SQLITE_OK)
        return db_error(s, e);
    if (sqlite3_stmt_busy(*kept))
        return err_set(e, ERR_INVALID, "%s: a listing inside a listing of the same kind", s->path);
    *q = (struct stmt){.store = s, .st = *kept, .place = 1};
    return 0;
}

void stmt_close(struct stmt *q)
{
    if (!q->st)
        return;
    sqlite3_reset(q->st);
    /* What was bound is the caller's and may go. */
    sqlite3_clear_bindings(q->st);
    q->st = NULL;
}

int stmt_step(struct stmt *q, struct err *e)
{
    if (q->rc == SQLITE_NOMEM)
        return err_nomem(e);
    if (q->rc != SQLITE_OK)
        return err_set(e, ERR_INVALID, "%s refuses the value: %s", q->store->path,
                       sqlite3_errstr(q->rc));
    q->place = 0;
    switch (sqlite3_step(q->st)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        return db_error(q->store, e);
    }
}

int stmt_run(struct stmt *q, int *changed, struct err *e)
{
    if (stmt_step(q, e) < 0)
        return -1;
    if (changed)
        *changed = sqlite3_changes(q->store->db);
    return 0;
}

int stmt_run_once(struct stmt *q, struct err *e)
{
    int changed = 0;
    if (stmt_run(q, &changed, e) < 0)
        return -1;
    return changed != 1;
}

static void bound(struct stmt *q, int rc)
{
    if (q->rc == SQLITE_OK)
        q->rc = rc;
}

void stmt_put_null(struct stmt *q)
{
    bound(q, sqlite3_bind_null(q->st, q->place++));
}

void stmt_put_int(struct stmt *q, int64_t v)
{
    bound(q, sqlite3_bind_int64(q->st, q->place++, v));
}

void stmt_put_int_or_null(struct stmt *q, bool known, int64_t v)
{
    if (known)
        stmt_put_int(q, v);
    else
        stmt_put_null(q);
}

void stmt_put_real(struct stmt *q, bool known, double v)
{
    if (known)
        bound(q, sqlite3_bind_double(q->st, q->place++, v));
    else
        stmt_put_null(q);
}

void stmt_put_text(struct stmt *q, const char *text)
{
    if (text)
        bound(q, sqlite3_bind_text64(q->st, q->place++, text, strlen(text), SQLITE_STATIC,
                                     SQLITE_UTF8));
    else
        stmt_put_null(q);
}

void stmt_put_blob(struct stmt *q, const void *bytes, size_t len)
{
    if (bytes)
        bound(q, sqlite3_bind_blob64(q->st, q->place++, bytes, len, SQLITE_STATIC));
    else
        stmt_put_null(q);
}

void stmt_put_time(struct stmt *q, int64_t wall_us)
{
    stmt_put_seconds(q, wall_us != 0, wall_us);
}

void stmt_put_seconds(struct stmt *q, bool known, int64_t duration_us)
{
    stmt_put_real(q, known, (double)duration_us / US);
}

void stmt_put_row(struct stmt *q, const struct stmt *row)
{
    for (int i = 0; i < sqlite3_column_count(row->st); i++)
        bound(q, sqlite3_bind_value(q->st, q->place++, sqlite3_column_value(row->st, i)));
}

bool stmt_is_null(const struct stmt *q)
{
    return sqlite3_column_type(q->st, q->place) == SQLITE_NULL;
}

int64_t stmt_get_int(struct stmt *q)
{
    return sqlite3_column_int64(q->st, q->place++);
}

int64_t stmt_get_int_or(struct stmt *q, int64_t when_null)
{
    if (stmt_is_null(q)) {
        q->place++;
        return when_null;
    }
    return stmt_get_int(q);
}

int64_t stmt_get_time(struct stmt *q)
{
    return stmt_get_seconds_or(q, 0);
}

int64_t stmt_get_seconds_or(struct stmt *q, int64_t when_null)
{
    bool null = stmt_is_null(q);
    double seconds = stmt_get_real(q);
    /* The bounds keep a number that somebody else wrote into the column from overflowing. */
    if (null)
        return when_null;
    if (!(fabs(seconds) < 9e12))
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    return llround(seconds * US);
}

double stmt_get_real(struct stmt *q)
{
    return sqlite3_column_double(q->st, q->place++);
}

char *stmt_get_bytes(struct stmt *q, size_t *len)
{
    int place = q->place++;
    if (len)
        *len = 0;
    if (sqlite3_column_type(q->st, place) == SQLITE_NULL)
        return NULL;
    const void *bytes = sqlite3_column_blob(q->st, place);
    size_t n = (size_t)sqlite3_column_bytes(q->st, place);
    char *copy = malloc(n + 1);
    /* No bytes for a length: SQLite could not get the memory to gather a long value. */
    if (!copy || (n && !bytes)) {
        free(copy);
        q->nomem = true;
        return NULL;
    }
    if (n)
        memcpy(copy, bytes, n);
    copy[n] = '\0';
    if (len)
        *len = n;
    return copy;
}

char *stmt_get_text(struct stmt *q)
{
    return stmt_get_bytes(q, NULL);
}

const char *stmt_peek_text(struct stmt *q)
{
    return (const char *)sqlite3_column_text(q->st, q->place++);
}
