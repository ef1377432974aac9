// SPDX-License-Identifier: MIT
#include "api/select.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "api/fields.h"
#include "api/json.h"
#include "api/target.h"
#include "util/array.h"
#include "util/number.h"

#define NAME_MAX_BYTES 4096

/* What must hold of a job. */
struct filter {
    unsigned states;  /* 0: any */
    char *name;       /* NULL: any */
    const char *user; /* NULL: any */
    bool own;
    uint32_t uid; /* the caller's */
};

bool select_is_refusal(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_DENIED;
}

void selection_free(struct selection *s)
{
    free(s->ids);
    free(s->tasks);
    *s = (struct selection){0};
}

/* --- what was said ---------------------------------------------------------------------------- */

static int read_user(const struct frame *f, const char **user, struct err *e)
{
    const json_t *value = json_object_get(f->head, "user");
    char shown[64];
    if (value && !json_is_null(value) && !json_is_string(value))
        return err_set(e, ERR_INVALID, "user %s: not a user's name",
                       field_brief(value, shown, sizeof shown));
    *user = json_string_value(value);
    return 0;
}

static unsigned usual_states(const struct request_type *type)
{
    return type->states ? type->states : JOB_STATES_ACTIVE;
}

static unsigned states_of_array(const struct request_type *type)
{
    return type->of_array ? type->of_array : usual_states(type);
}

/* named: the jobs are listed. */
static int read_filter(const struct call *c, bool named, struct filter *f, struct err *e)
{
    bool all = false;
    *f = (struct filter){.uid = c->who->uid};
    if (field_states(c->request, "states", &f->states, e) < 0 ||
        read_user(c->request, &f->user, e) < 0 || field_bool(c->request, "all", &all, e) < 0 ||
        field_string(c->request, "name", NAME_MAX_BYTES, &f->name, e) < 0)
        return -1;
    if (!named && !all && !f->states && !f->user && !f->name)
        return err_set(e, ERR_INVALID, "%s: which jobs? (\"jobs\" lists none)",
                       request_find(c->request)->verb);
    if ((all || !named) && !f->states)
        f->states = usual_states(request_find(c->request));
    f->own = all || (!named && !f->user);
    return 0;
}

static bool is_any(const struct filter *f)
{
    return !f->states && !f->name && !f->user && !f->own;
}

static bool is_users(const struct job_record *r, const char *user)
{
    int64_t uid;
    if (r->user && strcmp(r->user, user) == 0)
        return true;
    return number_parse("user", user, 0, UINT32_MAX, &uid, NULL) == 0 && uid == r->job.uid;
}

static bool holds(const struct filter *f, const struct job_record *r)
{
    if (f->states && !(f->states & 1u << r->job.state))
        return false;
    if (f->own && r->job.uid != f->uid)
        return false;
    if (f->user && !is_users(r, f->user))
        return false;
    return !f->name || (r->name && fnmatch(f->name, r->name, 0) == 0);
}

/* --- which that are --------------------------------------------------------------------------- */

