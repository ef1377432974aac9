// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/metric.h"
#include "cli/sweep.h"
#include "cli/unfold.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/sweep.h"
#include "util/text.h"

struct listing {
    struct sweep_rows *rows;
    struct sweep sweep; /* for the values of what is unfolded */
};

void sweep_rows_free(struct sweep_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        json_decref(rows->list[i].task);
    free(rows->list);
}

/* --- the sweep as it was handed in ------------------------------------------------------------ */

static int add_parameter(struct sweep *s, const char *name, const char *shown, struct err *e)
{
    struct buf word _cleanup_buf_ = {0};
    _cleanup_free_ char *values = text_bytes(shown);
    if (!values)
        return err_nomem(e);
    buf_printf(&word, "%s=%s", name, values);
    return word.failed ? err_nomem(e) : sweep_add(s, word.data, e);
}

static int read_given(const json_t *given, struct sweep *s, struct err *e)
{
    const char *name, *mode = json_string_value(json_object_get(given, "mode"));
    json_t *values;
    if (mode && strcmp(mode, "zip") == 0)
        s->mode = SWEEP_ZIP;
    else if (mode && strcmp(mode, "random") == 0)
        s->mode = SWEEP_RANDOM;
    s->count = json_integer_value(json_object_get(given, "count"));
    s->seed = json_integer_value(json_object_get(given, "seed"));
    json_object_foreach (json_object_get(given, "parameters"), name, values)
        if (add_parameter(s, name, json_string_value(values), e) < 0)
            return -1;
    return sweep_settle(s, e);
}

/* --- rows ------------------------------------------------------------------------------------- */

