// SPDX-License-Identifier: MIT
#include "api/depend.h"

#include <string.h>

#include "api/fields.h"
#include "api/json.h"

static int read_text(const struct frame *f, const char **text, struct err *e)
{
    const json_t *value = json_object_get(f->head, "dependency");
    char shown[64];
    *text = NULL;
    if (!value || json_is_null(value))
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
