// SPDX-License-Identifier: MIT
#include "util/taskset.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"

#define DIGITS "0123456789"

struct task_range {
    int64_t first, last, step; /* last is one of its numbers */
};

static int64_t size_of(const struct task_range *r)
{
    return (r->last - r->first) / r->step + 1;
}

void taskset_free(struct taskset *t)
{
    free(t->ranges);
    *t = (struct taskset){0};
}

/* What is left of the range that the first number is in, and all of those behind it. */
static struct task_range rest_of(const struct taskset *t, size_t i)
{
    struct task_range r = t->ranges[i];
    if (i == t->at)
        r.first = t->first;
    return r;
}

int taskset_copy(struct taskset *to, const struct taskset *from)
{
    size_t n = from->nranges - from->at;
    if (!n)
        return 0;
    to->ranges = malloc(n * sizeof *to->ranges);
    if (!to->ranges)
        return -1;
    for (size_t i = 0; i < n; i++)
        to->ranges[i] = rest_of(from, from->at + i);
    to->nranges = n;
    to->first = from->first;
    to->count = from->count;
    return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reader {
    const char *what, *text, *at;
    struct task_range *ranges;
    size_t nranges, cap;
    int64_t count; /* duplicates as often as they come */
    struct err *e;
};

static int refuse(const struct reader *r, const char *complaint)
{
    char shown[64];
    return err_set(r->e, ERR_INVALID, "%s %s: %s (write for example 0-99%%4 or 1,3,7-19:2)",
                   r->what, text_brief(r->text, shown, sizeof shown), complaint);
}

/* At least min; -1 if there is no such number. */
static int64_t read_number(struct reader *r, int64_t min)
{
    int64_t n = 0;
    if (!strspn(r->at, DIGITS))
        return -1;
    for (; *r->at >= '0' && *r->at <= '9'; r->at++) {
        n = n * 10 + (*r->at - '0');
        if (n > TASK_MAX)
            return -1;
    }
    return n < min ? -1 : n;
}

static int read_bounds(struct reader *r, struct task_range *range)
{
    *range = (struct task_range){.first = read_number(r, 0), .step = 1};
    range->last = range->first;
    if (range->first < 0)
        return refuse(r, "tasks have numbers from 0 to 2147483647");
    if (*r->at != '-')
        return 0;
    r->at++;
    range->last = read_number(r, 0);
    if (range->last < 0)
        return refuse(r, "the range has no end from 0 to 2147483647");
    if (*r->at != ':')
        return 0;
    r->at++;
    range->step = read_number(r, 1);
    return range->step < 1 ? refuse(r, "a step is a whole number from 1 on") : 0;
}

static int read_range(struct reader *r)
{
    struct task_range range;
    if (read_bounds(r, &range) < 0)
        return -1;
    if (range.last < range.first)
        return refuse(r, "the range runs backwards");
    range.last -= (range.last - range.first) % range.step;
    if (range.first == range.last)
        range.step = 1;
    r->count += size_of(&range);
    if (r->count > TASKSET_MAX)
        return refuse(r, "an array has 1000000 tasks at most");
    struct task_range *grown = array_room(r->ranges, &r->cap, r->nranges, 1, sizeof *r->ranges);
    if (!grown)
        return err_nomem(r->e);
    r->ranges = grown;
    r->ranges[r->nranges++] = range;
    return 0;
}

static int read_limit(struct reader *r, int64_t *limit)
{
    if (*r->at != '%')
        return 0;
    r->at++;
    *limit = read_number(r, 1);
    return *limit < 1 ? refuse(r, "behind % stands how many may run at once, from 1 on") : 0;
}

static int read_all(struct reader *r, int64_t *limit)
{
    if (!*r->at || *r->at == '%')
        return refuse(r, "there is no task");
    while (read_range(r) == 0) {
        if (*r->at != ',') {
            if (limit && read_limit(r, limit) < 0)
                return -1;
            return *r->at ? refuse(r, "not a list of ranges") : 0;
        }
        r->at++;
    }
    return -1;
}

/* --- in order, with as few ranges as there can be -----------------------------------------------
 */

/* Appends a number behind all others: it goes on with the last range, if it can. */
static void append(struct task_range *ranges, size_t *n, int64_t task)
{
    struct task_range *last = *n ? &ranges[*n - 1] : NULL;
    if (last && last->last + last->step == task) {
        last->last = task;
        return;
    }
    /* Two that are not neighbours are no range yet, but with the third. */
    if (last && *n > 1 && last->first == last->last &&
        ranges[*n - 2].first == ranges[*n - 2].last &&
        last->first - ranges[*n - 2].first == task - last->first) {
        last = &ranges[--*n - 1];
        last->step = task - ranges[*n].first;
        last->last = task;
        return;
    }
    ranges[(*n)++] = (struct task_range){task, task, 1};
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* *t gets the sorted numbers, of which some may be there twice. */
static int gather(struct taskset *t, const int32_t *numbers, size_t count)
{
    size_t n = 0, room = count ? count : 1;
    struct task_range *ranges = malloc(room * sizeof *ranges);
    if (!ranges)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!i || numbers[i] != numbers[i - 1]) {
            append(ranges, &n, numbers[i]);
            t->count++;
        }
    struct task_range *fitted = realloc(ranges, (n ? n : 1) * sizeof *ranges);
    t->ranges = fitted ? fitted : ranges;
    t->nranges = n;
    t->first = n ? t->ranges[0].first : 0;
    return 0;
}

static int32_t *expand(const struct task_range *ranges, size_t n, int64_t count)
{
    int32_t *numbers = malloc((size_t)(count ? count : 1) * sizeof *numbers), *to = numbers;
    for (size_t i = 0; numbers && i < n; i++)
        for (int64_t task = ranges[i].first; task <= ranges[i].last; task += ranges[i].step)
            *to++ = (int32_t)task;
    return numbers;
}

/* One range is in order as it is, however long. */
static int settle(struct reader *r, struct taskset *t)
{
    if (r->nranges == 1) {
        *t = (struct taskset){.ranges = r->ranges, .nranges = 1, .first = r->ranges[0].first};
        t->count = r->count;
        r->ranges = NULL;
        return 0;
    }
    int32_t *numbers = expand(r->ranges, r->nranges, r->count);
    if (!numbers)
        return -1;
    qsort(numbers, (size_t)r->count, sizeof *numbers, by_number);
    int rc = gather(t, numbers, (size_t)r->count);
    free(numbers);
    return rc;
}

int taskset_parse(const char *what, const char *text, struct taskset *t, int64_t *limit,
                  struct err *e)
{
    struct reader r = {.what = what, .text = text, .at = text, .e = e};
    if (limit)
        *limit = 0;
    int rc = read_all(&r, limit);
    if (rc == 0 && settle(&r, t) < 0)
        rc = err_nomem(e);
    free(r.ranges);
    return rc;
}

int taskset_of(int64_t task, struct taskset *t)
{
    t->ranges = malloc(sizeof *t->ranges);
    if (!t->ranges)
        return -1;
    *t->ranges = (struct task_range){task, task, 1};
    t->nranges = 1;
    t->first = task;
    t->count = 1;
    return 0;
}

void taskset_format(const struct taskset *t, struct buf *out)
{
    for (size_t i = t->at; i < t->nranges; i++) {
        struct task_range r = rest_of(t, i);
        buf_printf(out, i > t->at ? ",%" PRId64 : "%" PRId64, r.first);
        if (r.last > r.first)
            buf_printf(out, r.first + r.step == r.last && r.step > 1 ? ",%" PRId64 : "-%" PRId64,
                       r.last);
        if (r.step > 1 && r.first + r.step < r.last)
            buf_printf(out, ":%" PRId64, r.step);
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

int64_t taskset_next(const struct taskset *t, int64_t from)
{
    for (size_t i = t->at; i < t->nranges; i++) {
        struct task_range r = rest_of(t, i);
        if (from <= r.first)
            return r.first;
        if (from <= r.last)
            return r.first + (from - r.first + r.step - 1) / r.step * r.step;
    }
    return -1;
}

bool taskset_has(const struct taskset *t, int64_t task)
{
    return task >= 0 && taskset_next(t, task) == task;
}

int64_t taskset_last(const struct taskset *t)
{
    return t->ranges[t->nranges - 1].last;
}

int64_t taskset_step(const struct taskset *t)
{
    struct task_range r = {0};
    if (t->nranges - t->at == 1)
        r = rest_of(t, t->at);
    else if (t->count == 2)
        return taskset_last(t) - t->first;
    return r.first < r.last ? r.step : 1;
}

/* --- changing --------------------------------------------------------------------------------- */

int64_t taskset_pop(struct taskset *t)
{
    const struct task_range *r = &t->ranges[t->at];
    int64_t task = t->first;
    t->count--;
    if (task < r->last)
        t->first += r->step;
    else if (++t->at < t->nranges)
        t->first = t->ranges[t->at].first;
    return task;
}

void taskset_unpop(struct taskset *t, int64_t task)
{
    if (t->at == t->nranges || task < t->ranges[t->at].first)
        t->at--;
    t->first = task;
    t->count++;
}

void taskset_skip(struct taskset *t, int64_t below)
{
    while (t->at < t->nranges && t->ranges[t->at].last < below) {
        struct task_range r = rest_of(t, t->at);
        t->count -= size_of(&r);
        if (++t->at < t->nranges)
            t->first = t->ranges[t->at].first;
    }
    if (t->at == t->nranges || t->first >= below)
        return;
    int64_t first = taskset_next(t, below);
    t->count -= (first - t->first) / t->ranges[t->at].step;
    t->first = first;
}

/* The numbers of *t that are in `by`, or those that are not; how many. */
static size_t pick(const struct taskset *t, const struct taskset *by, bool in, int32_t *numbers)
{
    size_t n = 0;
    for (size_t i = t->at; i < t->nranges; i++) {
        struct task_range r = rest_of(t, i);
        for (int64_t task = r.first; task <= r.last; task += r.step)
            if (taskset_has(by, task) == in)
                numbers[n++] = (int32_t)task;
    }
    return n;
}

int taskset_divide(struct taskset *t, const struct taskset *by, struct taskset *common)
{
    struct taskset both = {0}, others = {0};
    int32_t *numbers = malloc((size_t)(t->count ? t->count : 1) * sizeof *numbers);
    int rc = numbers ? gather(&both, numbers, pick(t, by, true, numbers)) : -1;
    if (rc == 0)
        rc = gather(&others, numbers, pick(t, by, false, numbers));
    free(numbers);
    if (rc < 0) {
        taskset_free(&both);
        return -1;
    }
    taskset_free(t);
    *t = others;
    *common = both;
    return 0;
}
