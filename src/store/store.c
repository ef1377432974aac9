// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/environments.h"
#include "store/identity.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "util/cleanup.h"

#define BUSY_TIMEOUT_MS 5000

/* A commit is on disk when it returns; the cache holds 1 MB. */
static const char SETTINGS[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -1024";
static const char WAL_MODE[] = "PRAGMA journal_mode = WAL";

/* SQLite would make the file readable by everybody; -wal and -shm get the modes of the file. */
static int create_private(const char *path, struct err *e)
{
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return 0;
    _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return fd < 0 ? err_errno(e, "can't create %s", path) : 0;
}

static int connect_to(struct store *s, struct err *e)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
        return db_error(s, e);
    if (sqlite3_db_readonly(s->db, "main"))
        return err_set(e, ERR_SYSTEM, "%s can't be written: %s", s->path, strerror(EACCES));
    return 0;
}

static int configure(struct store *s, struct err *e)
{
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    sqlite3_wal_autocheckpoint(s->db, DB_CHECKPOINT_PAGES);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    return db_exec(s, SETTINGS, e);
}

static int use_wal(struct store *s, struct err *e)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->db, WAL_MODE, -1, &st, NULL) != SQLITE_OK)
        return db_error(s, e);
    int rc = sqlite3_step(st);
    const char *mode = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : NULL;
    int result = 0;
    if (rc != SQLITE_ROW)
        result = db_error(s, e);
    else if (!mode || strcmp(mode, "wal") != 0)
        result = err_set(e, ERR_SYSTEM, "%s: no write-ahead log is possible there", s->path);
    sqlite3_finalize(st);
    return result;
}

static int open_as_ours(struct store *s, struct err *e)
{
    enum identity id;
    bool wal;
    if (identity_read(s, &id, &wal, e) < 0)
        return -1;
    /* Until it is known to be ours, closing must not even tidy up its write-ahead log. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, id == IDENTITY_UNMARKED, NULL);
    int64_t version = 0;
    if (configure(s, e) < 0)
        return -1;
    if (id == IDENTITY_OURS && db_number(s, "PRAGMA user_version", &version, e) < 0)
        return -1;
    /* Tables first, WAL second: a process killed in between leaves a file that says whose it is. */
    if (version != SCHEMA_VERSION && migrate(s, e) < 0)
        return -1;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return wal ? 0 : use_wal(s, e);
}

int store_open(const char *path, struct store **out, struct err *e)
{
    *out = NULL;
    if (create_private(path, e) < 0)
        return -1;
    struct store *s = calloc(1, sizeof *s);
    if (s)
        s->path = strdup(path);
    if (!s || !s->path) {
        store_close(s);
        return err_nomem(e);
    }
    if (connect_to(s, e) < 0 || open_as_ours(s, e) < 0) {
        store_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    int saved = errno;
    environment_forget(s);
    for (int i = 0; i < STMT_COUNT; i++)
        sqlite3_finalize(s->stmts[i]);
    sqlite3_close(s->db); /* rolls back */
    free(s->path);
    free(s);
    errno = saved;
}
