// SPDX-License-Identifier: MIT
/* A request that comes again gets the answer it got before. */
#include "fixture.h"

static void put(struct store *s, const char *id, const char *reply, int64_t now_us)
{
    must(store_begin(s, &err));
    must(store_request_put(s, id, reply, now_us, &err));
    must(store_commit(s, &err));
}

static void answers(struct store *s, const char *id, const char *reply, const char *name)
{
    char *got = (char *)"untouched";
    must(store_request_find(s, id, &got, &err));
    is_str(got, reply, name);
    free(got);
}

static void prune(struct store *s, int64_t before_us)
{
    must(store_begin(s, &err));
    must(store_request_prune(s, before_us, &err));
    must(store_commit(s, &err));
}

int main(void)
{
    fixture_make();
    struct store *s = fixture_open();
    answers(s, "r1", NULL, "a request that was never made has no answer");
    put(s, "r1", "{\"job\":1}", T0);
    put(s, "r2", "", T0 + 1000000);
    put(s, "r3", "{\"name\":\"\xff\"}", T0 + 2000000);
    answers(s, "r1", "{\"job\":1}", "one that was has its own");
    answers(s, "r2", "", "an empty one is one");
    answers(s, "r3", "{\"name\":\"\xff\"}", "bytes are kept");
    answers(s, "R1", NULL, "ids are compared exactly");

    must(store_begin(s, &err));
    is_int(store_request_put(s, "r1", "other", T0, &err), -1, "one id has one answer");
    is_int(err.code, ERR_INVALID, "  a second one is refused");
    store_rollback(s);
    is_int(store_request_put(s, "r9", "x", T0, &err), -1, "as is one outside of a transaction");

    must(store_begin(s, &err));
    must(store_request_put(s, "r4", "lost", T0, &err));
    store_rollback(s);
    answers(s, "r4", NULL, "what was rolled back was never answered");

    prune(s, T0);
    answers(s, "r1", "{\"job\":1}", "pruning keeps what is not older");
    prune(s, T0 + 1000000);
    answers(s, "r1", NULL, "forgets what is");
    answers(s, "r2", "", "and no more");
    prune(s, T0 + 9000000);
    answers(s, "r3", NULL, "until nothing is left");
    put(s, "r5", "later", T0 + 9000000);
    answers(s, "r5", "later", "and then begins again");

    store_close(s);
    s = fixture_open();
    answers(s, "r5", "later", "the answer is there for the next process");
    store_close(s);
    fixture_remove();
    return done_testing();
}
