// SPDX-License-Identifier: MIT
/* What was committed is there, what was not is not; also when the disk is full or somebody else has
 * the database. */
#include <errno.h>
#include <sys/mount.h>

#include "fixture.h"
#include "store/db.h"

static int64_t insert(struct store *s)
{
    struct job_record r = a_job("A=1");
    must(store_job_insert(s, &r, "/logs", &err));
    int64_t id = r.job.id;
    job_record_clear(&r);
    return id;
}

static bool exists(struct store *s, int64_t id)
{
    struct job_record r = {0};
    bool there = store_job_load(s, id, STORE_PLAIN, &r, &err) == 0;
    job_record_clear(&r);
    return there;
}

static void commit_and_rollback(struct store *s)
{
    must(store_begin(s, &err));
    is_int(store_begin(s, &err), -1, "a transaction in a transaction is refused");
    int64_t id = insert(s);
    store_rollback(s);
    ok(!exists(s, id), "what was rolled back is not there");
    is_int(store_commit(s, &err), -1, "nothing to commit: refused");
    must(store_begin(s, &err));
    id = insert(s);
    must(store_commit(s, &err));
    ok(exists(s, id), "what was committed is");
    store_rollback(s);
    ok(exists(s, id), "and a rollback after it does nothing");

    must(store_begin(s, &err));
    int64_t lost = insert(s);
    store_close(s);
    s = fixture_open();
    ok(exists(s, id) && !exists(s, lost), "closing rolls back");
    store_close(s);
}

static void savepoints(void)
{
    struct store *s = fixture_open();
    is_int(store_savepoint(s, &err), -1, "no savepoint without a transaction");
    must(store_begin(s, &err));
    int64_t kept = insert(s);
    must(store_savepoint(s, &err));
    int64_t undone = insert(s);
    store_undo(s);
    must(store_savepoint(s, &err));
    int64_t again = insert(s);
    must(store_release(s, &err));
    must(store_commit(s, &err));
    is_int(again, undone, "what a savepoint undid never was");
    ok(exists(s, kept) && exists(s, again), "the rest of the transaction is there");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM events WHERE job_id = "
                                 "(SELECT max(id) FROM jobs)"),
           "1", "its log is undone as well");
    store_close(s);
}

static void two_connections(void)
{
    struct store *a = fixture_open(), *b = fixture_open();
    sqlite3_busy_timeout(b->db, 20);
    must(store_begin(a, &err));
    int64_t id = insert(a);
    ok(!exists(b, id), "nobody else sees what is not committed");
    is_int(store_begin(b, &err), -1, "nor can write meanwhile");
    is_int(err.code, ERR_BUSY, "  that is called busy");
    must(store_commit(a, &err));
    ok(exists(b, id), "then it is there for all");
    is_int(submit(b), id + 1, "and the other one writes");
    is_int(submit(a), id + 2, "and so on");
    store_close(a);
    is_int(submit(b), id + 3, "closing one does not disturb the other");
    store_close(b);
}

/* Submits until the disk is full; returns how many were committed. `each` in one transaction. */
static int fill(struct store *s, int each, size_t env_len)
{
    int committed = 0;
    for (int round = 0; round < 100000; round++) {
        if (store_begin(s, &err) < 0)
            return committed;
        int i = 0;
        for (; i < each; i++) {
            struct job_record r = a_job(NULL);
            r.env.data = malloc(env_len);
            if (!r.env.data)
                abort();
            memset(r.env.data, 'a' + round % 26, env_len);
            memcpy(r.env.data, &round, sizeof round);
            r.env.len = env_len;
            int rc = store_job_insert(s, &r, "/logs", &err);
            job_record_clear(&r);
            if (rc < 0)
                break;
        }
        if (i < each) {
            store_rollback(s);
            return committed;
        }
        if (store_commit(s, &err) < 0)
            return committed;
        committed += each;
    }
    return committed;
}

static void a_full_disk(void)
{
    char dir[96];
    snprintf(dir, sizeof dir, "%s/small", fixture_dir);
    if (mkdir(dir, 0700) < 0)
        abort();
    if (geteuid() != 0 || mount("none", dir, "tmpfs", 0, "size=1500k") < 0) {
        skip(geteuid() ? "a small file system needs root" : strerror(errno));
        return;
    }
    char path[128];
    snprintf(path, sizeof path, "%s/db", dir);
    struct store *s = NULL;
    must(store_open(path, &s, &err));
    err = (struct err){0};
    int before = fill(s, 3, 5000);
    ok(before > 0, "until the disk was full, %d jobs were taken", before);
    is_int(err.code, ERR_FULL, "then it says that it is full");
    has_str(err.text, path, "  and which file could not be written");
    struct store_counts c;
    must(store_counts(s, &c, &err));
    is_int(c.by_state[JOB_PENDING], before, "exactly those that were acknowledged are there");

    /* A transaction that SQLite itself rolls back must not look committed. */
    must(store_begin(s, &err));
    struct job_record big = a_job(NULL);
    big.env.len = 3 << 20;
    big.env.data = calloc(1, big.env.len);
    if (!big.env.data)
        abort();
    ok(store_job_insert(s, &big, "/logs", &err) < 0, "a job larger than what is left is refused");
    is_int(err.code, ERR_FULL, "  for lack of space");
    job_record_clear(&big);
    if (sqlite3_get_autocommit(s->db)) {
        is_int(store_savepoint(s, &err), -1, "  the transaction is gone");
        is_int(store_commit(s, &err), -1, "  and can't be committed");
        is_int(err.code, ERR_FULL, "  which is the disk's fault");
    }
    store_rollback(s);
    store_close(s);
    must(store_open(path, &s, &err));
    must(store_counts(s, &c, &err));
    is_int(c.by_state[JOB_PENDING], before, "they are there after opening it again");
    is_str(sql_value(path, "PRAGMA integrity_check"), "ok", "undamaged");

    if (mount("none", dir, "tmpfs", MS_REMOUNT, "size=8m") < 0)
        abort();
    is_int(submit(s), before + 1, "with space again, it goes on");
    store_close(s);
    if (umount(dir) < 0)
        abort();
}

static void a_full_disk_at_the_start(void)
{
    char dir[96], path[128];
    snprintf(dir, sizeof dir, "%s/tiny", fixture_dir);
    if (mkdir(dir, 0700) < 0)
        abort();
    if (geteuid() != 0 || mount("none", dir, "tmpfs", 0, "size=16k") < 0) {
        skip(geteuid() ? "a tiny file system needs root" : strerror(errno));
        return;
    }
    snprintf(path, sizeof path, "%s/db", dir);
    struct store *s = NULL;
    is_int(store_open(path, &s, &err), -1, "no room for a new store: refused");
    is_int(err.code, ERR_FULL, "  as full");
    if (mount("none", dir, "tmpfs", MS_REMOUNT, "size=8m") < 0)
        abort();
    must(store_open(path, &s, &err));
    is_int(submit(s), 1, "later it can be made after all");
    store_close(s);
    if (umount(dir) < 0)
        abort();
}

int main(void)
{
    fixture_make();
    commit_and_rollback(fixture_open());
    savepoints();
    two_connections();
    a_full_disk();
    a_full_disk_at_the_start();
    fixture_remove();
    return done_testing();
}
