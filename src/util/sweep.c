// SPDX-License-Identifier: MIT
#include "util/sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/number.h"
#include "util/sweep_param.h"
#include "util/taskset.h"
#include "util/text.h"

void sweep_free(struct sweep *s)
{
    for (size_t i = 0; i < s->nparams; i++) {
        free(s->params[i].name);
        free(s->params[i].text);
    }
    free(s->params);
    free(s->metric);
    *s = (struct sweep){0};
}

struct sweep_param *sweep_find(const struct sweep *s, const char *name, size_t len)
{
    for (size_t i = 0; i < s->nparams; i++)
        if (strlen(s->params[i].name) == len && memcmp(s->params[i].name, name, len) == 0)
            return &s->params[i];
    return NULL;
}

/* --- making one ------------------------------------------------------------------------------- */

static int append(struct sweep *s, const char *word, size_t name, struct err *e)
{
    struct sweep_param p = {0};
    struct sweep_param *grown = realloc(s->params, (s->nparams + 1) * sizeof *grown);
    if (!grown)
        return err_nomem(e);
    s->params = grown;
    p.name = strndup(word, name);
    p.text = strdup(word + name + 1);
    s->params[s->nparams++] = p;
    return p.name && p.text ? sweep_param_read(&s->params[s->nparams - 1], s->mode, e)
                            : err_nomem(e);
}

int sweep_add(struct sweep *s, const char *word, struct err *e)
{
    char shown[64];
    size_t name = text_assignment(word);
    text_brief(word, shown, sizeof shown);
    if (!name)
        return err_set(e, ERR_INVALID, "%s: not a parameter (write for example lr=0.1,0.01)",
                       shown);
    name--;
    if (strchr(word, '\n'))
        return err_set(e, ERR_INVALID, "%s: a value holds the end of a line", shown);
    if (sweep_find(s, word, name))
        return err_set(e, ERR_INVALID, "%s: there is a parameter %.*s already", shown, (int)name,
                       word);
    if (s->nparams == SWEEP_PARAMS_MAX)
        return err_set(e, ERR_INVALID, "%s: a sweep has %d parameters at most", shown,
                       SWEEP_PARAMS_MAX);
    return append(s, word, name, e);
}

int sweep_set_metric(struct sweep *s, const char *regex, struct err *e)
{
    if (!*regex || strchr(regex, '\n'))
        return err_set(e, ERR_INVALID, "metric: not a regular expression for a line");
    free(s->metric);
    s->metric = strdup(regex);
    return s->metric ? 0 : err_nomem(e);
}

static int too_many(struct err *e)
{
    return err_set(e, ERR_INVALID, "too many combinations: a sweep has %d tasks at most",
                   TASKSET_MAX);
}

static int count_grid(struct sweep *s, struct err *e)
{
    s->count = 1;
    for (size_t i = 0; i < s->nparams; i++) {
        if (s->params[i].count > TASKSET_MAX / s->count)
            return too_many(e);
        s->count *= s->params[i].count;
    }
    return 0;
}

static int count_zip(struct sweep *s, struct err *e)
{
    const struct sweep_param *first = &s->params[0];
    for (const struct sweep_param *p = first; p < first + s->nparams; p++)
        if (p->count != first->count)
            return err_set(e, ERR_INVALID, "zip: %.40s has %" PRId64 " values, and %.40s %" PRId64,
                           first->name, first->count, p->name, p->count);
    s->count = first->count;
    return s->count > TASKSET_MAX ? too_many(e) : 0;
}

int sweep_settle(struct sweep *s, struct err *e)
{
    if (!s->nparams)
        return err_set(e, ERR_INVALID, "there is no parameter (write for example lr=0.1,0.01)");
    if (s->mode == SWEEP_GRID)
        return count_grid(s, e);
    return s->mode == SWEEP_ZIP ? count_zip(s, e) : 0;
}

/* --- as text ---------------------------------------------------------------------------------- */

/* A line each: "grid", "zip" or "random COUNT SEED"; "env"; "metric REGEX"; the parameters. */
void sweep_format(const struct sweep *s, struct buf *out)
{
    if (s->mode == SWEEP_RANDOM)
        buf_printf(out, "random %" PRId64 " %" PRId64 "\n", s->count, s->seed);
    else
        buf_puts(out, s->mode == SWEEP_ZIP ? "zip\n" : "grid\n");
    if (s->by_env)
        buf_puts(out, "env\n");
    if (s->metric)
        buf_printf(out, "metric %s\n", s->metric);
    for (size_t i = 0; i < s->nparams; i++)
        buf_printf(out, "%s=%s\n", s->params[i].name, s->params[i].text);
}

static int read_random(const char *line, struct sweep *s, struct err *e)
{
    char count[24], seed[24];
    s->mode = SWEEP_RANDOM;
    if (sscanf(line, "random %23s %23s", count, seed) != 2)
        return err_set(e, ERR_INVALID, "sweep: how many, and by which seed?");
    if (number_parse("sweep", count, 1, TASKSET_MAX, &s->count, e) < 0)
        return -1;
    return number_parse("sweep", seed, 0, INT64_MAX, &s->seed, e);
}

static int read_line(const char *line, bool first, struct sweep *s, struct err *e)
{
    if (first && strcmp(line, "grid") == 0)
        return 0;
    if (first && strcmp(line, "zip") == 0) {
        s->mode = SWEEP_ZIP;
        return 0;
    }
    if (first)
        return read_random(line, s, e);
    if (strcmp(line, "env") == 0) {
        s->by_env = true;
        return 0;
    }
    return strncmp(line, "metric ", 7) == 0 ? sweep_set_metric(s, line + 7, e)
                                            : sweep_add(s, line, e);
}

int sweep_parse(const char *text, struct sweep *s, struct err *e)
{
    _cleanup_free_ char *copy = strdup(text);
    char *rest = copy;
    if (!copy)
        return err_nomem(e);
    for (char *line; (line = strsep(&rest, "\n")) && (rest || *line);)
        if (read_line(line, line == copy, s, e) < 0)
            return -1;
    return sweep_settle(s, e);
}

/* --- values ----------------------------------------------------------------------------------- */

/* splitmix64's step and output: https://prng.di.unimi.it/splitmix64.c */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/* How many tasks have the same value of this parameter, one after the other. */
static int64_t stride(const struct sweep *s, const struct sweep_param *p)
{
    int64_t n = 1;
    for (p++; p < s->params + s->nparams; p++)
        n *= p->count;
    return n;
}

void sweep_value(const struct sweep *s, const struct sweep_param *p, int64_t task, struct buf *out)
{
    switch (s->mode) {
    case SWEEP_GRID:
        sweep_param_at(p, task / stride(s, p) % p->count, out);
        break;
    case SWEEP_ZIP:
        sweep_param_at(p, task, out);
        break;
    case SWEEP_RANDOM:
        sweep_param_draw(
            p, mix(mix(mix((uint64_t)s->seed) + (uint64_t)task) + (uint64_t)(p - s->params)), out);
        break;
    }
}
