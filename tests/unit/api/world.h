/* SPDX-License-Identifier: MIT */
/* world.h - a store of its own, served as a scheduler would, and a host that writes down what it is
 * told. */
#pragma once

#include <stdlib.h>

#include "api/api.h"
#include "api/client.h"
#include "place.h"
#include "tap.h"
#include "util/strz.h"

#define ANN 1000
#define BOB 1001
#define NOON                                                                                       \
    INT64_C(1764000000000000) /* the time of all requests, unless w.now_us says another            \
                               */

struct world {
    struct place place;
    struct store *store;
    struct sched *sched; /* NULL: served without a scheduler */
    struct api api;
    int64_t now_us;
    bool host_fails;
    char told[4096]; /* what the host was told: "submit 1; cancel 2; resize 3 to 4; 3.1 kill; " */
};

__attribute__((format(printf, 2, 3))) static inline void world_note(struct world *w,
                                                                    const char *fmt, ...)
{
    size_t used = strlen(w->told);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(w->told + used, sizeof w->told - used, fmt, ap);
    va_end(ap);
}

static inline int world_event(void *ctx, const struct event *ev, struct err *e)
{
    struct world *w = ctx;
    if (w->host_fails)
        return err_set(e, ERR_FULL, "the host has no memory");
    if (ev->type == EVENT_SUBMIT)
        world_note(w, "submit %" PRId64 "; ", ev->job->id);
    else if (ev->type == EVENT_CANCEL)
        world_note(w, "cancel %" PRId64 "; ", ev->id);
    else if (ev->type == EVENT_DIVIDE)
        world_note(w, "divide %" PRId64 ": %" PRId64 "; ", ev->id, ev->job->id);
    if (ev->type == EVENT_RESIZE) {
        world_note(w, "resize %" PRId64 " to %" PRId64 "; ", ev->id, ev->cpus);
        return 0; /* the scheduler of this world has not started it */
    }
    return w->sched ? sched_apply(w->sched, ev, e) : 0;
}

static inline int world_control(void *ctx, int64_t job, int attempt, const char *line,
                                struct err *e)
{
    world_note(ctx, "%" PRId64 ".%d %.*s; ", job, attempt, (int)strcspn(line, "\n"), line);
    return 0;
}

static inline void world_time(int64_t us, char *buf, size_t len)
{
    snprintf(buf, len, "%" PRId64, us / 1000000);
}

/* cpus: of the scheduler; 0: there is none. */
static inline void world_open(struct world *w, int64_t cpus)
{
    struct err e = {0};
    *w = (struct world){.now_us = NOON};
    place_open(&w->place);
    struct sched_config config = {
        .cpus = cpus,
        .mem_mb = 1024 * cpus,
        .policy = POLICY_GREEDY,
        .format_time = world_time,
    };
    if (store_open(w->place.paths.db, &w->store, &e) < 0 ||
        (cpus && !(w->sched = sched_create(&config, &e)))) {
        printf("Bail out! no world for the test: %s\n", e.text);
        exit(1);
    }
    w->api = (struct api){
        .store = w->store,
        .paths = &w->place.paths,
        .sched = w->sched,
        .scheduler_pid = cpus ? 77 : 0,
        .host = {.ctx = w, .event = world_event, .control = world_control},
    };
}

static inline void world_close(struct world *w)
{
    sched_destroy(w->sched);
    store_close(w->store);
    place_close(&w->place);
}

/* Serves the request of user uid as a scheduler does, in a transaction if it needs one, and takes
 * it. The answer's head, until the next call. */
static inline json_t *world_serve(struct world *w, uint32_t uid, struct frame *request)
{
    static struct frame reply;
    struct api_caller who = {.uid = uid, .gid = uid};
    bool changes = api_changes(request);
    frame_clear(&reply);
    if (changes)
        store_begin(w->store, NULL);
    api_serve(&w->api, &who, request, w->now_us, &reply);
    if (changes && store_commit(w->store, NULL) < 0)
        ok(false, "the transaction is committed");
    frame_clear(request);
    return reply.head;
}

/* The same with a request of a head alone, in JSON but with ' for ". */
static inline json_t *world_ask(struct world *w, uint32_t uid, const char *head)
{
    char text[1024];
    snprintf(text, sizeof text, "%s", head);
    for (char *c = text; *c; c++)
        if (*c == '\'')
            *c = '"';
    struct frame request = {.head = json_loads(text, 0, NULL)};
    return world_serve(w, uid, &request);
}

