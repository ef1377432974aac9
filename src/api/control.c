// SPDX-License-Identifier: MIT
#include "api/control.h"

#include "api/fields.h"
#include "util/times.h"

static int check_deadline(const struct call *c, const struct job *j, struct err *e)
{
    char by[32], from[32], limit[32];
    int64_t from_us = j->eligible_us > c->now_us ? j->eligible_us : c->now_us;
    time_format(j->deadline_us, by, sizeof by);
    time_format(from_us, from, sizeof from);
    if (!j->deadline_us)
        return 0;
    if (j->deadline_us <= c->now_us)
        return err_set(e, ERR_INVALID, "deadline %s: in the past (it is %s)", by, from);
    if (j->deadline_us <= from_us)
        return err_set(e, ERR_INVALID, "deadline %s: it is not to begin before %s", by, from);
    if (j->limit_us > j->deadline_us - from_us)
        return err_set(e, ERR_INVALID,
                       "deadline %s: it begins at %s at the earliest, and may run for %s", by, from,
                       duration_format(j->limit_us, limit, sizeof limit));
    return 0;
}

int control_read(const struct call *c, struct job_record *r, struct err *e)
{
    struct job *j = &r->job;
    if (field_bool(c->request, "held", &j->held, e) < 0 ||
        field_time_us(c->request, "begin", &j->eligible_us, e) < 0 ||
        field_time_or_none_us(c->request, "deadline", &j->deadline_us, e) < 0 ||
        retry_read_fields(c->request, r, e) < 0)
        return -1;
    j->may_rerun = job_record_may_rerun(r);
    return j->state == JOB_PENDING ? check_deadline(c, j, e) : 0;
}

void control_set(struct object *o, const struct job_record *r)
{
    object_set(o, "held", json_boolean(r->job.held));
    object_set(o, "deadline", json_time_us(r->job.deadline_us));
    object_set(o, "retry", retry_json(r));
    object_set(o, "requeue", json_boolean(r->retry.requeue));
    object_set(o, "restarts", json_integer(r->job.restarts));
}
