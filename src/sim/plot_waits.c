// SPDX-License-Identifier: MIT
/* The waits' empirical distributions: for each wait, the share of the jobs that waited no longer.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/plot_page.h"
#include "util/cleanup.h"
#include "util/times.h"

#define FINE 3 /* steps a point, at most */

static int wait_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t *sorted_waits(const struct trace *t, const struct replay_result *r)
{
    int64_t *waits = calloc(t->count + 1, sizeof *waits);
    if (!waits)
        return NULL;
    for (size_t i = 0; i < t->count; i++)
        waits[i] = r->jobs[i].start_us - t->jobs[i].submit_us;
    qsort(waits, t->count, sizeof *waits, wait_order);
    return waits;
}

static double longest_wait_s(const struct page *p)
{
    int64_t most = 0;
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < p->trace->count; j++) {
            int64_t wait = p->runs[i].result->jobs[j].start_us - p->trace->jobs[j].submit_us;
            if (most < wait)
                most = wait;
        }
    return (double)most / US_PER_SEC;
}

/* A staircase whose steps are as high as can be seen. */
static void add_staircase(cairo_t *cr, struct box b, const struct axis *x, const int64_t *waits,
                          size_t count)
{
    size_t below = 0, drawn = 0, step = (size_t)((double)count / (b.h * FINE));
    int values = (int)(b.w * FINE);
    for (int i = 0; i <= values; i++) {
        double wait_us = pow(10, x->high * i / values) * US_PER_SEC, at = b.x + b.w * i / values;
        while (below < count && (double)waits[below] <= wait_us)
            below++;
        if (i > 0 && i < values && below - drawn <= step)
            continue;
        if (i > 0)
            cairo_line_to(cr, at, b.y + b.h - b.h * (double)drawn / (double)count);
        cairo_line_to(cr, at, b.y + b.h - b.h * (double)below / (double)count);
        drawn = below;
    }
}

static void draw_distribution(struct page *p, size_t run, struct box b, const struct axis *x)
{
    _cleanup_free_ int64_t *waits = sorted_waits(p->trace, p->runs[run].result);
    if (!waits) {
        p->nomem = true;
        return;
    }
    cairo_save(p->cr);
    add_staircase(p->cr, b, x, waits, p->trace->count);
    run_pen(p->cr, run);
    cairo_stroke(p->cr);
    cairo_restore(p->cr);
}

void waits_draw(struct page *p, struct box b)
{
    struct box legend = {b.x, b.y, runs_legend_width(p), b.h};
    b.w -= legend.w + 16;
    legend.x = b.x + b.w + 16;
    struct axis x, y;
    axis_wait(&x, longest_wait_s(p));
    axis_share(&y, "share of jobs", b.h);
    axis_grid(p->cr, b, &x, &y);
    axis_frame(p->cr, b, &x, &y);
    for (size_t i = 0; p->trace->count && i < p->count; i++)
        draw_distribution(p, i, b, &x);
    axis_label_x(p, b, &x);
    axis_label_y(p, b, &y);
    runs_legend(p, legend);
}
