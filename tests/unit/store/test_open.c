// SPDX-License-Identifier: MIT
/* Making a store, opening it again, and refusing what is not one, which stays as it was. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"

struct contents {
    char *bytes;
    size_t len;
};

static struct contents read_file(const char *path)
{
    struct contents c = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        return c;
    fseek(f, 0, SEEK_END);
    c.len = (size_t)ftell(f);
    rewind(f);
    c.bytes = malloc(c.len + 1);
    if (!c.bytes || fread(c.bytes, 1, c.len, f) != c.len)
        abort();
    fclose(f);
    return c;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
        abort();
}

static bool same_file(const char *path, const struct contents *before)
{
    struct contents now = read_file(path);
    bool same =
        now.len == before->len && (!now.len || memcmp(now.bytes, before->bytes, now.len) == 0);
    free(now.bytes);
    return same;
}

/* The file at fixture_db is refused with this code and these words, and not changed. */
static void refused(int code, const char *words, const char *name)
{
    struct contents before = read_file(fixture_db);
    struct store *s = NULL;
    err = (struct err){0};
    ok(store_open(fixture_db, &s, &err) < 0, "%s: refused", name);
    is_int(err.code, code, "  with the right code");
    has_str(err.text, words, "  saying what was found");
    has_str(err.text, fixture_db, "  and in which file");
    ok(s == NULL, "  and no store is handed out");
    ok(same_file(fixture_db, &before), "  and the file is as it was");
    store_close(s);
    free(before.bytes);
    unlink(fixture_db);
}

static void a_new_store(void)
{
    mode_t old = umask(0);
    struct store *s = fixture_open();
    struct stat st = {0};
    ok(stat(fixture_db, &st) == 0 && (st.st_mode & 07777) == 0600, "a new store is private");
    submit(s);
    char wal[128];
    snprintf(wal, sizeof wal, "%s-wal", fixture_db);
    ok(stat(wal, &st) == 0 && (st.st_mode & 07777) == 0600, "and so is its write-ahead log");
    store_close(s);
    umask(old);
    is_str(sql_value(fixture_db, "PRAGMA journal_mode"), "wal", "it stays in WAL mode");
    is_str(sql_value(fixture_db, "PRAGMA user_version"), "6", "it says its schema's version");
    s = fixture_open();
    is_int(submit(s), 2, "opened again, it goes on where it was");
    store_close(s);
    unlink(fixture_db);
}

static void an_empty_file_is_new(void)
{
    write_file(fixture_db, "", 0);
    struct store *s = fixture_open();
    is_int(submit(s), 1, "an empty file becomes a store");
    store_close(s);
    unlink(fixture_db);

    sql(fixture_db, "CREATE TABLE t (a); DROP TABLE t; VACUUM");
    s = fixture_open();
    is_int(submit(s), 1, "and so does a database without tables");
    store_close(s);
    unlink(fixture_db);
}

static void made_by_several_at_once(void)
{
    enum { PROCESSES = 4, JOBS = 5 };
    int failed = 0;
    for (int i = 0; i < PROCESSES; i++) {
        pid_t child = fork();
        if (child == 0) {
            struct store *s = fixture_open();
            for (int j = 0; j < JOBS; j++)
                submit(s);
            store_close(s);
            _exit(0);
        }
        failed += child < 0;
    }
    for (int i = 0, status; i < PROCESSES; i++)
        failed += wait(&status) < 0 || status != 0;
    is_int(failed, 0, "several processes can make the same store at once");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM jobs"), "20",
           "and all their jobs are in it");
    unlink(fixture_db);
}

