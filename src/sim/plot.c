// SPDX-License-Identifier: MIT
#include "sim/plot.h"

#include <stdlib.h>

#include "sim/plot_page.h"
#include "util/cleanup.h"
#include "util/times.h"

/* --- the layout, in points -------------------------------------------------------------------- */

#define MARGIN  24.0
#define LEFT    60.0 /* for the labels of the vertical axes */
#define HEADER  62.0 /* title, what it is about, the runs' names */
#define GANTT   220.0
#define LINES   64.0
#define BETWEEN 15.0
#define COLUMN  24.0 /* between two columns */
#define LABELS  32.0 /* below an axis of time or waits */
#define SECTION 14.0 /* between the columns and the waits */
#define WAITS   170.0
#define HEIGHT                                                                                     \
    (MARGIN + HEADER + GANTT + 2 * (BETWEEN + LINES) + LABELS + SECTION + WAITS + LABELS + MARGIN)
#define COLUMN_X (MARGIN + LEFT)

static double column_width(size_t count)
{
    static const double widths[] = {680, 400, 310};
    return count <= sizeof widths / sizeof *widths ? widths[count - 1] : 270;
}

static double page_width(size_t count)
{
    return COLUMN_X + (double)count * (column_width(count) + COLUMN) - COLUMN + MARGIN;
}

/* --- what the page is about ------------------------------------------------------------------- */

/* The times that all columns show. */
static void find_span(struct page *p)
{
    const struct trace *t = p->trace;
    p->from_us = t->count ? t->jobs[0].submit_us : 0;
    p->to_us = p->from_us;
    for (size_t run = 0; run < p->count; run++)
        for (size_t i = 0; i < t->count; i++) {
            int64_t end = p->runs[run].result->jobs[i].start_us + t->jobs[i].run_us;
            if (p->to_us < end)
                p->to_us = end;
        }
    if (p->to_us == p->from_us)
        p->to_us += 3600 * US_PER_SEC;
}

static int prepare_columns(struct page *p)
{
    size_t bins = (size_t)column_width(p->count);
    p->columns = calloc(p->count, sizeof *p->columns);
    if (!p->columns)
        return -1;
    double queue_most = 1;
    for (size_t i = 0; i < p->count; i++) {
        struct column *c = &p->columns[i];
        const struct replay_result *r = p->runs[i].result;
        if (series_usage(&c->usage, p->trace, r, p->from_us, p->to_us, bins) < 0 ||
            series_queue(&c->queue, p->trace, r, p->from_us, p->to_us, bins) < 0)
            return -1;
        double peak = series_peak(&c->queue);
        if (queue_most < peak)
            queue_most = peak;
    }
    axis_queue(&p->queue, queue_most, LINES);
    return 0;
}

static int prepare(struct page *p)
{
    find_span(p);
    axis_time(&p->time, p->to_us - p->from_us, column_width(p->count));
    axis_cpus(&p->cpus, p->procs, GANTT);
    axis_share(&p->share, "utilisation", LINES);
    for (size_t i = 0; i < p->trace->count; i++)
        p->user_known |= p->trace->jobs[i].user >= 0;
    if (prepare_columns(p) < 0)
        return -1;
    int dense = gantt_is_dense(p);
    p->dense = dense > 0;
    return dense < 0 ? -1 : 0;
}

static void page_free(struct page *p)
{
    for (size_t i = 0; p->columns && i < p->count; i++) {
        series_free(&p->columns[i].usage);
        series_free(&p->columns[i].queue);
    }
    free(p->columns);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_header(struct page *p)
{
    double right = page_width(p->count) - MARGIN, y = MARGIN + SIZE_TITLE;
    draw_trace_name(p, MARGIN, y, right - MARGIN);
    draw_font(p->cr, SIZE_NORMAL, false);
    double left = gantt_legend(p, right, y + 18);
    draw_trace_size(p, MARGIN, y + 18, left - MARGIN - 12);
}

static void draw_name(struct page *p, size_t run, struct box b)
{
    double indent = RUN_KEY_WIDTH + 6;
    run_key(p->cr, run, b.x, b.y - 10 - SIZE_HEAD * 0.35);
    draw_font(p->cr, SIZE_HEAD, true);
    draw_colour(p->cr, INK);
    draw_text(p, b.x + indent, b.y - 10, b.w - indent, ALIGN_LEFT, p->runs[run].name);
}

/* The first column has the labels for all. */
static void draw_chart(struct page *p, size_t run, struct box b, const struct axis *y,
                       void draw(struct page *p, size_t run, struct box b))
{
    axis_grid(p->cr, b, &p->time, y);
    draw(p, run, b);
    axis_frame(p->cr, b, &p->time, y);
    if (run == 0)
        axis_label_y(p, b, y);
}

static void draw_column(struct page *p, size_t run)
{
    double width = column_width(p->count);
    struct box b = {COLUMN_X + (double)run * (width + COLUMN), MARGIN + HEADER, width, GANTT};
    draw_name(p, run, b);
    draw_chart(p, run, b, &p->cpus, gantt_draw);
    b.y += b.h + BETWEEN;
    b.h = LINES;
    draw_chart(p, run, b, &p->share, usage_draw);
    b.y += b.h + BETWEEN;
    draw_chart(p, run, b, &p->queue, queue_draw);
    axis_label_x(p, b, &p->time);
}

static void draw_page(struct page *p)
{
    double width = page_width(p->count);
    draw_colour(p->cr, WHITE);
    cairo_paint(p->cr);
    draw_header(p);
    for (size_t i = 0; i < p->count; i++)
        draw_column(p, i);
    waits_draw(p, (struct box){COLUMN_X, HEIGHT - MARGIN - LABELS - WAITS,
                               width - MARGIN - COLUMN_X, WAITS});
}

int plot_write(const char *path, const struct trace *t, int64_t procs, const struct plot_run *runs,
               size_t count, struct err *e)
{
    if (plot_check_name(path, e) < 0)
        return -1;
    if (count == 0)
        return err_set(e, ERR_INVALID, "nothing to draw: there is no run");
    _cleanup_(page_free) struct page p = {
        .trace = t, .procs = procs > 0 ? procs : 1, .runs = runs, .count = count};
    if (prepare(&p) < 0)
        return err_nomem(e);
    return picture_write(path, page_width(count), HEIGHT, draw_page, &p, e);
}
