// SPDX-License-Identifier: MIT
#include "api/retry.h"

#include "api/fields.h"
#include "api/submit.h"

#define FACTOR_MAX 1000.0

/* The list's words; without it all. */
static int read_on(const struct frame *f, unsigned *on, struct err *e)
{
    const json_t *list, *word;
    char shown[64];
    size_t i;
    if (field_array(f, "retry_on", &list, e) < 0)
        return -1;
    if (list)
        *on = 0;
    json_array_foreach (list, i, word) {
        unsigned bit = json_is_string(word) ? retry_on_parse(json_string_value(word)) : 0;
        if (!bit)
            return err_set(e, ERR_INVALID, "retry_on %s: not one of fail, timeout, oom, node",
                           field_brief(word, shown, sizeof shown));
        *on |= bit;
    }
    return *on ? 0 : err_set(e, ERR_INVALID, "retry_on: an empty list (leave it out for all)");
}

static int read_factor(const struct frame *f, const char *key, double least, double *factor,
                       struct err *e)
{
    const json_t *value = field_get(f, key);
    char shown[64];
    if (!value)
        return 0;
    double given = json_number_value(value);
    if (!(given >= least && given <= FACTOR_MAX))
        return err_set(e, ERR_INVALID, "%s %s: not a number from %g to %g", key,
                       field_brief(value, shown, sizeof shown), least, FACTOR_MAX);
    *factor = given;
    return 0;
}

static int check_memory(const struct job_record *r, struct err *e)
{
    const struct retry_policy *p = &r->retry;
    if (p->mem_factor > 0 && !p->max_mem_mb)
        return err_set(e, ERR_INVALID, "retry_mem: up to how much? (max_mem_mb is missing)");
    if (p->max_mem_mb && p->mem_factor <= 0)
        return err_set(e, ERR_INVALID, "max_mem_mb: of what? (retry_mem is missing)");
    if (p->max_mem_mb && r->job.mem_per_cpu_mb)
        return err_set(e, ERR_INVALID, "retry_mem: the job's memory follows its CPUs");
    if (p->max_mem_mb && p->max_mem_mb < r->job.mem_mb)
        return err_set(e, ERR_INVALID, "max_mem_mb %jd: less than its %jd MB",
                       (intmax_t)p->max_mem_mb, (intmax_t)r->job.mem_mb);
    return 0;
}

/* What is said of retries of which there are none is a mistake. */
static int check_retries(const struct frame *f, const struct retry_policy *p, struct err *e)
{
    static const char *const keys[] = {"retry_on",  "retry_delay", "retry_factor",
                                       "retry_mem", "max_mem_mb",  NULL};
    for (size_t i = 0; !p->retries && keys[i]; i++)
        if (field_get(f, keys[i]))
            return err_set(e, ERR_INVALID, "%s: how often? (retries is missing)", keys[i]);
    return 0;
}

int retry_read_fields(const struct frame *f, struct job_record *r, struct err *e)
{
    struct retry_policy *p = &r->retry;
    int64_t retries = p->retries;
    if (field_int(f, "retries", 0, RETRY_MAX, &retries, e) < 0 ||
        field_bool(f, "requeue", &p->requeue, e) < 0)
        return -1;
    p->retries = (int)retries;
    if (p->retries && !p->on) {
        p->on = RETRY_ON_DEFAULT;
        p->delay_factor = 1;
    }
    if (check_retries(f, p, e) < 0)
        return -1;
    if (!p->retries)
        return 0;
    if (read_on(f, &p->on, e) < 0 ||
        field_seconds_or_none_us(f, "retry_delay", &p->delay_us, e) < 0 ||
        read_factor(f, "retry_factor", 1, &p->delay_factor, e) < 0 ||
        read_factor(f, "retry_mem", 1.01, &p->mem_factor, e) < 0 ||
        field_int(f, "max_mem_mb", 1, MEM_MAX_MB, &p->max_mem_mb, e) < 0)
        return -1;
    return check_memory(r, e);
}

static json_t *on_json(unsigned on)
{
    json_t *list = json_array();
    const char *word;
    unsigned bit;
    for (size_t i = 0; list && (word = retry_on_word(i, &bit)); i++)
        if (on & bit && json_array_append_new(list, json_string(word)) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *retry_json(const struct job_record *r)
{
    const struct retry_policy *p = &r->retry;
    if (!p->retries)
        return json_null();
    struct object o = object_new();
    object_set(&o, "retries", json_integer(p->retries));
    object_set(&o, "retried", json_integer(r->retried));
    object_set(&o, "on", on_json(p->on));
    object_set(&o, "delay", json_seconds_us(p->delay_us));
    object_set(&o, "factor", json_real(p->delay_factor));
    object_set(&o, "mem_factor", p->max_mem_mb ? json_real(p->mem_factor) : json_null());
    object_set(&o, "max_mem_mb", p->max_mem_mb ? json_integer(p->max_mem_mb) : json_null());
    return object_end(&o);
}
