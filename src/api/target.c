// SPDX-License-Identifier: MIT
#include "api/target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/access.h"
#include "api/fields.h"
#include "util/cleanup.h"
#include "util/number.h"
#include "util/pattern.h"

/* --- reading ---------------------------------------------------------------------------------- */

static int refuse(const char *what, const json_t *value, struct err *e)
{
    char shown[64];
    return err_set(e, ERR_INVALID, "%s %s: not a job's id (15, or 15_3 and 15_[3-7] of an array)",
                   what, field_brief(value, shown, sizeof shown));
}

/* "3", or "[3-7]". */
static int read_tasks(const char *what, char *text, struct taskset *tasks, struct err *e)
{
    size_t len = strlen(text);
    if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
        text[len - 1] = '\0';
        return taskset_parse(what, text + 1, tasks, NULL, e);
    }
    if (len && strspn(text, "0123456789") == len)
        return taskset_parse(what, text, tasks, NULL, e);
    return err_set(e, ERR_INVALID, "%s %.64s: not a task's number, nor several in brackets", what,
                   text);
}

static int read_target(const char *what, const json_t *value, struct target *t, struct err *e)
{
    if (json_is_integer(value)) {
        t->id = json_integer_value(value);
        return t->id < 1 ? refuse(what, value, e) : 0;
    }
    const char *words = json_string_value(value);
    const char *split = words ? strchr(words, '_') : NULL;
    if (!split)
        return refuse(what, value, e);
    _cleanup_free_ char *text = strdup(words);
    if (!text)
        return err_nomem(e);
    text[split - words] = '\0';
    if (number_parse(what, text, 1, INT64_MAX, &t->id, NULL) < 0)
        return refuse(what, value, e);
    return read_tasks(what, text + (split - words) + 1, &t->tasks, e);
}

int target_named(const struct call *c, const char *what, const json_t *value, struct target *t,
                 struct err *e)
{
    const char *word = json_string_value(value);
    if (word && strcmp(word, "last") == 0)
        return store_job_last(c->api->store, c->who->uid, &t->id, e);
    return read_target(what, value, t, e);
}

void target_free(struct target *t)
{
    taskset_free(&t->tasks);
}

/* --- which jobs it means ---------------------------------------------------------------------- */

static int no_task(const struct target *t, struct err *e)
{
    _cleanup_buf_ struct buf tasks = {0};
    taskset_format(&t->tasks, &tasks);
    return err_set(e, ERR_NOT_FOUND, "array %" PRId64 " has no task %.64s", t->id,
                   tasks.failed ? "" : tasks.data);
}

