// SPDX-License-Identifier: MIT
/* Which jobs a request is about: seen by what `wait` says of them. */
#include "world.h"

static json_t *request_of(const char *fields)
{
    char text[256];
    snprintf(text, sizeof text, "%s", fields);
    for (char *c = text; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *head = json_loads(text, 0, NULL);
    json_object_set_new(head, "v", json_integer(API_VERSION));
    json_object_set_new(head, "verb", json_string("wait"));
    return head;
}

static void add_list(char *text, size_t len, const json_t *list, const char *key)
{
    size_t i;
    const json_t *one;
    json_array_foreach (list, i, one) {
        const json_t *id = key ? json_object_get(one, key) : one;
        size_t used = strlen(text);
        snprintf(text + used, len - used, "%s%lld", used ? " " : "",
                 (long long)json_integer_value(id));
    }
}

/* "2 3": those of a user's request that are active, then those that have ended; or why not. */
static const char *selected(struct world *w, uint32_t uid, const char *name, const char *fields)
{
    static char text[512];
    struct frame f = {.head = request_of(fields)};
    if (name)
        set_blob(&f, "name", name, strlen(name));
    const json_t *reply = world_serve(w, uid, &f);
    text[0] = '\0';
    add_list(text, sizeof text, json_object_get(reply, "active"), NULL);
    add_list(text, sizeof text, json_object_get(reply, "ended"), "job");
    return *error_of(reply) ? error_of(reply) : text;
}

/* 1, 2, 3: Ann's, of which 1 is "train-a", 2 "train-b" and runs, 3 has completed; 4: Bob's. */
static void fill(struct world *w)
{
    static const char *const names[] = {"train-a", "train-b", "train-c"};
    world_open(w, 0);
    for (int i = 0; i < 3; i++) {
        struct frame f;
        submission(&f, names[i]);
        set_blob(&f, "name", names[i], strlen(names[i]));
        world_serve(w, ANN, &f);
    }
    world_run(w, 2, JOB_RUNNING);
    world_run(w, 3, JOB_COMPLETED);
    world_submit(w, BOB, 1);
}

static void named(struct world *w)
{
    is_str(selected(w, ANN, NULL, "{'jobs': [2]}"), "2", "an id");
    is_str(selected(w, ANN, NULL, "{'jobs': [4, [1, 2], 2, 1]}"), "1 2 4",
           "ranges, in ascending order, each once");
    is_str(selected(w, ANN, NULL, "{'jobs': ['last']}"), "3", "the last one");
    is_str(selected(w, BOB, NULL, "{'jobs': ['last']}"), "4", "of the user");
    has_str(selected(w, 7, NULL, "{'jobs': ['last']}"), "none was submitted yet", "who has none");
    is_str(selected(w, ANN, NULL, "{'jobs': [[3, 4]], 'states': ['PD']}"), "4",
           "of a range those of a state");
    is_str(selected(w, ANN, "*-c", "{'jobs': [[1, 3]]}"), "3", "or of a name, ended or not");
    is_str(selected(w, ANN, NULL, "{'jobs': [[1, 4]], 'all': true}"), "1 2",
           "or the user's own that are active");
    is_str(selected(w, ANN, NULL, "{'jobs': [1, 9], 'states': ['PD']}"), "no such job: 9",
           "one that is not there is not left out in silence");
}

static void found(struct world *w)
{
    is_str(selected(w, ANN, NULL, "{'all': true}"), "1 2", "all that are the user's, and active");
    is_str(selected(w, ANN, "train-*", "{}"), "1 2", "by name, active ones alone");
    is_str(selected(w, BOB, "train-*", "{}"), "", "and the user's own");
    is_str(selected(w, BOB, "train-*", "{'user': '1000'}"), "1 2", "unless he says whose");
    is_str(selected(w, ANN, NULL, "{'states': ['COMPLETED']}"), "3", "by state, ended as well");
    is_str(selected(w, ANN, "train-[ab]", "{'states': ['R', 'CD']}"), "2", "all must hold");
    is_str(selected(w, 0, NULL, "{'all': true}"), "", "root's own are root's");
    is_str(selected(w, 0, NULL, "{'user': '1001', 'all': true}"), "",
           "somebody's own are nobody else's");
}

static void refused(struct world *w)
{
    has_str(selected(w, ANN, NULL, "{}"), "wait: which jobs?", "nothing said");
    has_str(selected(w, ANN, NULL, "{'jobs': [[3, 1]]}"), "jobs [3,1]: not a job's id",
            "a range backwards");
    has_str(selected(w, ANN, NULL, "{'jobs': [[1, 2, 3]]}"), "jobs [1,2,3]: not", "no range");
    has_str(selected(w, ANN, NULL, "{'jobs': [0]}"), "jobs 0: not", "no id");
    has_str(selected(w, ANN, NULL, "{'jobs': ['first']}"), "jobs \"first\": not", "no word");
    has_str(selected(w, ANN, NULL, "{'jobs': [[1, 9223372036854775807]]}"),
            "more than 100000 jobs at once", "a range of too many");
    has_str(selected(w, ANN, NULL, "{'states': ['DONE']}"), "states \"DONE\": no state",
            "no state");
    has_str(selected(w, ANN, NULL, "{'user': 5}"), "user 5: not a user's name", "no user");
    has_str(selected(w, ANN, "", "{}"), "name is empty", "no name");
}

int main(void)
{
    struct world w;
    fill(&w);
    named(&w);
    found(&w);
    refused(&w);
    world_close(&w);
    return done_testing();
}
