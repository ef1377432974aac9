// SPDX-License-Identifier: MIT
/* wait: answered at once, or put off until there is something to say. */
#include "world.h"

/* The answer; NULL if it is put off. */
static const json_t *ask_to_wait(struct world *w, const char *fields)
{
    char head[256];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'wait', %s}", fields);
    return world_ask(w, ANN, head);
}

static void cancel(struct world *w, int id)
{
    char head[128];
    snprintf(head, sizeof head, "{'v': 1, 'verb': 'cancel', 'id': 'c%d', 'jobs': [%d]}", id, id);
    world_ask(w, ANN, head);
    w->api.revision++;
}

static void without_scheduler(void)
{
    struct world w;
    world_open(&w, 0);
    world_submit(&w, ANN, 1);
    world_submit(&w, ANN, 1);
    world_run(&w, 2, JOB_FAILED);
    const json_t *reply = ask_to_wait(&w, "'jobs': [1, 2], 'park': true");
    is_int(num(reply, "pending"), 1, "without a scheduler the answer comes at once");
    ok(real(reply, "again_after") == 1, "and says when to ask again");
    ok(is_null(reply, "revision"), "as nobody counts changes");
    const json_t *ended = json_array_get(json_object_get(reply, "ended"), 0);
    is_int(num(ended, "job"), 2, "what has ended is there");
    is_str(str(ended, "state"), "FAILED", "  with its state");
    is_int(num(ended, "exit_code"), 3, "  and what it exited with");
    has_str(error_of(ask_to_wait(&w, "'jobs': [1, 9]")), "no such job: 9", "unknown ids are told");
    world_close(&w);
}

static void with_scheduler(void)
{
    struct world w;
    world_open(&w, 2);
    w.api.revision = 7;
    w.api.parks = true;
    for (int i = 0; i < 4; i++)
        world_submit(&w, ANN, 1);

    const json_t *reply = ask_to_wait(&w, "'jobs': [1, 2]");
    is_int(num(reply, "revision"), 7, "who does not want to wait is answered");
    ok(is_null(reply, "again_after"), "and may ask again at once");
    ok(!ask_to_wait(&w, "'jobs': [1, 2], 'park': true"), "who does is put off");
    ok(!ask_to_wait(&w, "'jobs': [1, 2], 'park': true, 'any': true"), "also for one of them");
    ok(!ask_to_wait(&w, "'jobs': [1, 2], 'park': true, 'revision': 7"), "or for a change");
    ok(!ask_to_wait(&w, "'park': true, 'revision': 7"), "even of anything");
    ok(ask_to_wait(&w, "'all': true, 'park': true"), "which jobs he means is told first");

    cancel(&w, 2);
    ok(!ask_to_wait(&w, "'jobs': [1, 2], 'park': true"), "one of two has ended: not all");
    reply = ask_to_wait(&w, "'jobs': [1, 2], 'park': true, 'any': true");
    is_int(num(json_array_get(json_object_get(reply, "ended"), 0), "job"), 2, "but one");
    reply = ask_to_wait(&w, "'jobs': [1, 2], 'park': true, 'revision': 7");
    is_int(num(reply, "revision"), 8, "and something has changed");
    is_int(num(reply, "pending"), 1, "  of which this is left");
    is_int(num(ask_to_wait(&w, "'park': true, 'revision': 7"), "revision"), 8, "for everybody");

    cancel(&w, 1);
    reply = ask_to_wait(&w, "'jobs': [1, 2], 'park': true");
    is_int(json_array_size(json_object_get(reply, "ended")), 2, "both have ended");
    ok(ask_to_wait(&w, "'jobs': [1, 2], 'park': true, 'revision': 9"), "which is said in any case");

    w.api.parks = false;
    ok(real(ask_to_wait(&w, "'jobs': [3], 'park': true"), "again_after") == 1,
       "where there are too many who wait, he is to ask again");
    world_close(&w);
}

int main(void)
{
    without_scheduler();
    with_scheduler();
    return done_testing();
}
