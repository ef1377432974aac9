// SPDX-License-Identifier: MIT
/* The write-ahead log as a file. Behind the last frame whose checksum holds, its contents mean
 * nothing (SQLite's file format, "The Write-Ahead Log"). */
#include "store/db.h"
#include "store/store.h"

/* What the log grows to before it is written from its beginning again: a header, and a header for
 * each page; the last transaction may go beyond. */
#define LOG_BYTES ((sqlite3_int64)32 + (DB_CHECKPOINT_PAGES + 64) * (24 + 4096))

static const char zeros[64 * 1024];

/* NULL if it has not been opened yet. */
static sqlite3_file *log_of(struct store *s)
{
    sqlite3_file *log = NULL;
    int rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return rc == SQLITE_OK && log && log->pMethods ? log : NULL;
}

static int sync_log(sqlite3_file *log)
{
    return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static int lengthen(sqlite3_file *log)
{
    sqlite3_int64 size;
    int rc = log->pMethods->xFileSize(log, &size);
    while (rc == SQLITE_OK && size < LOG_BYTES) {
        rc = log->pMethods->xWrite(log, zeros, sizeof zeros, size);
        size += (sqlite3_int64)sizeof zeros;
    }
    return rc == SQLITE_OK ? sync_log(log) : rc;
}

int store_warm(struct store *s, struct err *e)
{
    int64_t n;
    /* The first read opens the log. */
    if (db_number(s, "SELECT count(*) FROM counts", &n, e) < 0)
        return -1;
    sqlite3_file *log = log_of(s);
    if (log && lengthen(log) != SQLITE_OK)
        return err_set(e, ERR_FULL, "%s: its write-ahead log can't get its full length", s->path);
    return 0;
}

int store_sync(struct store *s, struct err *e)
{
    sqlite3_file *log = log_of(s);
    if (s->unsynced && log && sync_log(log) != SQLITE_OK)
        return err_set(e, ERR_FULL, "%s: its write-ahead log can't be written", s->path);
    s->unsynced = false;
    return 0;
}
