// SPDX-License-Identifier: MIT
#include "api/target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/access.h"
#include "api/fields.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/number.h"
#include "util/pattern.h"

#define _cleanup_record_ __attribute__((cleanup(job_record_clear)))

void ids_free(struct ids *ids)
{
    free(ids->list);
}

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

int target_read(const char *what, const json_t *value, struct target *t, struct err *e)
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

void target_free(struct target *t)
{
    taskset_free(&t->tasks);
}

/* --- which jobs it means ---------------------------------------------------------------------- */

static int add_id(struct ids *ids, int64_t id, struct err *e)
{
    int64_t *grown = array_room(ids->list, &ids->cap, ids->count, 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    ids->list = grown;
    ids->list[ids->count++] = id;
    return 0;
}

static int no_task(const struct target *t, struct err *e)
{
    _cleanup_buf_ struct buf tasks = {0};
    taskset_format(&t->tasks, &tasks);
    return err_set(e, ERR_NOT_FOUND, "array %" PRId64 " has no task %.64s", t->id,
                   tasks.failed ? "" : tasks.data);
}

/* The id may be an array's: then all of it that is active. */
static int whole(struct call *c, int64_t id, struct ids *ids, struct err *e)
{
    _cleanup_record_ struct job_record r = {0};
    size_t before = ids->count;
    if (store_job_load(c->api->store, id, STORE_PLAIN, &r, e) < 0)
        return -1;
    if (r.job.array_id == id && store_array_active(c->api->store, id, ids, e) < 0)
        return -1;
    return ids->count > before ? 0 : add_id(ids, id, e);
}

/* Those of them that have rows of their own. */
static int own_rows(struct call *c, const struct target *t, struct ids *ids, struct err *e)
{
    _cleanup_ids_ struct ids range = {0};
    if (store_array_tasks(c->api->store, t->id, t->tasks.first, taskset_last(&t->tasks), &range,
                          e) < 0)
        return -1;
    for (size_t i = 0; i < range.count; i++) {
        _cleanup_record_ struct job_record r = {0};
        if (store_job_load(c->api->store, range.list[i], STORE_PLAIN, &r, e) < 0)
            return -1;
        if (taskset_has(&t->tasks, r.job.task) && add_id(ids, r.job.id, e) < 0)
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
    if (store_tasks_leave(c->api->store, r->job.id, &j, rest, e) < 0 ||
        call_event(c, (struct event){.type = EVENT_DIVIDE, .id = r->job.id}, &j, e) < 0)
        return -1;
    return add_id(ids, j.id, e);
}

/* What the head with this id has of them. */
static int from_head(struct call *c, const struct target *t, const char *verb, int64_t head,
                     struct ids *ids, struct err *e)
{
    _cleanup_record_ struct job_record r = {0};
    _cleanup_(taskset_free) struct taskset rest = {0}, part = {0};
    if (store_job_load(c->api->store, head, STORE_PLAIN, &r, e) < 0)
        return -1;
    if (taskset_copy(&rest, &r.job.tasks) < 0 || taskset_divide(&rest, &t->tasks, &part) < 0)
        return err_nomem(e);
    if (!part.count)
        return 0;
    if (!rest.count || r.job.state != JOB_PENDING || !verb)
        return add_id(ids, head, e);
    return access_check(c->who, &r, verb, e) < 0 ? -1 : divide(c, &r, &part, &rest, ids, e);
}

int target_jobs(struct call *c, const struct target *t, const char *verb, struct ids *ids,
                struct err *e)
{
    _cleanup_ids_ struct ids heads = {0};
    size_t before = ids->count;
    if (!t->tasks.count)
        return whole(c, t->id, ids, e);
    if (own_rows(c, t, ids, e) < 0 || store_array_heads(c->api->store, t->id, &heads, e) < 0)
        return -1;
    for (size_t i = 0; i < heads.count; i++)
        if (from_head(c, t, verb, heads.list[i], ids, e) < 0)
            return -1;
    return ids->count > before ? 0 : no_task(t, e);
}

/* --- one job, to read ------------------------------------------------------------------------- */

/* As it would be if it had left the others. */
static int show_alone(struct job_record *r, int64_t task, struct err *e)
{
    r->job.task = task;
    taskset_free(&r->job.tasks);
    return store_path_fill(&r->stdout_path, &r->job, e) < 0 ||
                   store_path_fill(&r->stderr_path, &r->job, e) < 0
               ? -1
               : 0;
}

static int load_from_heads(struct call *c, const struct target *t, struct job_record *r,
                           struct err *e)
{
    _cleanup_ids_ struct ids heads = {0};
    int64_t task = t->tasks.first;
    if (store_array_heads(c->api->store, t->id, &heads, e) < 0)
        return -1;
    for (size_t i = 0; i < heads.count; i++) {
        if (store_job_load(c->api->store, heads.list[i], STORE_PLAIN, r, e) < 0)
            return -1;
        if (taskset_has(&r->job.tasks, task))
            return show_alone(r, task, e);
        job_record_clear(r);
    }
    return no_task(t, e);
}

int target_load(struct call *c, const struct target *t, struct job_record *r, struct err *e)
{
    _cleanup_ids_ struct ids own = {0};
    if (!t->tasks.count)
        return store_job_load(c->api->store, t->id, STORE_PLAIN, r, e);
    if (t->tasks.count > 1)
        return err_set(e, ERR_INVALID, "%zu tasks of array %" PRId64 ": one at a time",
                       (size_t)t->tasks.count, t->id);
    int64_t task = t->tasks.first;
    if (store_array_tasks(c->api->store, t->id, task, task, &own, e) < 0)
        return -1;
    if (own.count)
        return store_job_load(c->api->store, own.list[0], STORE_PLAIN, r, e);
    return load_from_heads(c, t, r, e);
}
