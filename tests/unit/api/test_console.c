// SPDX-License-Identifier: MIT
/* Jobs that somebody sits in front of: submitted, refused, shown; and their place in the queue. */
#include "world.h"

static const json_t *show(struct world *w, int64_t id)
{
    char head[64];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'show', 'job': %" PRId64 "}", id);
    return world_ask(w, ANN, head);
}

static bool is_true(const json_t *job, const char *key)
{
    return json_is_true(json_object_get(job, key));
}

static void test_submitted(void)
{
    struct world w;
    world_open(&w, 8);
    submit_with(&w, "{'pty': true}");
    const json_t *job = json_object_get(show(&w, 1), "job");
    ok(is_true(job, "pty") && !is_true(job, "interactive"), "a job with a terminal");
    is_str(json_string_value(json_object_get(job, "stderr")),
           json_string_value(json_object_get(job, "stdout")), "which has one output");
    submit_with(&w, "{'client': 'client.0123abcd', 'pty': false}");
    job = json_object_get(show(&w, 2), "job");
    ok(!is_true(job, "pty") && is_true(job, "interactive"), "one with a client");
    ok(is_null(job, "stdout") && is_null(job, "stderr"), "which has its output");
    struct job_record r = {0};
    struct err e = {0};
    ok(store_job_load(w.store, 2, STORE_PLAIN, &r, &e) == 0, "the store has it");
    is_str(r.client, "client.0123abcd", "and where the client waits");
    job_record_clear(&r);
    submit_with(&w, "{'client': null}");
    job = json_object_get(show(&w, 3), "job");
    ok(!is_true(job, "pty") && !is_true(job, "interactive"), "one that has neither");
    world_close(&w);
}

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"{'pty': 1}", "pty 1: neither true nor false"},
        {"{'client': 7}", "client 7: not the name of a client's socket"},
        {"{'client': ''}", "not the name of a client's socket"},
        {"{'client': 'client.'}", "not the name of a client's socket"},
        {"{'client': 'client.a/b'}", "not the name of a client's socket"},
        {"{'client': '../client.1'}", "not the name of a client's socket"},
        {"{'client': 'store.lock'}", "not the name of a client's socket"},
    };
    struct world w;
    world_open(&w, 8);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        has_str(error_of(submit_with(&w, cases[i][0])), cases[i][1], cases[i][0]);
    is_str(w.told, "", "and nothing happens");
    world_close(&w);
}

static void test_before(void)
{
    struct world w;
    world_open(&w, 8);
    for (int i = 0; i < 3; i++)
        submit_with(&w, "{}");
    submit_with(&w, "{'priority': 1}");
    is_int(json_integer_value(json_object_get(show(&w, 3), "before")), 3,
           "the last one of a priority is behind all of it, and of a higher one");
    is_int(json_integer_value(json_object_get(show(&w, 1), "before")), 1,
           "the first one is behind who has a higher one");
    ok(json_is_integer(json_object_get(show(&w, 4), "before")) &&
           json_integer_value(json_object_get(show(&w, 4), "before")) == 0,
       "who is behind nobody");
    submit_with(&w, "{'cpus': 9}");
    ok(is_null(show(&w, 5), "before"), "who can never start stands in no queue");
    world_close(&w);
    world_open(&w, 0);
    submit_with(&w, "{}");
    ok(is_null(show(&w, 1), "before"), "without a scheduler there is no queue");
    world_close(&w);
}

int main(void)
{
    test_submitted();
    test_refused();
    test_before();
    return done_testing();
}
