// SPDX-License-Identifier: MIT
/* The store forgets what has ended long ago, and nothing else; and remembers that it is drained. */
#include "fixture.h"

#define HOUR INT64_C(3600000000)

/* A job that ended that many hours after T0. */
static int64_t ended(struct store *s, const char *env, enum job_state state, int hours)
{
    struct job_record r = a_job(env);
    int64_t id = put_in(s, &r);
    begin_attempt(s, id, 1);
    end_attempt(s, id, 1, state, T0 + hours * HOUR);
    return id;
}

static int list(void *ctx, const struct job_record *r)
{
    char *text = ctx;
    size_t used = strlen(text);
    snprintf(text + used, 64 - used, "%s%lld", used ? " " : "", (long long)r->job.id);
    return 0;
}

static const char *past(struct store *s, struct store_past p)
{
    static char text[64];
    int64_t n = 0;
    text[0] = '\0';
    must(store_past_each(s, &p, list, text, &err));
    p.limit = 1;
    must(store_past_count(s, &p, &n, &err));
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, " of %lld", (long long)n);
    return text;
}

static void who(struct store *s)
{
    is_str(past(s, (struct store_past){.before_us = T0 + 5 * HOUR, .limit = 9}), "3 1 2 of 3",
           "those that ended before a time, in the order of their ends");
    is_str(past(s, (struct store_past){.before_us = T0 + 5 * HOUR, .limit = 2}), "3 1 of 3",
           "no more than so many");
    is_str(past(s, (struct store_past){.before_us = T0 + 5 * HOUR,
                                       .after_us = T0 + 2 * HOUR,
                                       .limit = 9}),
           "1 2 of 2", "from a time on");
    is_str(past(s, (struct store_past){.before_us = T0 + 3 * HOUR, .limit = 9}), "3 1 of 2",
           "not those of that very time");
    is_str(past(s, (struct store_past){.before_us = T0 + 99 * HOUR,
                                       .limit = 9,
                                       .states = 1u << JOB_FAILED | 1u << JOB_PENDING}),
           "1 of 1", "of a state, which is an end");
}

static void removing(struct store *s)
{
    int64_t environments = 0;
    is_int(store_job_remove(s, 1, &environments, &err), -1, "only in a transaction");
    must(store_begin(s, &err));
    must(store_job_remove(s, 1, &environments, &err));
    is_int(environments, 0, "an environment that others have stays");
    must(store_job_remove(s, 2, &environments, &err));
    is_int(environments, 1, "that of nobody else goes");
    is_int(store_job_remove(s, 5, &environments, &err), -1, "a pending job is refused");
    has_str(err.text, "job 5 is PENDING", "  and why");
    is_int(store_job_remove(s, 6, &environments, &err), -1, "a running one as well");
    is_int(store_job_remove(s, 99, &environments, &err), -1, "and one that is not there");
    is_int(err.code, ERR_NOT_FOUND, "  which is not found");
    must(store_commit(s, &err));
    is_str(sql_value(fixture_db, "SELECT group_concat(id) FROM (SELECT id FROM jobs ORDER BY id)"),
           "3,4,5,6", "the rows are gone");
    is_str(sql_value(fixture_db, "SELECT group_concat(job_id) FROM attempts"), "3,4,6",
           "those of their attempts too");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM environments"), "2",
           "two environments are left");
    is_str(sql_value(fixture_db, "SELECT jobs FROM counts WHERE status = 'COMPLETED'"), "2",
           "and the states are counted anew");
}

static void sweeping(struct store *s)
{
    int64_t after = 0, removed = 0, steps = 0;
    must(store_begin(s, &err));
    do {
        must(store_event_sweep(s, INT64_MAX, 4, &after, &removed, &err));
    } while (after && ++steps < 99);
    must(store_commit(s, &err));
    is_int(removed, 6, "their events go, a few in each step");
    ok(steps > 1 && steps < 99, "of which there are some");
    is_str(sql_value(fixture_db, "SELECT count(*) FROM events WHERE job_id IN (3, 4)"), "6",
           "those of others stay");
    must(store_begin(s, &err));
    after = removed = 0;
    must(store_event_sweep(s, T0 - HOUR, 4, &after, &removed, &err));
    store_rollback(s);
    is_int(after, 0, "nobody looks beyond what is old enough");
}

static void draining(struct store *s)
{
    struct store_drain d;
    must(store_drain_get(s, &d, &err));
    is_int(d.time_us, 0, "a new store is not drained");
    is_int(store_drain(s, 1000, T0, &err), -1, "it is drained in a transaction");
    must(store_begin(s, &err));
    must(store_drain(s, 1000, T0, &err));
    must(store_drain(s, 1001, T0 + HOUR, &err));
    must(store_commit(s, &err));
    must(store_drain_get(s, &d, &err));
    ok(d.time_us == T0 && d.uid == 1000, "the first time stands");
    must(store_begin(s, &err));
    must(store_resume_all(s, 1001, T0 + HOUR, &err));
    must(store_resume_all(s, 1001, T0 + HOUR, &err));
    must(store_commit(s, &err));
    must(store_drain_get(s, &d, &err));
    is_int(d.time_us, 0, "until it is over");
    is_str(sql_value(fixture_db, "SELECT group_concat(type) FROM events WHERE job_id IS NULL"),
           "DRAIN,RESUME_ALL", "what changed is in the log");
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    ended(s, "A=1", JOB_FAILED, 2);
    ended(s, "B=1", JOB_COMPLETED, 3);
    ended(s, "A=1", JOB_COMPLETED, 1);
    ended(s, "A=1", JOB_COMPLETED, 9);
    submit(s);
    submit(s);
    begin_attempt(s, 6, 1);
    who(s);
    removing(s);
    sweeping(s);
    draining(s);
    store_close(s);
    fixture_remove();
    return done_testing();
}