static int add(struct selection *s, int64_t id, struct err *e)
{
    if (s->count == SELECT_MAX)
        return err_set(e, ERR_INVALID, "more than %d jobs at once", SELECT_MAX);
    int64_t *grown = array_room(s->ids, &s->cap, s->count, 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    s->ids = grown;
    grown[s->count++] = id;
    return 0;
}

/* If what must hold does, or there is no such job. */
static int add_if(const struct call *c, const struct filter *f, struct selection *s, int64_t id,
                  struct err *e)
{
    if (is_any(f))
        return add(s, id, e);
    struct job_record r = {0};
    struct err why = {0};
    int rc = store_job_load(c->api->store, id, STORE_PLAIN, &r, &why);
    bool wanted = rc < 0 || holds(f, &r);
    job_record_clear(&r);
    if (rc < 0 && why.code != ERR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    return wanted ? add(s, id, e) : 0;
}

static bool is_id(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 1;
}

/* [10, 20] */
static int add_range(struct call *c, const json_t *ends, const struct filter *f,
                     struct selection *s, struct err *e)
{
    const json_t *first = json_array_get(ends, 0), *last = json_array_get(ends, 1);
    int64_t from = json_integer_value(first), to = json_integer_value(last);
    char shown[64];
    if (!is_id(first) || !is_id(last) || from > to || json_array_size(ends) != 2)
        return err_set(e, ERR_INVALID, "jobs %s: not a job's id, nor a range of them ([10, 20])",
                       field_brief(ends, shown, sizeof shown));
    if (to - from >= SELECT_MAX)
        return err_set(e, ERR_INVALID, "more than %d jobs at once", SELECT_MAX);
    for (int64_t id = from; id <= to; id++)
        if (add_if(c, f, s, id, e) < 0)
            return -1;
    return 0;
}

/* Nobody has it, or it is not the caller's. */
static int add_refused(struct selection *s, const json_t *item, const struct err *why,
                       struct err *e)
{
    if (!s->refused || !select_is_refusal(why)) {
        *e = *why;
        return -1;
    }
    struct object entry = object_new();
    object_set(&entry, "job", json_deep_copy(item));
    object_set(&entry, "error", json_bytes(why->text));
    return json_array_append_new(s->refused, object_end(&entry)) < 0 ? err_nomem(e) : 0;
}

static int add_task(struct selection *s, int64_t array, int64_t task, struct err *e)
{
    if (s->count + s->ntasks == SELECT_MAX)
        return err_set(e, ERR_INVALID, "more than %d jobs at once", SELECT_MAX);
    struct select_task *grown = array_room(s->tasks, &s->tasks_cap, s->ntasks, 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    s->tasks = grown;
    grown[s->ntasks++] = (struct select_task){.array = array, .task = task};
    return 0;
}

/* Those of the tasks of which what must hold does. */
static int add_tasks(struct call *c, struct target *t, const struct filter *f, struct selection *s,
                     struct err *e)
{
    while (t->tasks.count) {
        struct job_record r = {0};
        int64_t task = taskset_pop(&t->tasks);
        if (target_load_task(c, t->id, task, &r, e) < 0)
            return -1;
        bool wanted = holds(f, &r);
        job_record_clear(&r);
        if (wanted && add_task(s, t->id, task, e) < 0)
            return -1;
    }
    return 0;
}

/* 15, "15_3", "last". */
static int add_target(struct call *c, const json_t *item, const struct filter *f,
                      struct selection *s, struct err *e)
{
    _cleanup_target_ struct target t = {0};
    _cleanup_ids_ struct ids ids = {0};
    struct err why = {0};
    const struct request_type *type = request_find(c->request);
    if (target_named(c, "jobs", item, &t, e) < 0)
        return -1;
    if (type->arrays)
        return t.tasks.count ? add_tasks(c, &t, f, s, e) : add_if(c, f, s, t.id, e);
    unsigned meant = states_of_array(type);
    struct target_act act = {
        .verb = type->verb,
        .divides = type->changes ? meant : 0,
        .ended = (meant & JOB_STATES_ENDED) != 0,
    };
    bool found = target_jobs(c, &t, &act, &ids, &why) == 0;
    if (!found && !t.tasks.count && why.code == ERR_NOT_FOUND)
        return add(s, t.id, e);
    if (!found)
        return add_refused(s, item, &why, e);
    struct filter wanted = *f;
    if (!t.tasks.count && ids.count > 1 && !wanted.states)
        wanted.states = meant;
    for (size_t i = 0; i < ids.count; i++)
        if (add_if(c, &wanted, s, ids.list[i], e) < 0)
            return -1;
    return 0;
}

static int add_named(struct call *c, const json_t *jobs, const struct filter *f,
                     struct selection *s, struct err *e)
{
    size_t i;
    json_t *item;
    json_array_foreach (jobs, i, item) {
        int r = json_is_array(item) ? add_range(c, item, f, s, e) : add_target(c, item, f, s, e);
        if (r < 0)
            return -1;
    }
    return 0;
}

struct search {
    const struct filter *filter;
    bool arrays; /* instead of what there is of them */
    struct selection *found;
    struct err *err;
};

static int look(void *ctx, const struct job_record *r)
{
    struct search *x = ctx;
    const struct job *j = &r->job;
    int64_t id = x->arrays && j->array_id ? j->array_id : j->id;
    return holds(x->filter, r) ? add(x->found, id, x->err) : 0;
}

static int add_found(const struct call *c, const struct filter *f, struct selection *s,
                     struct err *e)
{
    bool arrays = request_find(c->request)->arrays;
    struct search x = {.filter = f, .arrays = arrays, .found = s, .err = e};
    struct store_filter among = {.states = f->states};
    return store_job_each(c->api->store, &among, look, &x, e);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void sort(struct selection *s)
{
    size_t kept = 0;
    if (s->count)
        qsort(s->ids, s->count, sizeof *s->ids, by_id);
    for (size_t i = 0; i < s->count; i++)
        if (kept == 0 || s->ids[kept - 1] != s->ids[i])
            s->ids[kept++] = s->ids[i];
    s->count = kept;
}

int select_jobs(struct call *c, struct selection *s, struct err *e)
{
    const json_t *jobs;
    struct filter f = {0};
    if (field_array(c->request, "jobs", &jobs, e) < 0)
        return -1;
    bool named = json_array_size(jobs) > 0;
    int r = read_filter(c, named, &f, e);
    if (r == 0)
        r = named ? add_named(c, jobs, &f, s, e) : add_found(c, &f, s, e);
    free(f.name);
    sort(s);
    return r;
}
