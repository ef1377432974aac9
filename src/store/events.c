// SPDX-License-Identifier: MIT
#include "store/events.h"

#include <string.h>

#include "store/db.h"
#include "util/buf.h"
#include "util/text.h"

#define LOG_INTO "INSERT INTO events (time, job_id, attempt, type, detail) VALUES "

static const char LOG_SUBMIT[] = LOG_INTO "(?, ?, NULL, 'SUBMIT', NULL)";
static const char LOG_START[] =
    LOG_INTO "(?, ?, ?, 'START', json_object('cpus', ?, 'mem_mb', ?, 'cpu_list', ?))";
static const char LOG_VOID[] = LOG_INTO "(?, ?, ?, 'VOID', json_object('state', ?, 'reason', ?))";
static const char LOG_END[] =
    LOG_INTO "(?, ?, ?, 'END', json_object('state', ?, 'exit_code', ?, 'signal', ?))";
static const char LOG_CANCEL[] =
    LOG_INTO "(?, ?, NULL, 'CANCEL',"
             " json_object('was', ?, 'uid', ?, 'now', json(iif(?, 'true', 'false'))))";
static const char LOG_WANT[] = LOG_INTO "(?, ?, NULL, 'WANT', json_object('cpus', ?, 'uid', ?))";
static const char LOG_DRAIN[] =
    "INSERT INTO events (time, type, detail) VALUES (?, ?, json_object('uid', ?))";
static const char LOG_SIGNAL[] =
    LOG_INTO "(?, ?, NULL, 'SIGNAL',"
             " json_object('signal', ?, 'first', json(iif(?, 'true', 'false')), 'uid', ?))";
static const char LOG_SUSPEND[] = LOG_INTO "(?, ?, NULL, 'SUSPEND', json_object('uid', ?))";
static const char LOG_RESUME[] = LOG_INTO "(?, ?, NULL, 'RESUME', json_object('uid', ?))";
static const char LOG_RESIZE[] =
    LOG_INTO "(?, ?, ?, 'RESIZE', json_object('from', ?, 'to', ?, 'mem_mb', ?, 'generation', ?,"
             " 'reason', ?, 'cpu_list', ?))";

static const char LOG_HOLD[] = LOG_INTO "(?, ?, NULL, ?, json_object('uid', ?))";
static const char LOG_UPDATE[] =
    LOG_INTO "(?, ?, NULL, 'UPDATE', json_object('keys', ?, 'uid', ?))";
static const char LOG_REQUEUE[] =
    LOG_INTO "(?, ?, NULL, 'REQUEUE',"
             " json_object('eligible', ?, 'held', json(iif(?, 'true', 'false')), 'reason', ?))";

/* Opens the statement and binds what all of them begin with. */
static int open_event(struct stmt *q, struct store *s, enum store_stmt name, const char *sql,
                      int64_t time_us, int64_t job, struct err *e)
{
    if (stmt_open(q, s, name, sql, e) < 0)
        return -1;
    stmt_put_seconds(q, true, time_us);
    stmt_put_int(q, job);
    return 0;
}

int event_submit(struct store *s, const struct job *j, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_SUBMIT, LOG_SUBMIT, j->submit_us, j->id, e) < 0)
        return -1;
    return stmt_run(&q, NULL, e);
}

int event_start(struct store *s, const struct job *j, const char *cpu_list, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_START, LOG_START, j->start_us, j->id, e) < 0)
        return -1;
    stmt_put_int(&q, j->attempt);
    stmt_put_int(&q, j->alloc_cpus);
    stmt_put_int(&q, j->alloc_mem_mb);
    stmt_put_text(&q, cpu_list);
    return stmt_run(&q, NULL, e);
}

/* A reason may quote bytes of the user's that JSON can't hold. */
static int put_words(struct buf *text, const char *reason, struct err *e)
{
    text_printable(text, reason, strlen(reason));
    return text->failed ? err_nomem(e) : 0;
}

int event_void(struct store *s, int64_t job, int attempt, const char *reason, int64_t now_us,
               enum job_state now, struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    if (put_words(&text, reason, e) < 0)
        return -1;
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_VOID, LOG_VOID, now_us, job, e) < 0)
        return -1;
    stmt_put_int(&q, attempt);
    stmt_put_text(&q, job_state_name(now));
    stmt_put_text(&q, text.data);
    return stmt_run(&q, NULL, e);
}

