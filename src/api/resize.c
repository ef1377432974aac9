// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "api/access.h"
#include "api/elastic.h"
#include "api/fields.h"
#include "api/json.h"

/* Where a job may be resized at all. */
static int check_job(const struct call *c, const struct job_record *r, struct err *e)
{
    const struct job *j = &r->job;
    char job[JOB_LABEL];
    job_label(j, job);
    if (access_check(c->who, r, "resize", e) < 0)
        return -1;
    if (!j->elastic)
        return err_set(e, ERR_INVALID, "job %s is not elastic: submit it with --elastic", job);
    if (j->state != JOB_RUNNING)
        return err_set(e, ERR_INVALID, "job %s is %s: only a running job can be resized", job,
                       job_state_name(j->state));
    if (!c->api->sched)
        return err_set(e, ERR_INVALID,
                       "job %s can't be resized: no scheduler is running; start it with: "
                       "mini-slurm scheduler --background",
                       job);
    if (!sched_resizes(c->api->sched))
        return err_set(e, ERR_INVALID,
                       "job %s can't be resized: the scheduler runs with --disable-elastic", job);
    return 0;
}

static int check_limits(const struct job *j, int64_t wanted, int64_t max, struct err *e)
{
    char job[JOB_LABEL];
    if (wanted >= j->min_cpus && wanted <= max)
        return 0;
    return err_set(e, ERR_INVALID,
                   "job %s can't have %" PRId64 " CPU%s: only %" PRId64 " to %" PRId64,
                   job_label(j, job), wanted, wanted == 1 ? "" : "s", j->min_cpus, max);
}

/* How many CPUs it is to want; 0: as many as it can get. */
static int read_wanted(const struct call *c, const struct job *j, int64_t max, int64_t *wanted,
                       struct err *e)
{
    bool relative = false;
    int64_t cpus = 0;
    if (field_bool(c->request, "relative", &relative, e) < 0 ||
        field_int(c->request, "cpus", relative ? -CPUSET_MAX : 1, CPUSET_MAX, &cpus, e) < 0)
        return -1;
    if (relative && !cpus)
        return err_set(e, ERR_INVALID, "resize: by how many CPUs? (\"cpus\" is missing)");
    *wanted = cpus + (relative ? j->alloc_cpus : 0);
    return cpus ? check_limits(j, *wanted, max, e) : 0;
}

static int resize(struct call *c, const struct job_record *r, struct err *e)
{
    const struct job *j = &r->job;
    int64_t wanted = 0, max = elastic_max(c->api, j);
    if (check_job(c, r, e) < 0 || read_wanted(c, j, max, &wanted, e) < 0 ||
        store_job_want(c->api->store, j->id, wanted, c->who->uid, c->now_us, e) < 0)
        return -1;
    struct object o = {.json = c->reply};
    object_set(&o, "job", json_integer(j->id));
    object_set(&o, "cpus", json_integer(j->alloc_cpus));
    object_set(&o, "wanted", wanted ? json_integer(wanted) : json_null());
    object_set(&o, "min", json_integer(j->min_cpus));
    object_set(&o, "max", json_integer(max));
    if (o.failed)
        return err_nomem(e);
    return call_event(c, (struct event){.type = EVENT_RESIZE, .cpus = wanted}, j, e);
}

static int serve(struct call *c, struct err *e)
{
    return call_about_job(c, resize, e);
}

static const char *const fields[] = {"job", "cpus", "relative", NULL};
static const char *const no_blobs[] = {NULL};

const struct request_type request_resize = {
    .verb = "resize",
    .changes = true,
    .fields = fields,
    .blobs = no_blobs,
    .serve = serve,
};
