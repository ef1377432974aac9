// SPDX-License-Identifier: MIT
/* How long a job will run: the mean of the last two run times of the same user and command, after
 * D. Tsafrir, Y. Etsion, D. G. Feitelson, "Backfilling using system-generated predictions rather
 * than user runtime estimates", IEEE TPDS 18(6), 2007. Of a command that is not known, those of the
 * same user and program.
 *
 * The table has a fixed number of places; a command's hash says which is its own, and whoever comes
 * to a place that another one has takes it over. So it is bounded with nothing to count or to
 * prune, and what comes often stays. What is lost is only a guess. */
#include "store/predictions.h"

#include <string.h>

#include "store/db.h"
#include "store/hash.h"

#define PLACES 16384 /* 0.7 MB when all are taken */
#define BLANKS " \t\r\n"

/* A job that was cancelled, or killed by anything but its time limit, would have run longer. What
 * the limit cuts off may end a moment after it. */
#define RUNS                                                                                       \
    "SELECT uid, command, iif(status = 'TIMEOUT', time_limit, runtime) FROM jobs"                  \
    " WHERE (status IN ('COMPLETED', 'TIMEOUT') OR status = 'FAILED' AND signal = 0) AND id "
static const char RUN_OF_JOB[] = RUNS "= ?";
static const char RUNS_LAST[] =
    RUNS "IN (SELECT id FROM jobs INDEXED BY jobs_ended WHERE end_time IS NOT NULL"
         " ORDER BY end_time DESC LIMIT 1000) ORDER BY end_time, id";

static const char PUT[] =
    "INSERT INTO predictions (place, uid, command_hash, last) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (place) DO UPDATE SET before_last ="
    " iif(uid = excluded.uid AND command_hash = excluded.command_hash, last, NULL),"
    " uid = excluded.uid, command_hash = excluded.command_hash, last = excluded.last";
static const char GET[] = "SELECT (last + coalesce(before_last, last)) / 2 FROM predictions"
                          " WHERE place = ? AND uid = ? AND command_hash = ?";

/* Whose run times: of a user, those of a command or of a program. */
struct key {
    uint32_t uid;
    uint64_t hash;
};

static struct key key_of(uint32_t uid, const char *text, size_t len)
{
    u128 h = hash_more(hash_more(HASH_OF_NOTHING, &uid, sizeof uid), text, len);
    return (struct key){uid, (uint64_t)(h ^ h >> 64)};
}

/* With the NUL, so that a command of one word is not the same as its program. */
static struct key key_of_command(uint32_t uid, const char *command)
{
    return key_of(uid, command, strlen(command) + 1);
}

/* The first word that is no assignment. */
static struct key key_of_program(uint32_t uid, const char *command)
{
    for (;;) {
        command += strspn(command, BLANKS);
        size_t len = strcspn(command, BLANKS);
        if (!memchr(command, '=', len))
            return key_of(uid, command, len);
        command += len;
    }
}

static void put_key(struct stmt *q, struct key k)
{
    stmt_put_int(q, (int64_t)(k.hash % PLACES));
    stmt_put_int(q, k.uid);
    stmt_put_int(q, (int64_t)k.hash);
}

static int put(struct store *s, struct key k, int64_t runtime_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PREDICTION_PUT, PUT, e) < 0)
        return -1;
    put_key(&q, k);
    stmt_put_seconds(&q, true, runtime_us);
    return stmt_run(&q, NULL, e);
}

/* Leaves *runtime_us alone if nothing is known. */
static int get(struct store *s, struct key k, int64_t *runtime_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PREDICTION_GET, GET, e) < 0)
        return -1;
    put_key(&q, k);
    int got = stmt_step(&q, e);
    if (got == 1)
        *runtime_us = stmt_get_seconds_or(&q, 0);
    return got < 0 ? -1 : 0;
}

/* From the rows of one of RUNS. */
static int learn(struct stmt *q, struct err *e)
{
    int got = 0;
    while ((got = stmt_step(q, e)) == 1) {
        uint32_t uid = (uint32_t)stmt_get_int(q);
        const char *command = stmt_peek_text(q);
        int64_t runtime_us = stmt_get_seconds_or(q, 0);
        if (!command)
            return err_nomem(e);
        if (runtime_us <= 0)
            continue;
        if (put(q->store, key_of_command(uid, command), runtime_us, e) < 0 ||
            put(q->store, key_of_program(uid, command), runtime_us, e) < 0)
            return -1;
    }
    return got;
}

int prediction_learn(struct store *s, int64_t job, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PREDICTION_RUN, RUN_OF_JOB, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    return learn(&q, e);
}

int prediction_learn_history(struct store *s, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_PREDICTION_HISTORY, RUNS_LAST, e) < 0)
        return -1;
    return learn(&q, e);
}

int store_predict(struct store *s, uint32_t uid, const char *command, int64_t *runtime_us,
                  struct err *e)
{
    *runtime_us = 0;
    if (get(s, key_of_command(uid, command), runtime_us, e) < 0)
        return -1;
    return *runtime_us ? 0 : get(s, key_of_program(uid, command), runtime_us, e);
}