int event_end(struct store *s, const struct attempt_record *r, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_END, LOG_END, r->end_us, r->job, e) < 0)
        return -1;
    stmt_put_int(&q, r->attempt);
    stmt_put_text(&q, job_state_name(r->state));
    stmt_put_int_or_null(&q, r->has_result, r->exit_code);
    stmt_put_int_or_null(&q, r->has_result, r->signal);
    return stmt_run(&q, NULL, e);
}

int event_cancel(struct store *s, int64_t job, uint32_t uid, bool now, int64_t now_us,
                 enum job_state was, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_CANCEL, LOG_CANCEL, now_us, job, e) < 0)
        return -1;
    stmt_put_text(&q, job_state_name(was));
    stmt_put_int(&q, uid);
    stmt_put_int(&q, now);
    return stmt_run(&q, NULL, e);
}

int event_want(struct store *s, int64_t job, int64_t cpus, uint32_t uid, int64_t now_us,
               struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_WANT, LOG_WANT, now_us, job, e) < 0)
        return -1;
    stmt_put_int_or_null(&q, cpus != 0, cpus);
    stmt_put_int(&q, uid);
    return stmt_run(&q, NULL, e);
}

int event_drain(struct store *s, const char *type, uint32_t uid, int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_EVENT_DRAIN, LOG_DRAIN, e) < 0)
        return -1;
    stmt_put_seconds(&q, true, now_us);
    stmt_put_text(&q, type);
    stmt_put_int(&q, uid);
    return stmt_run(&q, NULL, e);
}

int event_signal(struct store *s, int64_t job, int signal, bool first, uint32_t uid, int64_t now_us,
                 struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_SIGNAL, LOG_SIGNAL, now_us, job, e) < 0)
        return -1;
    stmt_put_int(&q, signal);
    stmt_put_int(&q, first);
    stmt_put_int(&q, uid);
    return stmt_run(&q, NULL, e);
}

static int put_who(struct stmt *q, uint32_t uid, struct err *e)
{
    stmt_put_int(q, uid);
    return stmt_run(q, NULL, e);
}

int event_suspend(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_SUSPEND, LOG_SUSPEND, now_us, job, e) < 0)
        return -1;
    return put_who(&q, uid, e);
}

int event_resume(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_RESUME, LOG_RESUME, now_us, job, e) < 0)
        return -1;
    return put_who(&q, uid, e);
}

int event_hold(struct store *s, int64_t job, bool held, uint32_t uid, int64_t now_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_HOLD, LOG_HOLD, now_us, job, e) < 0)
        return -1;
    stmt_put_text(&q, held ? "HOLD" : "RELEASE");
    stmt_put_int(&q, uid);
    return stmt_run(&q, NULL, e);
}

int event_update(struct store *s, int64_t job, const char *keys, uint32_t uid, int64_t now_us,
                 struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_UPDATE, LOG_UPDATE, now_us, job, e) < 0)
        return -1;
    stmt_put_text(&q, keys);
    stmt_put_int(&q, uid);
    return stmt_run(&q, NULL, e);
}

int event_requeue(struct store *s, const struct requeue_record *r, struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    if (put_words(&text, r->reason, e) < 0)
        return -1;
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_REQUEUE, LOG_REQUEUE, r->time_us, r->job, e) < 0)
        return -1;
    stmt_put_seconds(&q, true, r->eligible_us);
    stmt_put_int(&q, r->held);
    stmt_put_text(&q, text.data);
    return stmt_run(&q, NULL, e);
}

int event_resize(struct store *s, int64_t job, const struct resize_record *r, struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    if (put_words(&text, r->reason, e) < 0)
        return -1;
    _cleanup_stmt_ struct stmt q = {0};
    if (open_event(&q, s, STMT_EVENT_RESIZE, LOG_RESIZE, r->time_us, job, e) < 0)
        return -1;
    stmt_put_int(&q, r->attempt);
    stmt_put_int(&q, r->from_cpus);
    stmt_put_int(&q, r->to_cpus);
    stmt_put_int(&q, r->mem_mb);
    stmt_put_int(&q, r->generation);
    stmt_put_text(&q, text.data);
    stmt_put_text(&q, r->cpu_list);
    return stmt_run(&q, NULL, e);
}
