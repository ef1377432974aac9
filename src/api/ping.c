// SPDX-License-Identifier: MIT
#include "api/json.h"
#include "api/request.h"
#include "api/scheduler_json.h"

static int serve(struct call *c, struct err *e)
{
    if (json_object_set_new(c->reply, "scheduler", scheduler_json(c->api)) < 0)
        return err_nomem(e);
    return 0;
}

static const char *const none[] = {NULL};

const struct request_type request_ping = {
    .verb = "ping",
    .fields = none,
    .blobs = none,
    .serve = serve,
};
