// SPDX-License-Identifier: MIT
/* Mean turnaround and utilisation over the share of malleable jobs, side by side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plot_page.h"
#include "util/cleanup.h"

/* --- the layout, in points -------------------------------------------------------------------- */

#define MARGIN 24.0
#define HEADER 46.0
#define LEFT   70.0 /* for the labels of a vertical axis */
#define CHART  200.0
#define LABELS 32.0
#define LEGEND 150.0 /* with */
#define SPACE  16.0  /* before it */
#define WIDTH  (MARGIN + 2 * (LEFT + CHART) + LEGEND + MARGIN)
#define HEIGHT (MARGIN + HEADER + CHART + LABELS + MARGIN)
#define DOT    2.2

struct chart {
    struct box box;
    struct axis x, y;
    double (*value)(const struct plot_share *s);
    double unit; /* of the vertical axis */
};

static double turnaround(const struct plot_share *s)
{
    return s->turnaround_s;
}

static double utilisation(const struct plot_share *s)
{
    return s->utilisation;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void line_to(struct page *p, const struct chart *c, const struct plot_share *s)
{
    cairo_line_to(p->cr, axis_x(&c->x, c->box, s->share),
                  axis_y(&c->y, c->box, c->value(s) / c->unit));
}

static void dot(struct page *p, const struct chart *c, const struct plot_share *s)
{
    cairo_arc(p->cr, axis_x(&c->x, c->box, s->share), axis_y(&c->y, c->box, c->value(s) / c->unit),
              DOT, 0, 2 * M_PI);
    cairo_fill(p->cr);
}

/* So many shares of one setting. */
static void draw_setting(struct page *p, size_t run, const struct chart *c,
                         const struct plot_share *s, size_t count)
{
    cairo_save(p->cr);
    run_pen(p->cr, run);
    for (size_t i = 0; i < count; i++)
        line_to(p, c, &s[i]);
    cairo_stroke(p->cr);
    for (size_t i = 0; i < count; i++)
        dot(p, c, &s[i]);
    cairo_restore(p->cr);
}

/* How many from there on are of the same setting. */
static size_t same_setting(const struct page *p, size_t from)
{
    size_t to = from + 1;
    while (to < p->nshares && strcmp(p->shares[to].setting, p->shares[from].setting) == 0)
        to++;
    return to - from;
}

static void draw_chart(struct page *p, struct chart *c)
{
    axis_share(&c->x, "malleable jobs", c->box.w);
    axis_grid(p->cr, c->box, &c->x, &c->y);
    axis_frame(p->cr, c->box, &c->x, &c->y);
    for (size_t from = 0, run = 0, n; from < p->nshares; from += n, run++) {
        n = same_setting(p, from);
        draw_setting(p, run, c, &p->shares[from], n);
    }
    axis_label_x(p, c->box, &c->x);
    axis_label_y(p, c->box, &c->y);
}

static double longest_s(const struct page *p)
{
    double most = 0;
    for (size_t i = 0; i < p->nshares; i++)
        most = fmax(most, p->shares[i].turnaround_s);
    return most;
}

static void draw_page(struct page *p)
{
    struct box b = {MARGIN + LEFT, MARGIN + HEADER, CHART, CHART};
    struct chart left = {.box = b, .value = turnaround}, right = {.value = utilisation, .unit = 1};
    draw_colour(p->cr, WHITE);
    cairo_paint(p->cr);
    draw_trace_name(p, MARGIN, MARGIN + SIZE_TITLE, 2 * (LEFT + CHART));
    draw_trace_size(p, MARGIN, MARGIN + SIZE_TITLE + 18, 2 * (LEFT + CHART));
    left.unit = axis_duration(&left.y, "mean turnaround", longest_s(p), b.h);
    draw_chart(p, &left);
    b.x += CHART + LEFT;
    right.box = b;
    axis_share(&right.y, "utilisation", b.h);
    draw_chart(p, &right);
    b.x += CHART + SPACE;
    b.w = LEGEND - SPACE;
    runs_legend(p, b);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* A run for each setting, so that it has a colour and a key. */
static void name_settings(struct page *p, struct plot_run *settings)
{
    for (size_t from = 0; from < p->nshares; from += same_setting(p, from))
        settings[p->count++].name = p->shares[from].setting;
    p->runs = settings;
}

int plot_shares_write(const char *path, const struct trace *t, int64_t procs,
                      const struct plot_share *shares, size_t count, struct err *e)
{
    struct page p = {
        .trace = t, .procs = procs > 0 ? procs : 1, .shares = shares, .nshares = count};
    if (plot_check_name(path, e) < 0)
        return -1;
    if (count == 0)
        return err_set(e, ERR_INVALID, "nothing to draw: there is no run");
    _cleanup_free_ struct plot_run *settings = calloc(count, sizeof *settings);
    if (!settings)
        return err_nomem(e);
    name_settings(&p, settings);
    return picture_write(path, WIDTH, HEIGHT, draw_page, &p, e);
}
