// SPDX-License-Identifier: MIT
#include "api/parameters.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/fields.h"
#include "util/cleanup.h"
#include "util/sweep.h"
#include "util/text.h"

/* --- handed in -------------------------------------------------------------------------------- */

static int use(struct sweep *s, const char *what, const char *text, struct err *e)
{
    return text ? sweep_use(s, what, text, e) : 0;
}

/* Whatever they name is there, and all of it is named. */
static int check_names(struct sweep *s, const struct job_record *r, struct err *e)
{
    strz_each (word, &r->argv)
        if (use(s, "the command", word, e) < 0)
            return -1;
    if (sweep_all_used(s, e) < 0 || use(s, "name", r->name, e) < 0 ||
        use(s, "stdout", r->stdout_path, e) < 0 || use(s, "stderr", r->stderr_path, e) < 0)
        return -1;
    return 0;
}

static int check_tasks(const struct sweep *s, const struct taskset *t, struct err *e)
{
    if (t->count == s->count && t->first == 0 && taskset_last(t) == s->count - 1)
        return 0;
    return err_set(e, ERR_INVALID, "sweep: its array is 0-%" PRId64, s->count - 1);
}

int parameters_read(const struct call *c, struct job_record *r, struct err *e)
{
    _cleanup_sweep_ struct sweep s = {0};
    if (field_string(c->request, "sweep", SWEEP_TEXT_MAX, &r->sweep, e) < 0)
        return -1;
    if (!r->sweep)
        return 0;
    if (sweep_parse(r->sweep, &s, e) < 0 || check_tasks(&s, &r->job.tasks, e) < 0)
        return -1;
    return check_names(&s, r, e);
}

/* --- shown ------------------------------------------------------------------------------------ */

static json_t *buf_json(const struct buf *b)
{
    return b->failed ? NULL : json_bytes(b->data);
}

static json_t *filled_json(const struct sweep *s, int64_t task, enum sweep_place place,
                           const char *text)
{
    struct buf filled _cleanup_buf_ = {0};
    if (!text)
        return json_null();
    sweep_fill(s, task, place, text, &filled);
    return buf_json(&filled);
}

/* A vector's words stand as they would have to be typed. */
static json_t *words_json(const struct sweep *s, const struct job_record *r)
{
    struct buf words _cleanup_buf_ = {0}, line _cleanup_buf_ = {0};
    strz_each (word, &r->argv) {
        sweep_fill(s, r->job.task, SWEEP_TEXT, word, &words);
        buf_add(&words, "", 1);
    }
    struct strz list = {.data = words.data, .len = words.len};
    _cleanup_free_ char **vector = words.failed ? NULL : strz_vector(&list);
    if (!vector)
        return NULL;
    text_quote_argv(&line, vector);
    return buf_json(&line);
}

static json_t *values_json(const struct sweep *s, int64_t task)
{
    struct object o = object_new();
    for (size_t i = 0; i < s->nparams; i++) {
        struct buf value _cleanup_buf_ = {0};
        sweep_value(s, &s->params[i], task, &value);
        object_set(&o, s->params[i].name, buf_json(&value));
    }
    return object_end(&o);
}

void parameters_set(struct object *o, const struct job_record *r)
{
    _cleanup_sweep_ struct sweep s = {0};
    bool task = job_record_sweep(r, &s, NULL) == 0;
    int64_t n = r->job.task;
    object_set(o, "name", task ? filled_json(&s, n, SWEEP_TEXT, r->name) : json_bytes(r->name));
    if (!task)
        object_set(o, "command", json_bytes(r->command));
    else
        object_set(o, "command",
                   r->shell ? filled_json(&s, n, SWEEP_SHELL, r->command) : words_json(&s, r));
    object_set(o, "parameters", task ? values_json(&s, n) : json_null());
}

static json_t *given_json(const struct sweep *s)
{
    struct object o = object_new();
    for (size_t i = 0; i < s->nparams; i++)
        object_set(&o, s->params[i].name, json_bytes(s->params[i].text));
    return object_end(&o);
}

json_t *parameters_sweep(const struct job_record *r)
{
    static const char *const modes[] = {"grid", "zip", "random"};
    _cleanup_sweep_ struct sweep s = {0};
    if (!r->sweep || sweep_parse(r->sweep, &s, NULL) < 0)
        return json_null();
    struct object o = object_new();
    object_set(&o, "mode", json_string(modes[s.mode]));
    object_set(&o, "count", json_integer(s.count));
    object_set(&o, "seed", s.mode == SWEEP_RANDOM ? json_integer(s.seed) : json_null());
    object_set(&o, "metric", json_bytes(s.metric));
    object_set(&o, "parameters", given_json(&s));
    return object_end(&o);
}
