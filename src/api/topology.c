// SPDX-License-Identifier: MIT
#include "api/json.h"
#include "api/request.h"
#include "api/topology_json.h"

static int serve(struct call *c, struct err *e)
{
    struct object o = {.json = c->reply};
    object_set(&o, "topology", topology_json(c->api->topology));
    object_set(&o, "scheduler", json_boolean(c->api->sched != NULL));
    return o.failed ? err_nomem(e) : 0;
}

static const char *const none[] = {NULL};

const struct request_type request_topology = {
    .verb = "topology",
    .fields = none,
    .blobs = none,
    .serve = serve,
};
