// SPDX-License-Identifier: MIT
#include "store/db.h"

static const char REQUEST_FIND[] = "SELECT reply FROM requests WHERE id = ?";
static const char REQUEST_PUT[] = "INSERT INTO requests (id, time, reply) VALUES (?, ?, ?)";
/* Rows stand in the order of their coming: looks no further than the first one to keep. */
static const char REQUEST_PRUNE[] =
    "DELETE FROM requests WHERE seq < coalesce("
    " (SELECT seq FROM requests WHERE time >= ? ORDER BY seq LIMIT 1), 9223372036854775807)";

int store_request_find(struct store *s, const char *id, char **reply, struct err *e)
{
    *reply = NULL;
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_REQUEST_FIND, REQUEST_FIND, e) < 0)
        return -1;
    stmt_put_text(&q, id);
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got;
    *reply = stmt_get_text(&q);
    return q.nomem ? err_nomem(e) : 0;
}

int store_request_put(struct store *s, const char *id, const char *reply, int64_t now_us,
                      struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_REQUEST_PUT, REQUEST_PUT, e) < 0)
        return -1;
    stmt_put_text(&q, id);
    stmt_put_seconds(&q, true, now_us);
    stmt_put_text(&q, reply);
    return stmt_run(&q, NULL, e);
}

int store_request_prune(struct store *s, int64_t before_us, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (db_in_transaction(s, e) < 0 || stmt_open(&q, s, STMT_REQUEST_PRUNE, REQUEST_PRUNE, e) < 0)
        return -1;
    stmt_put_seconds(&q, true, before_us);
    return stmt_run(&q, NULL, e);
}