/* A client that, where no scheduler runs, starts the mini-slurm-local of this build. */
static inline void world_client(struct client *c)
{
    struct err e = {0};
    if (client_open(c, &e) < 0)
        ok(false, "a client: %s", e.text);
    c->local_program = MINI_SLURM_LOCAL;
}

static inline void set_blob(struct frame *f, const char *name, const void *data, size_t len)
{
    for (size_t i = 0; i < f->nblobs; i++) {
        if (strcmp(f->blobs[i].name, name) == 0) {
            free(f->blobs[i].name);
            free(f->blobs[i].data);
            f->blobs[i] = f->blobs[--f->nblobs];
            break;
        }
    }
    if (data)
        frame_add_blob(f, name, data, len);
}

/* A good submission, to be served as it is or changed first. `more`: fields after "id". */
static inline void submission(struct frame *f, const char *id)
{
    static const char argv[] = "python3\0train.py", env[] = "PATH=/bin\0BYTES=\xff\n";
    *f = (struct frame){.head = json_pack("{s:i, s:s, s:s}", "v", 1, "verb", "submit", "id", id)};
    set_blob(f, "argv", argv, sizeof argv);
    set_blob(f, "env", env, sizeof env);
    set_blob(f, "command", "python3 train.py", 16);
    set_blob(f, "cwd", "/home/ann", 9);
}

/* Submits one; its id. */
static inline int64_t world_submit(struct world *w, uint32_t uid, int cpus)
{
    static int count;
    char id[32];
    struct frame f;
    snprintf(id, sizeof id, "submit-%d", ++count);
    submission(&f, id);
    json_object_set_new(f.head, "cpus", json_integer(cpus));
    return json_integer_value(json_object_get(world_serve(w, uid, &f), "job"));
}

/* The job's attempt begins, on one CPU; its outcome, if state is not RUNNING, a second later. */
static inline void world_run(struct world *w, int64_t id, enum job_state state)
{
    struct job job = {.id = id, .attempt = 1, .start_us = NOON + 2000000, .cpus = 1};
    struct attempt_record end = {
        .job = id,
        .attempt = 1,
        .state = state,
        .end_us = NOON + 3000000,
        .runtime_us = 1000000,
        .exit_code = state == JOB_COMPLETED ? 0 : 3,
        .has_result = true,
        .cpu_user_us = 500000,
        .cpu_system_us = 250000,
        .mem_peak_kb = 2048,
        .levels = {.cpu = LEVEL_ENFORCED, .mem = LEVEL_WATCHED, .procs = LEVEL_WATCHED},
    };
    struct err e = {0};
    job.alloc_cpus = 1;
    job.alloc_mem_mb = 64;
    cpuset_add(&job.alloc_set, 3);
    if (store_begin(w->store, &e) < 0 ||
        store_attempt_begin(w->store, &job, "n2", "boot", &e) < 0 ||
        (state != JOB_RUNNING && store_attempt_end(w->store, &end, &e) < 0) ||
        store_commit(w->store, &e) < 0)
        ok(false, "job %" PRId64 " runs: %s", id, e.text);
    cpuset_free(&job.alloc_set);
}

static inline const char *str(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static inline int64_t num(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static inline double real(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static inline bool is_null(const json_t *o, const char *key)
{
    return json_is_null(json_object_get(o, key));
}

/* The text of an error reply; "" if it is none. */
static inline const char *error_of(const json_t *reply)
{
    const char *text = str(json_object_get(reply, "error"), "text");
    return text ? text : "";
}

/* A good submission with these fields, in JSON but with ' for ". The answer. */
static inline const json_t *submit_with(struct world *w, const char *fields)
{
    static int count;
    char id[32], text[256];
    struct frame f;
    snprintf(id, sizeof id, "submitted-%d", ++count);
    snprintf(text, sizeof text, "%s", fields);
    for (char *c = text; *c; c++)
        if (*c == '\'')
            *c = '"';
    submission(&f, id);
    json_object_update_new(f.head, json_loads(text, 0, NULL));
    return world_serve(w, ANN, &f);
}
