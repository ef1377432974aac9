// SPDX-License-Identifier: MIT
#include "sweep/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

/* From so many times as much on, only a logarithm shows the small ones. */
#define FAR_APART 50

void points_free(struct points *p)
{
    for (size_t i = 0; i < p->npanels; i++) {
        for (size_t k = 0; k < p->panels[i].nnames; k++)
            free(p->panels[i].names[k]);
        free(p->panels[i].names);
        free(p->panels[i].x);
    }
    free(p->panels);
    free(p->task);
    free(p->y);
    *p = (struct points){0};
}

void points_range(const double *values, size_t count, double *low, double *high)
{
    *low = *high = values[0];
    for (size_t i = 1; i < count; i++) {
        *low = fmin(*low, values[i]);
        *high = fmax(*high, values[i]);
    }
}

static bool far_apart(const double *values, size_t count)
{
    double low, high;
    points_range(values, count, &low, &high);
    return low > 0 && high >= FAR_APART * low;
}

/* --- parameters ------------------------------------------------------------------------------- */

static const char *text_of(const json_t *task, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(task, "parameters"), name));
    return text ? text : "";
}

static bool read_numbers(const struct points *p, struct panel *panel)
{
    for (size_t i = 0; i < p->count; i++) {
        char *end;
        const char *text = text_of(p->task[i], panel->name);
        panel->x[i] = strtod(text, &end);
        if (!*text || *end || !isfinite(panel->x[i]))
            return false;
    }
    return true;
}

/* What is no number is in a list: in its order. */
static int read_names(struct panel *panel, const char *list, struct err *e)
{
    size_t cap = 0;
    for (const char *at = list;; at++) {
        size_t len = strcspn(at, ",");
        char **grown = array_room(panel->names, &cap, panel->nnames, 1, sizeof *grown);
        if (!grown)
            return err_nomem(e);
        panel->names = grown;
        if (!(panel->names[panel->nnames] = strndup(at, len)))
            return err_nomem(e);
        panel->nnames++;
        at += len;
        if (!*at)
            return 0;
    }
}

static double place_of(const struct panel *panel, const char *text)
{
    size_t i = 0;
    while (i + 1 < panel->nnames && strcmp(panel->names[i], text) != 0)
        i++;
    return (double)i;
}

/* Spread so, or a list whose values are far apart: those of any other range are even. */
static bool is_log(const char *list, const double *values, size_t count)
{
    double low, high;
    points_range(values, count, &low, &high);
    if (strncmp(list, "log:", 4) == 0)
        return low > 0;
    return !strstr(list, "..") && far_apart(values, count);
}

static int read_panel(const struct points *p, struct panel *panel, const char *list, struct err *e)
{
    panel->x = calloc(p->count + 1, sizeof *panel->x);
    if (!panel->x)
        return err_nomem(e);
    panel->numeric = read_numbers(p, panel);
    if (panel->numeric) {
        panel->log = is_log(list, panel->x, p->count);
        return 0;
    }
    if (read_names(panel, list, e) < 0)
        return -1;
    for (size_t i = 0; i < p->count; i++)
        panel->x[i] = place_of(panel, text_of(p->task[i], panel->name));
    return 0;
}

static int read_panels(json_t *parameters, struct points *p, struct err *e)
{
    const char *name;
    json_t *list;
    p->panels = calloc(json_object_size(parameters) + 1, sizeof *p->panels);
    if (!p->panels)
        return err_nomem(e);
    json_object_foreach (parameters, name, list) {
        const char *text = json_string_value(list);
        p->panels[p->npanels].name = name;
        if (read_panel(p, &p->panels[p->npanels++], text ? text : "", e) < 0)
            return -1;
    }
    return 0;
}

/* --- tasks ------------------------------------------------------------------------------------ */

static int read_tasks(const json_t *tasks, json_int_t best, struct points *p, struct err *e)
{
    size_t i, room = json_array_size(tasks) + 1;
    const json_t *task;
    p->task = calloc(room, sizeof *p->task);
    p->y = calloc(room, sizeof *p->y);
    if (!p->task || !p->y)
        return err_nomem(e);
    p->best = room;
    json_array_foreach (tasks, i, task) {
        const json_t *metric = json_object_get(task, "metric");
        if (!json_is_number(metric))
            continue;
        if (json_integer_value(json_object_get(task, "task")) == best)
            p->best = p->count;
        p->y[p->count] = json_number_value(metric);
        p->task[p->count++] = task;
    }
    if (!p->count)
        return err_set(e, ERR_INVALID,
                       "there is nothing to draw: no task has written a %s that is "
                       "a number",
                       p->metric);
    p->log = far_apart(p->y, p->count);
    return 0;
}

int points_read(const json_t *all, struct points *p, struct err *e)
{
    const json_t *sweep = json_object_get(all, "sweep"), *tasks = json_object_get(all, "tasks");
    json_t *parameters = json_object_get(sweep, "parameters");
    const json_t *best = json_object_get(all, "best");
    p->metric = json_string_value(json_object_get(all, "metric"));
    p->job = json_integer_value(json_object_get(all, "job"));
    p->tasks = (size_t)json_integer_value(json_object_get(sweep, "count"));
    if (!p->metric || !json_object_size(parameters) || !json_is_array(tasks))
        return err_set(e, ERR_INVALID,
                       "standard input: not what mini-slurm sweep show --json "
                       "prints, with a metric");
    if (read_tasks(tasks, json_is_integer(best) ? json_integer_value(best) : -1, p, e) < 0)
        return -1;
    return read_panels(parameters, p, e);
}
