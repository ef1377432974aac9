// SPDX-License-Identifier: MIT
#include "store/db.h"
#include "store/events.h"

static const char DRAIN_GET[] = "SELECT time, uid FROM drain";
static const char DRAIN_SET[] =
    "INSERT INTO drain (time, uid) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM drain)";
static const char DRAIN_END[] = "DELETE FROM drain";

int store_drain_get(struct store *s, struct store_drain *d, struct err *e)
{
    *d = (struct store_drain){0};
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_DRAIN_GET, DRAIN_GET, e) < 0)
        return -1;
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got;
    d->time_us = stmt_get_time(&q);
    d->uid = (uint32_t)stmt_get_int(&q);
    return 0;
}

static int set(struct store *s, uint32_t uid, int64_t now_us, int *changed, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_DRAIN_SET, DRAIN_SET, e) < 0)
        return -1;
    stmt_put_seconds(&q, true, now_us);
    stmt_put_int(&q, uid);
    return stmt_run(&q, changed, e);
}

static int end(struct store *s, int *changed, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_DRAIN_END, DRAIN_END, e) < 0)
        return -1;
    return stmt_run(&q, changed, e);
}

int store_drain(struct store *s, uint32_t uid, int64_t now_us, struct err *e)
{
    int changed = 0;
    if (db_in_transaction(s, e) < 0 || set(s, uid, now_us, &changed, e) < 0)
        return -1;
    return changed ? event_drain(s, "DRAIN", uid, now_us, e) : 0;
}

int store_resume_all(struct store *s, uint32_t uid, int64_t now_us, struct err *e)
{
    int changed = 0;
    if (db_in_transaction(s, e) < 0 || end(s, &changed, e) < 0)
        return -1;
    return changed ? event_drain(s, "RESUME_ALL", uid, now_us, e) : 0;
}
