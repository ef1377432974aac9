// SPDX-License-Identifier: MIT
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "store/db.h"
#include "util/cleanup.h"

#define COPIES_MAX 100

static void close_db(sqlite3 **db)
{
    sqlite3_close(*db);
}
#define _cleanup_db_ _cleanup_(close_db)

/* Page by page. The source is a connection of its own, because SQLite does not copy from one that
 * has a write transaction. */
static int copy_pages(struct store *s, const char *to, struct err *e)
{
    _cleanup_db_ sqlite3 *source = NULL, *target = NULL;
    if (sqlite3_open_v2(s->path, &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return db_describe(source, s->path, e);
    if (sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return db_describe(target, to, e);
    sqlite3_backup *copy = sqlite3_backup_init(target, "main", source, "main");
    if (!copy)
        return db_describe(target, to, e);
    sqlite3_backup_step(copy, -1);
    if (sqlite3_backup_finish(copy) != SQLITE_OK)
        return db_describe(target, to, e);
    return 0;
}

/* Gives the finished copy its name. link(2), unlike rename(2), never replaces. */
static int publish(const char *made, const char *path, int64_t version, struct err *e)
{
    for (int n = 1; n < COPIES_MAX; n++) {
        _cleanup_free_ char *name = NULL;
        char number[16] = "";
        if (n > 1)
            snprintf(number, sizeof number, ".%d", n);
        if (asprintf(&name, "%s.v%lld.bak%s", path, (long long)version, number) < 0) {
            name = NULL;
            return err_nomem(e);
        }
        if (link(made, name) == 0)
            return 0;
        if (errno != EEXIST)
            return err_errno(e, "can't create %s", name);
    }
    return err_set(e, ERR_SYSTEM, "there are %d copies %s.v%lld.bak* already: move them away",
                   COPIES_MAX - 1, path, (long long)version);
}

/* The name must be as durable as the upgrade that relies on it. */
static int sync_directory(const char *path, struct err *e)
{
    _cleanup_free_ char *copy = strdup(path);
    if (!copy)
        return err_nomem(e);
    const char *dir = dirname(copy);
    _cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return err_errno(e, "can't write to %s", dir);
    return 0;
}

int backup_make(struct store *s, int64_t version, struct err *e)
{
    _cleanup_free_ char *making = NULL;
    if (asprintf(&making, "%s.v%lld.bak.new", s->path, (long long)version) < 0) {
        making = NULL;
        return err_nomem(e);
    }
    unlink(making);
    int fd = open(making, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(e, "can't create %s", making);
    close(fd);
    int result = copy_pages(s, making, e);
    if (result == 0)
        result = publish(making, s->path, version, e);
    unlink(making);
    return result == 0 ? sync_directory(s->path, e) : -1;
}
