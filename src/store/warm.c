// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/store.h"

/* What the write-ahead log grows to before it is written from its beginning again: a header, and a
 * header for each page; the last transaction may go beyond. */
#define LOG_BYTES ((sqlite3_int64)32 + (DB_CHECKPOINT_PAGES + 64) * (24 + 4096))

static const char zeros[64 * 1024];

static int lengthen(sqlite3_file *log)
{
    sqlite3_int64 size;
    int rc = log->pMethods->xFileSize(log, &size);
    while (rc == SQLITE_OK && size < LOG_BYTES) {
        rc = log->pMethods->xWrite(log, zeros, sizeof zeros, size);
        size += (sqlite3_int64)sizeof zeros;
    }
    return rc == SQLITE_OK ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) : rc;
}

/* Behind the last frame whose checksum holds, the log's contents mean nothing (SQLite's file format,
 * "The Write-Ahead Log"). */
int store_warm(struct store *s, struct err *e)
{
    sqlite3_file *log = NULL;
    int64_t n;
    /* The first read opens the log. */
    if (db_number(s, "SELECT count(*) FROM counts", &n, e) < 0)
        return -1;
    if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK)
        return db_error(s, e);
    if (!log || !log->pMethods)
        return 0;
    return lengthen(log) == SQLITE_OK
               ? 0
               : err_set(e, ERR_FULL, "%s: its write-ahead log can't get its full length", s->path);
}