/* A process killed at any moment while it makes a store leaves something that can be opened. */
static void killed_while_making_it(void)
{
    int opened = 0;
    for (int round = 0; round < 40; round++) {
        pid_t child = fork();
        if (child == 0) {
            struct store *s = fixture_open();
            submit(s);
            store_close(s);
            _exit(0);
        }
        struct timespec moment = {.tv_nsec = round * 200000};
        nanosleep(&moment, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct store *s = fixture_open();
        opened += submit(s) >= 1;
        store_close(s);
        unlink(fixture_db);
    }
    is_int(opened, 40, "killed at 40 moments while it was made, a store can be opened");
}

static void killed_before_wal_mode(void)
{
    store_close(fixture_open());
    sql(fixture_db, "PRAGMA journal_mode = DELETE");
    store_close(fixture_open());
    is_str(sql_value(fixture_db, "PRAGMA journal_mode"), "wal",
           "a store that had not yet reached WAL mode gets there");
    unlink(fixture_db);
}

static void a_newer_one(void)
{
    store_close(fixture_open());
    sql(fixture_db, "PRAGMA user_version = 7");
    struct store *s = NULL;
    is_int(store_open(fixture_db, &s, &err), -1, "a store of a newer version is refused");
    is_int(err.code, ERR_NEWER, "  with the right code");
    has_str(err.text, "version 7", "  naming its version");
    has_str(err.text, "version 6", "  and ours");
    is_str(sql_value(fixture_db, "PRAGMA user_version"), "7", "  and is left at it");
    unlink(fixture_db);
}

static void what_is_not_ours(void)
{
    sql(fixture_db, "CREATE TABLE photos (a); PRAGMA application_id = 0x1234abcd");
    refused(ERR_CORRUPT, "0x1234abcd", "another program's database");

    sql(fixture_db, "CREATE TABLE photos (a); INSERT INTO photos VALUES (1)");
    refused(ERR_CORRUPT, "table \"photos\"", "a database without mark and with a foreign table");

    sql(fixture_db, "PRAGMA journal_mode = WAL; CREATE TABLE photos (a)");
    refused(ERR_CORRUPT, "table \"photos\"", "a foreign database in WAL mode");

    sql(fixture_db, "CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT)");
    refused(ERR_CORRUPT, "without the column \"command\"", "somebody else's table of jobs");

    const char text[] = "Dear diary,\ntoday I wrote a file of more than a hundred bytes, which is "
                        "no database, so that the whole header is there to be looked at.\n";
    write_file(fixture_db, text, strlen(text));
    refused(ERR_CORRUPT, "it begins with", "a text");
    write_file(fixture_db, (const char[8192]){0}, 8192);
    refused(ERR_CORRUPT, "not a database", "a file of zeros");
    write_file(fixture_db, "short", 5);
    refused(ERR_CORRUPT, "not a database", "a file shorter than a header");
}

static void a_foreign_log_is_not_played_back(void)
{
    sqlite3 *other = NULL;
    if (sqlite3_open(fixture_db, &other) != SQLITE_OK ||
        sqlite3_exec(other, "PRAGMA journal_mode = WAL; CREATE TABLE photos (a)", NULL, NULL,
                     NULL) != SQLITE_OK)
        abort();
    char wal[128], copy[96], copy_wal[128];
    snprintf(wal, sizeof wal, "%s-wal", fixture_db);
    snprintf(copy, sizeof copy, "%s/copy", fixture_dir);
    snprintf(copy_wal, sizeof copy_wal, "%s-wal", copy);
    /* As its owner left it when he was killed: the table is in the log only. */
    struct contents main_file = read_file(fixture_db), log = read_file(wal);
    write_file(copy, main_file.bytes, main_file.len);
    write_file(copy_wal, log.bytes, log.len);
    sqlite3_close(other);

    struct store *s = NULL;
    is_int(store_open(copy, &s, &err), -1, "a foreign database with a leftover log is refused");
    has_str(err.text, "photos", "  for what is in the log");
    ok(same_file(copy, &main_file), "  and is not changed by closing it");
    ok(same_file(copy_wal, &log), "  nor is its log");
    free(main_file.bytes);
    free(log.bytes);
    unlink(fixture_db);
}

static void a_truncated_one(void)
{
    struct store *s = fixture_open();
    for (int i = 0; i < 50; i++)
        submit(s);
    store_close(s);
    struct contents whole = read_file(fixture_db);

    write_file(fixture_db, whole.bytes, whole.len / 4096 / 2 * 4096);
    refused(ERR_CORRUPT, "damaged", "a store cut in half");
    write_file(fixture_db, whole.bytes, 4096);
    refused(ERR_CORRUPT, "damaged", "a store of which one page is left");
    write_file(fixture_db, whole.bytes, 60);
    refused(ERR_CORRUPT, "", "a store of which half a header is left");
    free(whole.bytes);
}

static int ignore(void *ctx, const struct job_record *r)
{
    return 0;
}

/* Everything that reads, on whatever is left of a store; true if something was refused. */
static bool read_all(void)
{
    struct store *s = NULL;
    struct store_filter all = {0}, recent = {.ended_after_us = 1};
    struct store_counts counts;
    struct job_record r = {0};
    int64_t older;
    char *reply = NULL;
    bool failed = store_open(fixture_db, &s, &err) < 0;
    if (!failed) {
        failed = store_job_each(s, &all, ignore, NULL, &err) < 0;
        failed |= store_job_each(s, &recent, ignore, NULL, &err) < 0;
        failed |= store_counts(s, &counts, &err) < 0;
        failed |= store_count_older(s, T0, &older, &err) < 0;
        failed |= store_job_load(s, 5, STORE_WITH_ENV, &r, &err) < 0;
        failed |= store_request_find(s, "x", &reply, &err) < 0;
    }
    free(reply);
    job_record_clear(&r);
    store_close(s);
    return failed;
}

static void damaged_anywhere(void)
{
    struct store *s = fixture_open();
    for (int i = 0; i < 50; i++)
        submit(s);
    store_close(s);
    struct contents whole = read_file(fixture_db);
    char *bytes = malloc(whole.len);
    if (!bytes)
        abort();
    unsigned short seed[3] = {1, 2, 3};
    int refusals = 0, odd = 0;
    for (int round = 0; round < 300; round++) {
        memcpy(bytes, whole.bytes, whole.len);
        for (int i = 0; i < 1 + round % 40; i++)
            bytes[100 + (size_t)nrand48(seed) % (whole.len - 100)] = (char)nrand48(seed);
        write_file(fixture_db, bytes, whole.len);
        err = (struct err){0};
        if (read_all()) {
            refusals++;
            if (err.code != ERR_CORRUPT && err.code != ERR_NOT_FOUND) {
                printf("# round %d: code %d: %s\n", round, err.code, err.text);
                odd++;
            }
        }
    }
    ok(refusals > 30, "damage all over the file is noticed (%d of 300 times), never a crash",
       refusals);
    is_int(odd, 0, "and is always called that");
    free(bytes);
    free(whole.bytes);
    unlink(fixture_db);
}

static void where_it_cannot_be(void)
{
    struct store *s = NULL;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/none/db", fixture_dir);
    is_int(store_open(path, &s, &err), -1, "a directory that does not exist: refused");
    has_str(err.text, path, "  naming the file");
    is_int(store_open(fixture_dir, &s, &err), -1, "a directory in place of the file: refused");
    ok(err.code == ERR_SYSTEM, "  as a matter of the system's");
}

static void without_permission(void)
{
    store_close(fixture_open());
    if (chmod(fixture_dir, 0555) < 0)
        abort();
    bool root = geteuid() == 0;
    if (root && seteuid(65534) < 0)
        abort();
    struct store *s = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/new", fixture_dir);
    is_int(store_open(path, &s, &err), -1, "a read-only directory: no new store");
    is_int(err.code, ERR_SYSTEM, "  a matter of the system's");
    has_str(err.text, strerror(EACCES), "  that says why");
    if (root) {
        is_int(store_open(fixture_db, &s, &err), -1, "somebody else's store: refused");
        has_str(err.text, strerror(EACCES), "  with the reason");
    } else
        skip("not root: there is no store of somebody else");
    if (root && seteuid(0) < 0)
        abort();
    if (chmod(fixture_dir, 0755) < 0)
        abort();

    if (root) {
        if (chmod(fixture_dir, 0777) < 0 || chmod(fixture_db, 0644) < 0 || seteuid(65534) < 0)
            abort();
        is_int(store_open(fixture_db, &s, &err), -1, "a store that can be read only: refused");
        has_str(err.text, "can't be written", "  because it can't be written");
        if (seteuid(0) < 0)
            abort();
    } else
        skip("not root: no store that can be read only");
    unlink(fixture_db);
}

int main(void)
{
    fixture_make();
    a_new_store();
    an_empty_file_is_new();
    made_by_several_at_once();
    killed_while_making_it();
    killed_before_wal_mode();
    a_newer_one();
    what_is_not_ours();
    a_foreign_log_is_not_played_back();
    a_truncated_one();
    damaged_anywhere();
    where_it_cannot_be();
    without_permission();
    fixture_remove();
    return done_testing();
}
