// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/environments.h"

static const char BEGIN[] = "BEGIN IMMEDIATE";
static const char COMMIT[] = "COMMIT";
static const char SAVEPOINT[] = "SAVEPOINT part";
static const char RELEASE[] = "RELEASE part";
static const char UNDO[] = "ROLLBACK TO part; RELEASE part";

static int run(struct store *s, enum store_stmt name, const char *sql, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, name, sql, e) < 0)
        return -1;
    return stmt_run(&q, NULL, e);
}

static int relax(struct store *s, bool relaxed, struct err *e)
{
    if (s->relaxed == relaxed)
        return 0;
    if (db_exec(s, relaxed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL", e) < 0)
        return -1;
    s->relaxed = relaxed;
    return 0;
}

static int begin(struct store *s, bool relaxed, struct err *e)
{
    if (s->begun)
        return err_set(e, ERR_INVALID, "%s: a transaction inside a transaction", s->path);
    environment_forget(s);
    if (relax(s, relaxed, e) < 0 || run(s, STMT_BEGIN, BEGIN, e) < 0)
        return -1;
    s->begun = true;
    return 0;
}

int store_begin(struct store *s, struct err *e)
{
    return begin(s, false, e);
}

int store_begin_relaxed(struct store *s, struct err *e)
{
    return begin(s, true, e);
}

int store_commit(struct store *s, struct err *e)
{
    /* An error such as a full disk makes SQLite roll back by itself: then nothing is left to
     * commit, and saying that it worked would lose what was promised. */
    if (db_in_transaction(s, e) < 0 || run(s, STMT_COMMIT, COMMIT, e) < 0) {
        store_rollback(s);
        return -1;
    }
    s->begun = false;
    s->unsynced = s->relaxed; /* with one that waited, all before it are on disk */
    return 0;
}

void store_rollback(struct store *s)
{
    environment_forget(s);
    s->begun = false;
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_savepoint(struct store *s, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    return run(s, STMT_SAVEPOINT, SAVEPOINT, e);
}

int store_release(struct store *s, struct err *e)
{
    if (db_in_transaction(s, e) < 0)
        return -1;
    return run(s, STMT_RELEASE, RELEASE, e);
}

void store_undo(struct store *s)
{
    environment_forget(s);
    /* If the savepoint can't be gone back to, what it was meant to undo must not be committed with
     * the rest: the whole transaction goes, and the next use of it says so. */
    if (!sqlite3_get_autocommit(s->db) && sqlite3_exec(s->db, UNDO, NULL, NULL, NULL) != SQLITE_OK)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}
