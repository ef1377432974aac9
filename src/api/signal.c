// SPDX-License-Identifier: MIT
#include "api/access.h"
#include "api/each_job.h"
#include "api/fields.h"
#include "api/select.h"
#include "util/signals.h"

static int send_signal(struct call *c, void *ctx, const struct job_record *r, struct object *entry,
                       struct err *e)
{
    const struct control_signal *what = ctx;
    char message[CONTROL_MESSAGE];
    (void)entry;
    if (access_check(c->who, r, "signal", e) < 0 ||
        store_job_signal(c->api->store, r->job.id, what->signal, what->first, c->who->uid,
                         c->now_us, e) < 0)
        return -1;
    return call_control(c, &r->job, control_signal_format(what, message), e);
}

static int read_signal(const struct frame *f, int *signal, struct err *e)
{
    const json_t *value = json_object_get(f->head, "signal");
    char shown[64];
    if (!json_is_string(value))
        return err_set(e, ERR_INVALID, "signal %s: not a signal's name, such as \"USR1\"",
                       field_brief(value, shown, sizeof shown));
    return signal_parse("signal", json_string_value(value), signal, e);
}

static const struct job_act act = {.verb = "signal", .done = "signalled", .act = send_signal};

static int serve(struct call *c, struct err *e)
{
    struct control_signal what = {.token = c->now_us};
    if (read_signal(c->request, &what.signal, e) < 0 ||
        field_bool(c->request, "first", &what.first, e) < 0)
        return -1;
    return each_job(c, &act, &what, e);
}

static const char *const fields[] = {SELECT_FIELDS, "signal", "first", NULL};
static const char *const blobs[] = {SELECT_BLOBS, NULL};

const struct request_type request_signal = {
    .verb = "signal",
    .changes = true,
    .fields = fields,
    .blobs = blobs,
    .states = JOB_STATES_RUN,
    .serve = serve,
};
