/* SPDX-License-Identifier: MIT */
/* fixture.h - a temporary directory with a store in it, and a second, plain way into the database.
 */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "tap.h"

static char fixture_dir[64];
static char fixture_db[80];
static struct err err; /* of the last call that failed */

__attribute__((unused)) static void fixture_make(void)
{
    snprintf(fixture_dir, sizeof fixture_dir, "/tmp/mini-slurm-store-XXXXXX");
    if (!mkdtemp(fixture_dir)) {
        perror("mkdtemp");
        exit(1);
    }
    snprintf(fixture_db, sizeof fixture_db, "%s/db", fixture_dir);
}

static int fixture_unlink(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return remove(path);
}

__attribute__((unused)) static void fixture_remove(void)
{
    nftw(fixture_dir, fixture_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

/* For what a test relies on but is not about. */
#define must(call)                                                                                 \
    do {                                                                                           \
        if ((call) < 0) {                                                                          \
            printf("Bail out! %s:%d: %s: %s\n", __FILE__, __LINE__, #call, err.text);              \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

__attribute__((unused)) static struct store *fixture_open(void)
{
    struct store *s = NULL;
    must(store_open(fixture_db, &s, &err));
    return s;
}

/* Runs SQL on the database, past the store. */
__attribute__((unused)) static void sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
        printf("Bail out! %s: %s\n", text, why ? why : sqlite3_errmsg(db));
        exit(1);
    }
    sqlite3_close(db);
}

/* The first column of the first row as text, in a buffer that the next call overwrites; "(none)"
 * without a row, "(null)" for NULL. */
__attribute__((unused)) static const char *sql_value(const char *path, const char *text)
{
    static char value[65536];
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    snprintf(value, sizeof value, "(none)");
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
        snprintf(value, sizeof value, "%s", sqlite3_errmsg(db));
    else if (sqlite3_step(st) == SQLITE_ROW) {
        const char *got = (const char *)sqlite3_column_text(st, 0);
        snprintf(value, sizeof value, "%s", got ? got : "(null)");
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return value;
}

__attribute__((unused)) static char *copy_of(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

__attribute__((unused)) static void set_strz(struct strz *to, const char *bytes, size_t len)
{
    to->data = malloc(len ? len : 1);
    if (!to->data)
        abort();
    memcpy(to->data, bytes, len);
    to->len = len;
}

#define T0 INT64_C(1764000000123457) /* a time with microseconds */

/* A plain job: `sleep 1` by the shell, with the given environment (NULL: none). */
__attribute__((unused)) static struct job_record a_job(const char *env)
{
    struct job_record r = {0};
    r.job.cpus = 1;
    r.job.submit_us = T0;
    r.job.uid = 1000;
    r.gid = 100;
    r.umask = 022;
    r.user = copy_of("ann");
    r.command = copy_of("sleep 1");
    set_strz(&r.argv, "sleep 1", 8);
    r.shell = true;
    r.cwd = copy_of("/home/ann");
    if (env)
        set_strz(&r.env, env, strlen(env) + 1);
    return r;
}

/* Inserts it in a transaction of its own, and clears it; returns its id. */
__attribute__((unused)) static int64_t put_in(struct store *s, struct job_record *r)
{
    must(store_begin(s, &err));
    must(store_job_insert(s, r, "/logs", &err));
    must(store_commit(s, &err));
    int64_t id = r->job.id;
    job_record_clear(r);
    return id;
}

__attribute__((unused)) static int64_t submit(struct store *s)
{
    struct job_record r = a_job("PATH=/bin");
    return put_in(s, &r);
}

__attribute__((unused)) static void begin_attempt(struct store *s, int64_t id, int attempt)
{
    struct job j = {.id = id,
                    .attempt = attempt,
                    .start_us = T0 + 2000000,
                    .alloc_cpus = 2,
                    .alloc_mem_mb = 512};
    must(store_begin(s, &err));
    must(store_attempt_begin(s, &j, "node1", "boot-1", &err));
    must(store_commit(s, &err));
}

__attribute__((unused)) static void end_attempt(struct store *s, int64_t id, int attempt,
                                                enum job_state state, int64_t end_us)
{
    struct attempt_record r = {.job = id,
                               .attempt = attempt,
                               .state = state,
                               .end_us = end_us,
                               .runtime_us = 3000000,
                               .has_result = true};
    must(store_begin(s, &err));
    must(store_attempt_end(s, &r, &err));
    must(store_commit(s, &err));
}

__attribute__((unused)) static enum job_state state_of(struct store *s, int64_t id)
{
    struct job_record r = {0};
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    enum job_state state = r.job.state;
    job_record_clear(&r);
    return state;
}
