// SPDX-License-Identifier: MIT
/* What a running elastic job is ordered to have, what it holds meanwhile, and what is remembered.
 */
#include "fixture.h"

static const char LAST_EVENT[] =
    "SELECT type || ' ' || job_id || ' ' || ifnull(attempt, '-') || ' ' || ifnull(detail, '-')"
    " FROM events ORDER BY seq DESC LIMIT 1";

static int64_t submit_elastic(struct store *s)
{
    struct job_record r = a_job("PATH=/bin");
    r.job.cpus = 2;
    r.job.elastic = true;
    r.job.min_cpus = 1;
    r.job.max_cpus = 8;
    return put_in(s, &r);
}

static struct resize_record an_order(int64_t generation, int64_t from, int64_t to)
{
    return (struct resize_record){.attempt = 1,
                                  .generation = generation,
                                  .time_us = T0 + 3000000 + generation,
                                  .from_cpus = from,
                                  .to_cpus = to,
                                  .mem_mb = 100 * to,
                                  .cpu_list = (char *)(to == 4 ? "0-3" : "0"),
                                  .nodes = (char *)(to == 4 ? "n[1-2]" : "n1"),
                                  .reason = (char *)"nobody else \"can\""};
}

static void order(struct store *s, int64_t id, const struct resize_record *r)
{
    must(store_begin(s, &err));
    must(store_attempt_resize(s, id, r, &err));
    must(store_commit(s, &err));
}

/* "CPUs in both rows, current_cpus, MB, list, nodes, generation, resizes" */
static const char *holds(int64_t id)
{
    char text[512];
    snprintf(text, sizeof text,
             "SELECT j.alloc_cpus || ' ' || a.alloc_cpus || ' ' || current_cpus || ', ' ||"
             " j.alloc_mem_mb || ' ' || a.alloc_mem_mb || ' MB, ' || alloc_cpu_list || ' ' ||"
             " cpu_list || ' ' || nodes || ', g' || j.resize_generation || ' g' || "
             "a.resize_generation || ', ' ||"
             " j.resizes || ' ' || a.resizes || ' times' FROM jobs j JOIN attempts a"
             " ON a.job_id = j.id AND a.attempt = j.attempts WHERE j.id = %lld",
             (long long)id);
    return sql_value(fixture_db, text);
}

static void growing_and_shrinking(struct store *s)
{
    int64_t id = submit_elastic(s);
    struct job_record r = {0};
    begin_attempt(s, id, 1);
    is_str(holds(id), "2 2 2, 512 512 MB,   node1, g0 g0, 0 0 times", "it starts with two CPUs");

    struct resize_record grow = an_order(1, 2, 4);
    order(s, id, &grow);
    is_str(holds(id), "4 4 4, 400 400 MB, 0-3 0-3 n[1-2], g1 g1, 1 1 times",
           "more CPUs are its own as soon as they are ordered");
    is_str(sql_value(fixture_db, LAST_EVENT),
           "RESIZE 1 1 {\"from\":2,\"to\":4,\"mem_mb\":400,\"generation\":1,"
           "\"reason\":\"nobody else \\\"can\\\"\",\"cpu_list\":\"0-3\"}",
           "the log has the order");

    struct resize_record shrink = an_order(2, 4, 1);
    order(s, id, &shrink);
    is_str(holds(id), "4 4 4, 400 400 MB, 0-3 0-3 n[1-2], g2 g2, 2 2 times",
           "what it is to lose is still its own");
    has_str(sql_value(fixture_db, LAST_EVENT), "RESIZE 1 1 {\"from\":4,\"to\":1",
            "though it was ordered");
    shrink.mem_mb = 150;
    must(store_begin(s, &err));
    must(store_attempt_resized(s, id, &shrink, &err));
    must(store_commit(s, &err));
    is_str(holds(id), "1 1 1, 150 150 MB, 0 0 n1, g2 g2, 2 2 times",
           "until it is seen to be without, with the memory that it needs");
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    ok(r.job.alloc_cpus == 1 && r.current_cpus == 1 && cpuset_count(&r.job.alloc_set) == 1 &&
           r.job.generation == 2 && r.resizes == 2 && r.job.cpus == 2,
       "a job that is loaded says so");
    job_record_clear(&r);

    struct attempt_record *list;
    size_t n;
    must(store_attempt_running(s, &list, &n, &err));
    ok(n == 1 && list[0].generation == 2 && list[0].resizes == 2 && list[0].alloc_cpus == 1,
       "and so does its attempt");
    attempt_record_clear(&list[0]);
    free(list);
    struct store_counts c;
    must(store_counts(s, &c, &err));
    ok(c.elastic_running == 1 && c.elastic_resizes == 2 && c.used_cpus == 1, "it is counted");

    end_attempt(s, id, 1, JOB_COMPLETED, T0 + 9000000);
    is_str(holds(id), "1 1 1, 150 150 MB, 0 0 n1, g2 g2, 2 2 times", "at its end it had that");
    must(store_counts(s, &c, &err));
    ok(c.elastic_running == 0 && c.elastic_resizes == 0, "and does not run any more");
}

