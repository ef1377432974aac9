/* SPDX-License-Identifier: MIT */
/* plot_page.h - what the files that draw a plot share: the page, colours, text, axes.
 *
 * Lengths are points (1/72 inch); y goes down. cairo keeps its first error and does nothing from
 * then on, and `nomem` does the same for ours: drawing returns nothing, plot_file.c asks at the
 * end. */
#pragma once

#include <cairo.h>

#include "sim/plot.h"
#include "sim/plot_series.h"
#include "sim/plot_stack.h"

struct box {
    double x, y, w, h;
};

struct colour {
    double red, green, blue;
};

#define AXIS_TICKS_MAX 24

struct tick {
    double at; /* between low and high */
    char label[24];
};

struct axis {
    char title[64];
    double low, high;
    size_t count;
    struct tick ticks[AXIS_TICKS_MAX];
};

struct column {
    struct series usage, queue;
};

struct page {
    cairo_t *cr;
    const struct trace *trace;
    int64_t procs;
    const struct plot_run *runs;
    size_t count;
    struct column *columns; /* of each run; owned */
    int64_t from_us, to_us; /* what the time axes show: first submission to last end of all runs */
    struct axis time, cpus, share, queue; /* the columns share them */
    bool dense;      /* too many rectangles for a chart: how densely it is used is shown */
    bool user_known; /* of a job at least: colours are users, not jobs */
    bool nomem;      /* what was drawn is not whole */
    const struct plot_share *shares; /* of a page about shares: so many. Its runs are their settings
                                      */
    size_t nshares;
};

/* --- plot_file.c: SVG, PNG, PDF by the name -------------------------------------------------- */

typedef void picture_fn(struct page *p);

/* A page of that size: sets p->cr, has it drawn, writes it. 0, or -1 with *e. What was written
 * before an error stays. */
int picture_write(const char *path, double width, double height, picture_fn *draw, struct page *p,
                  struct err *e);

/* --- plot_draw.c: ink ------------------------------------------------------------------------- */

#define INK   ((struct colour){0.13, 0.13, 0.13})
#define QUIET ((struct colour){0.40, 0.40, 0.40})
#define GRID  ((struct colour){0.88, 0.88, 0.88})
#define WHITE ((struct colour){1, 1, 1})

#define SIZE_TITLE  13.0
#define SIZE_HEAD   10.5
#define SIZE_NORMAL 8.5
#define SIZE_TICK   8.0

enum align { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT };

/* From `from` towards `to`: 0 to 1. */
struct colour colour_mix(struct colour from, struct colour to, double share);
void draw_colour(cairo_t *cr, struct colour c);
/* Sets the font for text and text_room. */
void draw_font(cairo_t *cr, double size, bool bold);
/* The text on one line, its base line at y; what is wider than `room` ends in "…". Any bytes. */
void draw_text(struct page *p, double x, double y, double room, enum align align, const char *text);
double draw_width(struct page *p, const char *text); /* that it would take */
void draw_line(cairo_t *cr, double x1, double y1, double x2, double y2);
/* Diagonals over the box, from lower left to upper right, as a path: the same ones for all boxes of
 * a page, so that parts of one thing look like one. */
void draw_hatch(cairo_t *cr, struct box b);

/* The line of the i-th run: a colour, and dashes for those who print in grey. */
struct colour run_colour(size_t run);
void run_pen(cairo_t *cr, size_t run);
/* A short line as a run's key in legends. */
#define RUN_KEY_WIDTH 20.0
void run_key(cairo_t *cr, size_t run, double x, double y);
/* The keys of all runs with their names, below each other. */
double runs_legend_width(struct page *p);
void runs_legend(struct page *p, struct box b);

/* The trace's name as a title; and how many jobs it has, on how many CPUs. */
void draw_trace_name(struct page *p, double x, double y, double room);
void draw_trace_size(struct page *p, double x, double y, double room);

/* --- plot_axis.c: scales with round values ---------------------------------------------------- */

/* As many ticks as `room` points have a place for. */
void axis_time(struct axis *a, int64_t span_us, double room); /* low 0, high in the title's unit */
void axis_cpus(struct axis *a, int64_t procs, double room);
void axis_queue(struct axis *a, double most, double room); /* ends at a tick, most or above */
/* The same, for times in the title's unit, which has so many seconds. */
double axis_duration(struct axis *a, const char *title, double most_s, double room);
void axis_share(struct axis *a, const char *title, double room); /* 0 to 1, as percentages */
/* Waits of 1 second to at least max_s, by their decimal logarithm. */
void axis_wait(struct axis *a, double max_s);
/* Any numbers from low to high, with some room beside them; a tick takes `each` of `room` points.
 * Or by their decimal logarithms, of numbers above 0: then that is what is drawn. */
void axis_numbers(struct axis *a, const char *title, double low, double high, double room,
                  double each);
void axis_logarithm(struct axis *a, const char *title, double low, double high);
/* Names at 0, 1, ...; of many only some have a label. Borrowed. */
void axis_names(struct axis *a, const char *title, const char *const *names, size_t count,
                double room);

double axis_x(const struct axis *a, struct box b, double value);
double axis_y(const struct axis *a, struct box b, double value);
#define AXIS_ROOM_X 52.0 /* points from one label to the next, at least */
#define AXIS_ROOM_Y 22.0
void axis_grid(cairo_t *cr, struct box b, const struct axis *x, const struct axis *y);
/* The frame with small marks at the ticks; drawn last. */
void axis_frame(cairo_t *cr, struct box b, const struct axis *x, const struct axis *y);
void axis_label_x(struct page *p, struct box b, const struct axis *x);
void axis_label_y(struct page *p, struct box b, const struct axis *y);

/* "12,500". Returns buf. */
char *number_format(int64_t value, char *buf, size_t len);

/* --- the charts ------------------------------------------------------------------------------- */

/* Where in `b` the time axis and the CPUs put it. */
struct box piece_box(const struct page *p, const struct replay_result *r, struct box b,
                     const struct stack_piece *piece);

/* plot_gantt.c: whether there are too many rectangles; -1 if no memory. */
int gantt_is_dense(const struct page *p);
void gantt_draw(struct page *p, size_t run, struct box b);
/* The key to the colours, on one line, to the left of `right`; returns where it begins. */
double gantt_legend(struct page *p, double right, double y);

/* plot_density.c: for gantt_draw. */
#define DENSITY_OTHER      ((struct colour){0.00, 0.35, 0.60})
#define DENSITY_BACKFILLED ((struct colour){0.93, 0.58, 0.00})
void density_draw(struct page *p, size_t run, struct box b);

/* plot_lines.c */
void usage_draw(struct page *p, size_t run, struct box b);
void queue_draw(struct page *p, size_t run, struct box b);

/* plot_waits.c */
void waits_draw(struct page *p, struct box b);
