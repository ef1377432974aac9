// SPDX-License-Identifier: MIT
#include "sweep/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plot_page.h"
#include "util/buf.h"

#define ACROSS     3 /* panels, at most */
#define SIDE       200.0
#define LEFT       64.0 /* of each, for its labels */
#define BELOW      44.0
#define MARGIN     18.0
#define HEADER     46.0
#define DOT        2.6
#define VALUE_ROOM 34.0 /* of a value below the axis */

/* Begins with the page, which is what picture_fn gets. */
struct picture {
    struct page page;
    const struct points *points;
    struct axis y;
};

static double on_axis(double value, bool log)
{
    return log ? log10(value) : value;
}

/* "15_3, loss 0.01 at lr=0.1 bs=32". */
static void say_best(const struct points *p, struct buf *out)
{
    const json_t *task = p->task[p->best];
    buf_printf(out, "; the best (large dot): %lld_%lld, %s %.6g at", p->job,
               (long long)json_integer_value(json_object_get(task, "task")), p->metric,
               p->y[p->best]);
    for (size_t i = 0; i < p->npanels; i++) {
        const char *name = p->panels[i].name;
        const json_t *value = json_object_get(json_object_get(task, "parameters"), name);
        buf_printf(out, " %s=%s", name, json_string_value(value));
    }
}

static void draw_header(struct picture *d, double room)
{
    const struct points *p = d->points;
    struct buf title _cleanup_buf_ = {0}, about _cleanup_buf_ = {0};
    buf_printf(&title, "Sweep %lld: %s", p->job, p->metric);
    buf_printf(&about, "%zu of %zu tasks", p->count, p->tasks);
    if (p->best < p->count)
        say_best(p, &about);
    d->page.nomem |= title.failed || about.failed;
    if (d->page.nomem)
        return;
    draw_font(d->page.cr, SIZE_TITLE, true);
    draw_colour(d->page.cr, INK);
    draw_text(&d->page, MARGIN, MARGIN + SIZE_TITLE, room, ALIGN_LEFT, title.data);
    draw_font(d->page.cr, SIZE_NORMAL, false);
    draw_colour(d->page.cr, QUIET);
    draw_text(&d->page, MARGIN, MARGIN + SIZE_TITLE + 16, room, ALIGN_LEFT, about.data);
}

static void make_x(const struct panel *panel, size_t count, double room, struct axis *x)
{
    double low, high;
    points_range(panel->x, count, &low, &high);
    if (!panel->numeric)
        axis_names(x, panel->name, (const char *const *)panel->names, panel->nnames, room);
    else if (panel->log)
        axis_logarithm(x, panel->name, low, high);
    else
        axis_numbers(x, panel->name, low, high, room, VALUE_ROOM);
}

static void draw_dot(struct picture *d, struct box b, const struct panel *panel,
                     const struct axis *x, size_t i)
{
    bool best = i == d->points->best;
    cairo_t *cr = d->page.cr;
    cairo_arc(cr, axis_x(x, b, on_axis(panel->x[i], panel->log)),
              axis_y(&d->y, b, on_axis(d->points->y[i], d->points->log)), best ? 1.6 * DOT : DOT, 0,
              2 * M_PI);
    draw_colour(cr, run_colour(best));
    cairo_fill(cr);
}

/* The best one last: nothing covers it. */
static void draw_panel(struct picture *d, struct box b, const struct panel *panel)
{
    const struct points *p = d->points;
    struct axis x;
    make_x(panel, p->count, b.w, &x);
    axis_grid(d->page.cr, b, &x, &d->y);
    axis_frame(d->page.cr, b, &x, &d->y);
    for (size_t i = 0; i < p->count; i++)
        if (i != p->best)
            draw_dot(d, b, panel, &x, i);
    if (p->best < p->count)
        draw_dot(d, b, panel, &x, p->best);
    axis_label_x(&d->page, b, &x);
    axis_label_y(&d->page, b, &d->y);
}

static double page_width(const struct points *p)
{
    size_t across = p->npanels < ACROSS ? p->npanels : ACROSS;
    return 2 * MARGIN + (double)(across < 2 ? 2 : across) * (LEFT + SIDE);
}

static double page_height(const struct points *p)
{
    return MARGIN + HEADER + ceil((double)p->npanels / ACROSS) * (SIDE + BELOW) + MARGIN;
}

static void draw_page(struct page *page)
{
    struct picture *d = (struct picture *)page;
    const struct points *p = d->points;
    double low, high;
    draw_colour(page->cr, WHITE);
    cairo_paint(page->cr);
    draw_header(d, page_width(p) - 2 * MARGIN);
    points_range(p->y, p->count, &low, &high);
    if (p->log)
        axis_logarithm(&d->y, p->metric, low, high);
    else
        axis_numbers(&d->y, p->metric, low, high, SIDE, AXIS_ROOM_Y);
    for (size_t i = 0; i < p->npanels; i++) {
        size_t column = i % ACROSS, row = i / ACROSS;
        struct box b = {MARGIN + LEFT + (double)column * (LEFT + SIDE),
                        MARGIN + HEADER + (double)row * (SIDE + BELOW), SIDE, SIDE};
        draw_panel(d, b, &p->panels[i]);
    }
}

int draw_points(const char *path, const struct points *p, struct err *e)
{
    struct picture d = {.points = p};
    return picture_write(path, page_width(p), page_height(p), draw_page, &d.page, e);
}
