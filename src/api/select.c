// SPDX-License-Identifier: MIT
#include "api/select.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "api/fields.h"
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

#define ACTIVE (1u << JOB_PENDING | 1u << JOB_RUNNING)

void selection_free(struct selection *s)
{
    free(s->ids);
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
        f->states = ACTIVE;
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

/* 0; -1 with *e if it is neither an id, nor a range, nor "last". */
static int read_range(const struct call *c, const json_t *item, int64_t *from, int64_t *to,
                      struct err *e)
{
    const char *word = json_string_value(item);
    const json_t *ends[2] = {json_array_get(item, 0), json_array_get(item, 1)};
    char shown[64];
    if (word && strcmp(word, "last") == 0) {
        if (store_job_last(c->api->store, c->who->uid, from, e) < 0)
            return -1;
        *to = *from;
        return 0;
    }
    if (!json_is_array(item))
        ends[0] = ends[1] = item;
    *from = json_integer_value(ends[0]);
    *to = json_integer_value(ends[1]);
    if (is_id(ends[0]) && is_id(ends[1]) && *from <= *to && json_array_size(item) <= 2)
        return 0;
    return err_set(e, ERR_INVALID, "jobs %s: not a job's id (a whole number from 1)",
                   field_brief(item, shown, sizeof shown));
}

static int add_named(const struct call *c, const json_t *jobs, const struct filter *f,
                     struct selection *s, struct err *e)
{
    size_t i;
    json_t *item;
    json_array_foreach (jobs, i, item) {
        int64_t from, to;
        if (read_range(c, item, &from, &to, e) < 0)
            return -1;
        if (to - from >= SELECT_MAX)
            return err_set(e, ERR_INVALID, "more than %d jobs at once", SELECT_MAX);
        for (int64_t id = from; id <= to; id++)
            if (add_if(c, f, s, id, e) < 0)
                return -1;
    }
    return 0;
}

struct search {
    const struct filter *filter;
    struct selection *found;
    struct err *err;
};

static int look(void *ctx, const struct job_record *r)
{
    struct search *x = ctx;
    return holds(x->filter, r) ? add(x->found, r->job.id, x->err) : 0;
}

static int add_found(const struct call *c, const struct filter *f, struct selection *s,
                     struct err *e)
{
    struct search x = {.filter = f, .found = s, .err = e};
    struct store_filter among = {.states = f->states ? f->states : ACTIVE};
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

int select_jobs(const struct call *c, struct selection *s, struct err *e)
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
