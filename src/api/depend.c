// SPDX-License-Identifier: MIT
#include "api/depend.h"

#include <string.h>

#include "api/correspond.h"
#include "api/cycle.h"
#include "api/fields.h"
#include "api/json.h"

static int read_text(const struct frame *f, const char **text, struct err *e)
{
    const json_t *value = field_get(f, "dependency");
    char shown[64];
    *text = NULL;
    if (!value)
        return 0;
    if (!json_is_string(value))
        return err_set(e, ERR_INVALID, "dependency %s: not a text such as \"afterok:12\"",
                       field_brief(value, shown, sizeof shown));
    *text = json_string_value(value);
    return 0;
}

static bool has_singleton(const struct dependency *d)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->clauses[i].type == CLAUSE_SINGLETON)
            return true;
    return false;
}

int depend_check(const struct call *c, int64_t from, struct job_record *r, struct err *e)
{
    struct dependency *d = &r->job.depends;
    bool kill = true;
    if (field_bool(c->request, "kill_on_invalid_dep", &kill, e) < 0)
        return -1;
    d->kept = !kill;
    if (!r->name && has_singleton(d))
        return err_set(e, ERR_INVALID, "dependency singleton: the job needs a name");
    if (store_dependency_settle(c->api->store, d, from, e) < 0)
        return err_wrap(e, "dependency");
    return 0;
}

int depend_read(const struct call *c, struct job_record *r, struct err *e)
{
    const char *text;
    if (read_text(c->request, &text, e) < 0 ||
        (text && dependency_parse(text, NULL, &r->job.depends, e) < 0))
        return -1;
    return depend_check(c, 0, r, e);
}

static int check_update(struct call *c, const struct job_record *r, struct dependency *d,
                        struct err *e)
{
    if (!r->name && has_singleton(d))
        return err_set(e, ERR_INVALID, "dependency singleton: the job needs a name");
    if (correspond_update(c, &r->job, d, e) < 0)
        return -1;
    if (store_dependency_settle(c->api->store, d, 0, e) < 0)
        return err_wrap(e, "dependency");
    return cycle_check(c, &r->job, d, e);
}

int depend_update(struct call *c, struct job_record *r, struct err *e)
{
    const char *text;
    struct dependency d = {.kept = r->job.depends.kept};
    if (read_text(c->request, &text, e) < 0 ||
        (text && *text && dependency_parse(text, NULL, &d, e) < 0))
        return -1;
    dependency_free(&r->job.depends);
    r->job.depends = d;
    return check_update(c, r, &r->job.depends, e);
}

static int tell_again(struct call *c, int64_t id, struct err *e)
{
    _cleanup_job_record_ struct job_record r = {0};
    if (store_job_load(c->api->store, id, STORE_PLAIN, &r, e) < 0 ||
        store_dependency_load(c->api->store, &r, &r.job.depends, e) < 0)
        return -1;
    return r.job.state == JOB_PENDING
               ? call_event(c, (struct event){.type = EVENT_DEPEND}, &r.job, e)
               : 0;
}

int depend_again(struct call *c, struct ids *targets, struct err *e)
{
    _cleanup_ids_ struct ids dependents = {0};
    if (!c->api->sched || !targets->count)
        return 0;
    ids_sort(targets);
    if (store_dependents(c->api->store, targets, &dependents, e) < 0)
        return -1;
    for (size_t i = 0; i < dependents.count; i++)
        if (tell_again(c, dependents.list[i], e) < 0)
            return -1;
    return 0;
}

/* --- for show --------------------------------------------------------------------------------- */

static json_t *clause_json(const struct clause *c)
{
    static const char *const states[] = {
        [CLAUSE_WAITS] = "waits", [CLAUSE_HOLDS] = "holds", [CLAUSE_NEVER] = "never"};
    struct object o = object_new();
    object_set(&o, "type", json_string(clause_word(c->type)));
    object_set(&o, "job", c->job ? json_integer(c->job) : json_null());
    object_set(&o, "task", c->task < 0 ? json_null() : json_integer(c->task));
    object_set(&o, "delay", json_seconds_us(c->delay_us));
    object_set(&o, "state", json_string(states[c->state]));
    object_set(&o, "from", json_time_us(c->from_us));
    object_set(&o, "outcome", c->ended ? json_string(job_state_name(c->outcome)) : json_null());
    return object_end(&o);
}

static json_t *clauses_json(const struct dependency *d, struct err *e)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < d->count; i++)
        if (json_array_append_new(list, clause_json(&d->clauses[i])) < 0) {
            json_decref(list);
            list = NULL;
        }
    if (!list)
        err_nomem(e);
    return list;
}

json_t *depend_json(const struct call *c, const struct job_record *r, struct err *e)
{
    const struct sched *s = c->api->sched;
    const struct job *active = s ? sched_job(s, r->job.id) : NULL;
    struct dependency d;
    if (active)
        return clauses_json(&active->depends, e);
    if (store_dependency_load(c->api->store, r, &d, e) < 0)
        return NULL;
    json_t *list = clauses_json(&d, e);
    dependency_free(&d);
    return list;
}
