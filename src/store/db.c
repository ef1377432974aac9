// SPDX-License-Identifier: MIT
#include "store/db.h"

#include <errno.h>
#include <string.h>

static int code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
        return ERR_FULL;
    case SQLITE_IOERR:
        /* The shared-memory file of the WAL reports a full disk as one of these. A failed read is
         * not cured by waiting. */
        return rc == SQLITE_IOERR_READ || rc == SQLITE_IOERR_SHORT_READ ? ERR_SYSTEM : ERR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our SQL is wrong only where the tables are not what they were */
        return ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
        return ERR_INVALID;
    default:
        return ERR_SYSTEM;
    }
}

static const char *meaning_of(int code)
{
    switch (code) {
    case ERR_FULL:
        return "can't be written";
    case ERR_CORRUPT:
        return "is damaged";
    case ERR_BUSY:
        return "is in use by another process";
    case ERR_INVALID:
        return "refuses the change";
    default:
        return "can't be used";
    }
}

int db_describe(sqlite3 *db, const char *path, struct err *e)
{
    if (!db)
        return err_nomem(e);
    int rc = sqlite3_extended_errcode(db);
    int code = code_of(rc);
    int primary = rc & 0xff;
    int sys = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL
                  ? sqlite3_system_errno(db)
                  : 0;
    return err_set(e, code, "%s %s: %s%s%s", path, meaning_of(code), sqlite3_errmsg(db),
                   sys ? ": " : "", sys ? strerror(sys) : "");
}

int db_error(struct store *s, struct err *e)
{
    return db_describe(s->db, s->path, e);
}

int db_exec(struct store *s, const char *sql, struct err *e)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_error(s, e);
}

int db_number(struct store *s, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
        return db_error(s, e);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    int result = rc == SQLITE_ROW ? 0 : db_error(s, e);
    sqlite3_finalize(st);
    return result;
}

int db_in_transaction(struct store *s, struct err *e)
{
    if (!s->begun)
        return err_set(e, ERR_INVALID, "%s: a change outside of a transaction", s->path);
    if (sqlite3_get_autocommit(s->db))
        return err_set(e, ERR_FULL, "%s: the transaction was rolled back by an earlier error",
                       s->path);
    return 0;
}