/* The id may be an array's: then all of it, or what is active. */
static int whole(struct call *c, int64_t id, bool ended, struct ids *ids, struct err *e)
{
    struct store *s = c->api->store;
    _cleanup_job_record_ struct job_record r = {0};
    size_t before = ids->count;
    if (store_job_load(s, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    if (r.job.array_id == id &&
        (ended ? store_array_all(s, id, ids, e) : store_array_active(s, id, ids, e)) < 0)
        return -1;
    return ids->count > before ? 0 : ids_add(ids, id, e);
}

/* Those of them that have rows of their own. */
static int own_rows(struct call *c, const struct target *t, struct ids *ids, struct err *e)
{
    _cleanup_ids_ struct ids range = {0};
    if (store_array_tasks(c->api->store, t->id, t->tasks.first, taskset_last(&t->tasks), &range,
                          e) < 0)
        return -1;
    for (size_t i = 0; i < range.count; i++) {
        _cleanup_job_record_ struct job_record r = {0};
        if (store_job_load(c->api->store, range.list[i], STORE_PLAIN, &r, e) < 0)
            return -1;
        if (taskset_has(&t->tasks, r.job.task) && ids_add(ids, r.job.id, e) < 0)
            return -1;
    }
    return 0;
}

/* r's tasks in `part` leave it. */
static int divide(struct call *c, const struct job_record *r, struct taskset *part,
                  const struct taskset *rest, struct ids *ids, struct err *e)
{
    struct job j = r->job;
    bool one = part->count == 1;
    j.alloc_set = (struct cpuset){0};
    j.task = one ? part->first : -1;
    j.tasks = *part;
    if (one)
        j.tasks = (struct taskset){0};
    if (store_tasks_leave(c->api->store, r->job.id, &j, rest, e) < 0)
        return -1;
    if (j.state == JOB_PENDING &&
        call_event(c, (struct event){.type = EVENT_DIVIDE, .id = r->job.id}, &j, e) < 0)
        return -1;
    return ids_add(ids, j.id, e);
}

/* What the head with this id has of them. */
static int from_head(struct call *c, const struct target *t, const struct target_act *act,
                     int64_t head, struct ids *ids, struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    _cleanup_(taskset_free) struct taskset rest = {0}, part = {0};
    if (store_job_load(c->api->store, head, STORE_PLAIN, &r, e) < 0)
        return -1;
    if (taskset_copy(&rest, &r.job.tasks) < 0 || taskset_divide(&rest, &t->tasks, &part) < 0)
        return err_nomem(e);
    if (!part.count)
        return 0;
    if (!rest.count || !(act->divides & 1u << r.job.state))
        return ids_add(ids, head, e);
    return access_check(c->who, &r, act->verb, e) < 0 ? -1 : divide(c, &r, &part, &rest, ids, e);
}

int target_jobs(struct call *c, const struct target *t, const struct target_act *act,
                struct ids *ids, struct err *e)
{
    _cleanup_ids_ struct ids heads = {0};
    size_t before = ids->count;
    if (!t->tasks.count)
        return whole(c, t->id, act->ended, ids, e);
    if (own_rows(c, t, ids, e) < 0 || store_array_heads(c->api->store, t->id, &heads, e) < 0)
        return -1;
    for (size_t i = 0; i < heads.count; i++)
        if (from_head(c, t, act, heads.list[i], ids, e) < 0)
            return -1;
    return ids->count > before ? 0 : no_task(t, e);
}

/* --- one job, to read ------------------------------------------------------------------------- */

/* As it would be if it had left the others. */
static int show_alone(struct job_record *r, int64_t task, struct err *e)
{
    r->job.task = task;
    taskset_free(&r->job.tasks);
    return store_path_fill(&r->stdout_path, &r->job, r->sweep, e) < 0 ||
                   store_path_fill(&r->stderr_path, &r->job, r->sweep, e) < 0
               ? -1
               : 0;
}

static int load_from_heads(struct call *c, int64_t array, int64_t task, struct job_record *r,
                           struct err *e)
{
    _cleanup_ids_ struct ids heads = {0};
    if (store_array_heads(c->api->store, array, &heads, e) < 0)
        return -1;
    for (size_t i = 0; i < heads.count; i++) {
        if (store_job_load(c->api->store, heads.list[i], STORE_PLAIN, r, e) < 0)
            return -1;
        if (taskset_has(&r->job.tasks, task))
            return show_alone(r, task, e);
        job_record_clear(r);
    }
    return err_set(e, ERR_NOT_FOUND, "array %" PRId64 " has no task %" PRId64, array, task);
}

/* *task becomes the first of the head from that number on, if that is less. */
static int next_in_head(struct call *c, int64_t head, int64_t from, int64_t *task, struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    if (store_job_load(c->api->store, head, STORE_PLAIN, &r, e) < 0)
        return -1;
    int64_t next = r.job.state == JOB_PENDING ? taskset_next(&r.job.tasks, from) : -1;
    if (next >= 0 && (*task < 0 || next < *task))
        *task = next;
    return 0;
}

int target_next_task(struct call *c, int64_t array, int64_t from, bool begun, int64_t *task,
                     struct err *e)
{
    _cleanup_ids_ struct ids heads = {0};
    if (store_array_next(c->api->store, array, from, task, e) < 0 ||
        (!begun && store_array_heads(c->api->store, array, &heads, e) < 0))
        return -1;
    for (size_t i = 0; i < heads.count; i++)
        if (next_in_head(c, heads.list[i], from, task, e) < 0)
            return -1;
    if (*task >= 0)
        return 0;
    return err_set(e, ERR_NOT_FOUND, "array %" PRId64 " has no task from %" PRId64 " on", array,
                   from);
}

int target_load_task(struct call *c, int64_t array, int64_t task, struct job_record *r,
                     struct err *e)
{
    _cleanup_ids_ struct ids own = {0};
    if (store_array_tasks(c->api->store, array, task, task, &own, e) < 0)
        return -1;
    if (own.count)
        return store_job_load(c->api->store, own.list[0], STORE_PLAIN, r, e);
    return load_from_heads(c, array, task, r, e);
}

int target_load(struct call *c, const struct target *t, struct job_record *r, struct err *e)
{
    if (!t->tasks.count)
        return store_job_load(c->api->store, t->id, STORE_PLAIN, r, e);
    if (t->tasks.count > 1)
        return err_set(e, ERR_INVALID, "%zu tasks of array %" PRId64 ": one at a time",
                       (size_t)t->tasks.count, t->id);
    return target_load_task(c, t->id, t->tasks.first, r, e);
}
