// SPDX-License-Identifier: MIT
#include "api/drain_json.h"
#include "api/job_json.h"
#include "api/request.h"
#include "api/scheduler_json.h"

static json_t *elastic_stats_json(const struct store_counts *n)
{
    struct object o = object_new();
    object_set(&o, "running", json_integer(n->elastic_running));
    object_set(&o, "resizes", json_integer(n->elastic_resizes));
    return object_end(&o);
}

static int serve(struct call *c, struct err *e)
{
    struct store_counts n;
    if (store_counts(c->api->store, &n, e) < 0)
        return -1;
    bool any = n.ended_with_times > 0;
    struct object o = {.json = c->reply};
    if (drain_add(c->api, &o, e) < 0)
        return -1;
    object_set(&o, "scheduler", scheduler_json(c->api));
    object_set(&o, "cpus_used", json_integer(n.used_cpus));
    object_set(&o, "mem_used_mb", json_integer(n.used_mem_mb));
    object_set(&o, "states", states_json(n.by_state));
    object_set(&o, "elastic", elastic_stats_json(&n));
    object_set(&o, "ended_jobs", json_integer(states_ended(n.by_state)));
    object_set(&o, "mean_wait", any ? json_real(n.mean_wait_s) : json_null());
    object_set(&o, "mean_runtime", any ? json_real(n.mean_runtime_s) : json_null());
    return o.failed ? err_nomem(e) : 0;
}

static const char *const none[] = {NULL};

const struct request_type request_stats = {
    .verb = "stats",
    .fields = none,
    .blobs = none,
    .serve = serve,
};
