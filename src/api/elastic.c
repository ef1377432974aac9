// SPDX-License-Identifier: MIT
#include "api/elastic.h"

#include <inttypes.h>
#include <signal.h>

#include "api/fields.h"
#include "api/json.h"
#include "util/signals.h"

#define GRACE_MAX_US (INT64_C(3600) * 1000000)

/* A job that is not elastic has none of it. */
static int refuse_others(const struct frame *f, struct err *e)
{
    static const char *const keys[] = {"min_cpus",      "max_cpus", "resize_grace",
                                       "resize_signal", "workers",  NULL};
    for (size_t i = 0; keys[i]; i++) {
        const json_t *value = field_get(f, keys[i]);
        if (value && !json_is_false(value))
            return err_set(e, ERR_INVALID, "%s: only an elastic job has that (\"elastic\": true)",
                           keys[i]);
    }
    return 0;
}

int elastic_read_limits(const struct frame *f, struct job *j, struct err *e)
{
    if (field_int(f, "min_cpus", 1, CPUSET_MAX, &j->min_cpus, e) < 0 ||
        field_int(f, "max_cpus", 1, CPUSET_MAX, &j->max_cpus, e) < 0)
        return -1;
    if (j->min_cpus > j->cpus)
        return err_set(e, ERR_INVALID, "min_cpus %" PRId64 ": more than its %" PRId64 " cpus",
                       j->min_cpus, j->cpus);
    if (j->max_cpus && j->max_cpus < j->cpus)
        return err_set(e, ERR_INVALID, "max_cpus %" PRId64 ": less than its %" PRId64 " cpus",
                       j->max_cpus, j->cpus);
    return 0;
}

static int read_grace(const struct frame *f, int64_t *us, struct err *e)
{
    const json_t *value = json_object_get(f->head, "resize_grace");
    *us = json_is_integer(value) && !json_integer_value(value) ? 0 : RESIZE_GRACE_US;
    if (*us && field_seconds_us(f, "resize_grace", us, e) < 0)
        return -1;
    if (*us > GRACE_MAX_US)
        return err_set(e, ERR_INVALID, "resize_grace %" PRId64 ": more than an hour (3600)",
                       *us / 1000000);
    return 0;
}

static int read_signal(const struct frame *f, int *signal, struct err *e)
{
    const json_t *value = field_get(f, "resize_signal");
    char shown[64];
    *signal = SIGUSR1;
    if (!value)
        return 0;
    if (!json_is_string(value))
        return err_set(e, ERR_INVALID, "resize_signal %s: not a signal's name, such as \"USR1\"",
                       field_brief(value, shown, sizeof shown));
    return signal_parse_notice("resize_signal", json_string_value(value), signal, e);
}

int elastic_read(const struct call *c, struct job_record *r, struct err *e)
{
    const struct frame *f = c->request;
    if (field_bool(f, "elastic", &r->job.elastic, e) < 0)
        return -1;
    if (!r->job.elastic)
        return refuse_others(f, e);
    r->job.min_cpus = r->job.cpus;
    if (elastic_read_limits(f, &r->job, e) < 0 || read_grace(f, &r->resize_grace_us, e) < 0 ||
        read_signal(f, &r->resize_signal, e) < 0)
        return -1;
    return field_bool(f, "workers", &r->workers, e);
}

int64_t elastic_max(const struct api *a, const struct job *j)
{
    struct sched_usage u = {0};
    if (!j->max_cpus && a->sched)
        sched_usage(a->sched, &u);
    if (j->max_cpus || !u.cpus_total)
        return j->max_cpus;
    return j->cpus > u.cpus_total ? j->cpus : u.cpus_total;
}

/* null for 0 */
static json_t *number_json(int64_t n)
{
    return n ? json_integer(n) : json_null();
}

json_t *elastic_max_json(const struct api *a, const struct job *j)
{
    return number_json(elastic_max(a, j));
}

static json_t *signal_json(int signal)
{
    char number[16];
    if (!signal)
        return json_null();
    return json_string(signal_format(signal, number, sizeof number));
}

json_t *elastic_json(const struct api *a, const struct job_record *r)
{
    const struct job *j = &r->job;
    if (!j->elastic)
        return json_null();
    struct object o = object_new();
    object_set(&o, "min", json_integer(j->min_cpus));
    object_set(&o, "max", elastic_max_json(a, j));
    object_set(&o, "initial", json_integer(j->cpus));
    object_set(&o, "current", number_json(r->current_cpus));
    object_set(&o, "wanted", number_json(j->wanted_cpus));
    object_set(&o, "mem_per_cpu_mb", number_json(j->mem_per_cpu_mb));
    object_set(&o, "control_file", json_bytes(r->control_path));
    object_set(&o, "ack_file", json_bytes(r->ack_path));
    object_set(&o, "grace", json_seconds_us(r->resize_grace_us));
    object_set(&o, "signal", signal_json(r->resize_signal));
    object_set(&o, "workers", json_boolean(r->workers));
    object_set(&o, "resizes", json_integer(r->resizes));
    object_set(&o, "generation", json_integer(j->generation));
    return object_end(&o);
}