static void others_take_no_order(struct store *s)
{
    int64_t pending = submit_elastic(s), rigid = submit(s), running = submit_elastic(s);
    begin_attempt(s, rigid, 1);
    begin_attempt(s, running, 1);
    struct resize_record grow = an_order(1, 2, 4), again = an_order(1, 2, 1),
                         next = an_order(2, 2, 1), other = an_order(2, 2, 4);
    other.attempt = 2;
    order(s, running, &grow);
    order(s, running, &next);
    const struct {
        int64_t id;
        const struct resize_record *r;
        bool held;
        const char *what, *words;
    } cases[] = {
        {pending, &grow, false, "a pending job", "attempt 1 of job 2 takes no resize 1"},
        {rigid, &grow, false, "a rigid job", "attempt 1 of job 3 takes no resize 1"},
        {1, &grow, false, "an ended job", "job 1 is COMPLETED"},
        {running, &again, false, "an old order", "takes no resize 1"},
        {running, &next, false, "the same order again", "takes no resize 2"},
        {running, &other, false, "another attempt", "attempt 2 of job 4 takes no resize 2"},
        {running, &grow, true, "what an order before the last came to", "does not hold resize 1"},
        {pending, &grow, true, "what a pending job holds", "does not hold resize 1"},
    };
    char *before = copy_of(holds(running));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        must(store_begin(s, &err));
        err = (struct err){0};
        int result = cases[i].held ? store_attempt_resized(s, cases[i].id, cases[i].r, &err)
                                   : store_attempt_resize(s, cases[i].id, cases[i].r, &err);
        ok(result < 0 && err.code == ERR_INVALID, "%s: refused", cases[i].what);
        has_str(err.text, cases[i].words, "  and named");
        store_rollback(s);
    }
    is_str(holds(running), before, "none of this changed anything");
    is_int(store_attempt_resize(s, running, &other, &err), -1, "nor outside of a transaction");
    has_str(err.text, "outside of a transaction", "  which is said");
    free(before);
}

static void what_it_wants(struct store *s)
{
    int64_t id = submit_elastic(s);
    struct job_record r = {0};
    begin_attempt(s, id, 1);
    must(store_begin(s, &err));
    must(store_job_want(s, id, 4, 1000, T0 + 1, &err));
    must(store_commit(s, &err));
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    is_int(r.job.wanted_cpus, 4, "a wish is kept");
    job_record_clear(&r);
    has_str(sql_value(fixture_db, LAST_EVENT), "- {\"cpus\":4,\"uid\":1000}", "and logged");
    must(store_begin(s, &err));
    must(store_job_want(s, id, 0, 1000, T0 + 2, &err));
    must(store_commit(s, &err));
    is_str(sql_value(fixture_db, "SELECT wanted_cpus FROM jobs ORDER BY id DESC LIMIT 1"), "(null)",
           "and can be taken back");

    enum job_state now;
    must(store_begin(s, &err));
    must(store_job_want(s, id, 4, 1000, T0 + 1, &err));
    must(store_attempt_void(s, id, 1, "no fork", T0, &now, &err));
    must(store_commit(s, &err));
    must(store_job_load(s, id, STORE_PLAIN, &r, &err));
    ok(r.job.wanted_cpus == 0 && r.current_cpus == 0, "the next attempt begins without");
    job_record_clear(&r);

    must(store_begin(s, &err));
    err = (struct err){0};
    ok(store_job_want(s, id, 4, 1000, T0, &err) < 0 && err.code == ERR_INVALID,
       "a pending job wants nothing");
    has_str(err.text, "is PENDING", "  and it is said why");
    is_int(store_job_want(s, 999, 4, 1000, T0, &err), -1, "nor does one that there is not");
    is_int(err.code, ERR_NOT_FOUND, "  which is not found");
    store_rollback(s);
}

struct seen {
    int count;
    int64_t first, last;
};

static int see(void *ctx, const struct resize_record *r)
{
    struct seen *seen = ctx;
    if (!seen->count++)
        seen->first = r->generation;
    seen->last = r->generation;
    if (r->generation != 2)
        return 0;
    ok(r->attempt == 1 && r->time_us == T0 + 3000002 && r->from_cpus == 4 && r->to_cpus == 1 &&
           r->mem_mb == 100,
       "an order in the list is as it was");
    is_str(r->cpu_list, "0", "with its CPUs");
    is_str(r->reason, "nobody else \"can\"", "and its reason");
    return 0;
}

static void the_list(struct store *s)
{
    struct seen seen = {0};
    must(store_resize_each(s, 1, 50, see, &seen, &err));
    ok(seen.count == 2 && seen.first == 1 && seen.last == 2, "the orders, the oldest first");
    int64_t id = submit_elastic(s);
    begin_attempt(s, id, 1);
    for (int g = 3; g < 103; g++) {
        struct resize_record r = an_order(g, g % 2 ? 1 : 4, g % 2 ? 4 : 1);
        order(s, id, &r);
    }
    seen = (struct seen){0};
    must(store_resize_each(s, id, 50, see, &seen, &err));
    ok(seen.count == 50 && seen.first == 53 && seen.last == 102, "of many the last ones");
    is_str(sql_value(fixture_db, "SELECT resizes FROM jobs ORDER BY id DESC LIMIT 1"), "100",
           "though all are counted");
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    growing_and_shrinking(s);
    others_take_no_order(s);
    what_it_wants(s);
    the_list(s);
    store_close(s);
    fixture_remove();
    return done_testing();
}