static json_t *values_json(const struct sweep *s, int64_t task)
{
    json_t *all = json_object();
    for (size_t i = 0; all && i < s->nparams; i++) {
        struct buf value _cleanup_buf_ = {0}, shown _cleanup_buf_ = {0};
        sweep_value(s, &s->params[i], task, &value);
        if (!value.failed)
            text_printable(&shown, value.data, value.len);
        if (!shown.data || shown.failed ||
            json_object_set_new(all, s->params[i].name, json_string(shown.data)) < 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

/* A number, if all of it is one. */
static json_t *metric_json(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (*text && !*end && isfinite(number))
        return json_real(number);
    struct buf shown _cleanup_buf_ = {0};
    text_printable(&shown, text, strlen(text));
    return shown.failed ? NULL : json_string(shown.data ? shown.data : "");
}

/* In its output, or else among its errors. */
static json_t *find_metric(const struct metric *m, const json_t *job)
{
    static const char *const keys[] = {"stdout", "stderr"};
    bool ran = json_integer_value(json_object_get(job, "attempts")) > 0;
    for (size_t i = 0; m && ran && i < sizeof keys / sizeof *keys; i++) {
        const char *shown = json_string_value(json_object_get(job, keys[i]));
        _cleanup_free_ char *path = shown ? text_bytes(shown) : NULL;
        _cleanup_free_ char *value = path ? metric_find(m, path) : NULL;
        if (value)
            return metric_json(value);
    }
    return json_null();
}

static json_t *row_json(const struct listing *l, const json_t *job)
{
    static const char *const kept[] = {"id",          "array_id", "task",    "tasks",
                                       "array_limit", "state",    "runtime", "parameters"};
    json_t *row = json_object(), *task = json_object_get(job, "task");
    bool failed = !row;
    for (size_t i = 0; !failed && i < sizeof kept / sizeof *kept; i++) {
        json_t *value = json_object_get(job, kept[i]);
        failed = value && json_object_set(row, kept[i], value) < 0;
    }
    if (!failed && json_is_integer(task) && !json_is_object(json_object_get(row, "parameters")))
        failed = json_object_set_new(row, "parameters",
                                     values_json(&l->sweep, json_integer_value(task))) < 0;
    if (!failed)
        failed = json_object_set_new(row, "metric", find_metric(l->rows->metric, job)) < 0;
    if (!failed)
        return row;
    json_decref(row);
    return NULL;
}

static int add_row(void *ctx, const json_t *job, struct err *e)
{
    const struct listing *l = ctx;
    struct sweep_rows *rows = l->rows;
    struct sweep_row *grown = array_room(rows->list, &rows->cap, rows->count, 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    rows->list = grown;
    json_t *task = row_json(l, job);
    if (!task)
        return err_nomem(e);
    rows->list[rows->count++] = (struct sweep_row){.task = task};
    return 0;
}

/* --- fetching --------------------------------------------------------------------------------- */

static int add_page(void *ctx, const json_t *reply, struct err *e)
{
    struct listing *l = ctx;
    size_t i;
    json_t *job;
    json_array_foreach (json_object_get(reply, "jobs"), i, job)
        if ((l->rows->unfold ? unfold(job, add_row, l, e) : add_row(l, job, e)) < 0)
            return -1;
    return 0;
}

int sweep_list(struct client *c, int64_t array, struct sweep_rows *rows, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    struct listing l = {.rows = rows};
    if (client_request(&request, "list") < 0)
        return err_nomem(e);
    if (ask_set(&request, "array", json_integer(array), e) < 0)
        return -1;
    int r = rows->unfold ? read_given(rows->given, &l.sweep, e) : 0;
    if (r == 0)
        r = ask_pages(c, &request, add_page, &l, e);
    sweep_free(&l.sweep);
    return r;
}

/* --- in order --------------------------------------------------------------------------------- */

/* Numbers before texts, and what is not known behind all, whatever the direction. */
static int row_order(const void *a, const void *b)
{
    const struct sweep_row *x = a, *y = b;
    int order = 0;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind == SWEEP_BY_NUMBER)
        order = (x->number > y->number) - (x->number < y->number);
    else if (x->kind == SWEEP_BY_TEXT)
        order = strcmp(x->text, y->text);
    if (order)
        return x->reverse ? -order : order;
    json_int_t s = json_integer_value(json_object_get(x->task, "task"));
    json_int_t t = json_integer_value(json_object_get(y->task, "task"));
    return (s > t) - (s < t);
}

static void set_key(struct sweep_row *row, const json_t *value)
{
    char *end = NULL;
    row->text = json_string_value(value);
    row->number = json_number_value(value);
    row->kind = json_is_number(value) ? SWEEP_BY_NUMBER : row->text ? SWEEP_BY_TEXT : SWEEP_LAST;
    if (!row->text || !*row->text)
        return;
    double number = strtod(row->text, &end);
    if (!*end && !isnan(number)) {
        row->number = number;
        row->kind = SWEEP_BY_NUMBER;
    }
}

static int unknown_key(const struct sweep_rows *rows, const char *by, struct err *e)
{
    char shown[64];
    const char *names[SWEEP_PARAMS_MAX + 4] = {"metric", "time", "task"}, *name;
    size_t n = 3;
    json_t *values;
    json_object_foreach (json_object_get(rows->given, "parameters"), name, values)
        if (n < SWEEP_PARAMS_MAX + 3)
            names[n++] = name;
    const char *near = text_nearest(by, names);
    return err_set(e, ERR_USAGE, "--sort %s: no parameter, nor metric, time or task%s%s%s",
                   text_brief(by, shown, sizeof shown), near ? " (did you mean " : "",
                   near ? near : "", near ? "?)" : "");
}

int sweep_sort(struct sweep_rows *rows, const char *by, bool reverse, struct err *e)
{
    bool parameter = json_object_get(json_object_get(rows->given, "parameters"), by) != NULL;
    bool time = strcmp(by, "time") == 0;
    const char *key = time ? "runtime" : by;
    if (!parameter && !time && strcmp(by, "metric") != 0 && strcmp(by, "task") != 0)
        return unknown_key(rows, by, e);
    for (size_t i = 0; i < rows->count; i++) {
        const json_t *task = rows->list[i].task;
        set_key(&rows->list[i],
                json_object_get(parameter ? json_object_get(task, "parameters") : task, key));
        rows->list[i].reverse = reverse;
    }
    if (rows->count)
        qsort(rows->list, rows->count, sizeof *rows->list, row_order);
    return 0;
}
