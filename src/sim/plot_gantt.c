// SPDX-License-Identifier: MIT
/* The chart of the allocations, a rectangle a job and run of CPUs. */
#include <math.h>

#include "sim/plot_page.h"

#define PIECES_MAX  6000 /* rectangles on the page: an SVG of them stays well under 2 MB */
#define GAP         0.12 /* part of a rectangle left free at each side, */
#define GAP_MAX     0.3  /* up to so many points: jobs side by side are told apart */
#define HATCH_LEAST 3.0  /* points: what is thinner is only lighter */
#define LIGHTER     0.6  /* backfilled jobs are so much nearer to white */

/* Paul Tol's "muted" colours: told apart with every kind of colour vision. */
static const struct colour job_colours[] = {
    {0.20, 0.13, 0.53}, {0.53, 0.80, 0.93}, {0.80, 0.40, 0.47},
    {0.07, 0.47, 0.20}, {0.87, 0.80, 0.47}, {0.67, 0.27, 0.60},
    {0.27, 0.67, 0.60}, {0.53, 0.13, 0.33}, {0.60, 0.60, 0.20},
};
#define JOB_COLOURS (sizeof job_colours / sizeof *job_colours)

static const struct colour user_unknown = {0.65, 0.65, 0.65};

/* The index of its colour, JOB_COLOURS for user_unknown. */
static size_t colour_index(const struct page *p, const struct trace_job *j)
{
    int64_t number = p->user_known ? j->user : j->number;
    if (number < 0)
        return JOB_COLOURS;
    return (size_t)number % JOB_COLOURS;
}

static int count_piece(void *ctx, const struct stack_piece *piece)
{
    (void)piece;
    size_t *count = ctx;
    return ++*count > PIECES_MAX;
}

int gantt_is_dense(const struct page *p)
{
    size_t count = 0;
    if (p->trace->count > PIECES_MAX / p->count)
        return 1;
    for (size_t i = 0; i < p->count; i++) {
        int rc = stack_jobs(p->trace, p->runs[i].result, p->procs, count_piece, &count);
        if (rc)
            return rc;
    }
    return 0;
}

struct box piece_box(const struct page *p, const struct replay_result *r, struct box b,
                     const struct stack_piece *piece)
{
    double per_us = b.w / (double)(p->to_us - p->from_us), per_cpu = b.h / (double)p->procs;
    int64_t start = r->jobs[piece->job].start_us;
    return (struct box){b.x + (double)(start - p->from_us) * per_us,
                        b.y + b.h - (double)(piece->first + piece->count) * per_cpu,
                        (double)p->trace->jobs[piece->job].run_us * per_us,
                        (double)piece->count * per_cpu};
}

/* The rectangles of one colour. */
struct chart {
    const struct page *page;
    const struct replay_result *result;
    struct box box;
    size_t colour;
    bool backfilled;
    bool hatch; /* the lines in them, not themselves */
};

static int add_rectangle(void *ctx, const struct stack_piece *piece)
{
    const struct chart *c = ctx;
    if (c->result->jobs[piece->job].backfilled != c->backfilled ||
        colour_index(c->page, &c->page->trace->jobs[piece->job]) != c->colour)
        return 0;
    struct box b = piece_box(c->page, c->result, c->box, piece);
    if (c->hatch) {
        if (fmin(b.w, b.h) >= HATCH_LEAST)
            draw_hatch(c->page->cr, b);
        return 0;
    }
    double x = fmin(GAP * b.w, GAP_MAX), y = fmin(GAP * b.h, GAP_MAX);
    cairo_rectangle(c->page->cr, b.x + x, b.y + y, b.w - 2 * x, b.h - 2 * y);
    return 0;
}

static void hatch_stroke(cairo_t *cr, struct colour c)
{
    draw_colour(cr, c);
    cairo_set_line_width(cr, 0.5);
    cairo_stroke(cr);
}

/* A path a colour, which makes small files: so the jobs are stacked again for each. */
static int draw_colour_class(struct chart *c)
{
    cairo_t *cr = c->page->cr;
    struct colour full = c->colour < JOB_COLOURS ? job_colours[c->colour] : user_unknown;
    c->hatch = false;
    if (stack_jobs(c->page->trace, c->result, c->page->procs, add_rectangle, c) < 0)
        return -1;
    draw_colour(cr, c->backfilled ? colour_mix(full, WHITE, LIGHTER) : full);
    cairo_fill(cr);
    if (!c->backfilled)
        return 0;
    c->hatch = true;
    if (stack_jobs(c->page->trace, c->result, c->page->procs, add_rectangle, c) < 0)
        return -1;
    hatch_stroke(cr, full);
    return 0;
}

static int draw_rectangles(struct chart *c)
{
    for (c->colour = 0; c->colour <= JOB_COLOURS; c->colour++)
        for (int kind = 0; kind < 2; kind++) {
            c->backfilled = kind == 1;
            if (draw_colour_class(c) < 0)
                return -1;
        }
    return 0;
}

void gantt_draw(struct page *p, size_t run, struct box b)
{
    struct chart c = {.page = p, .result = p->runs[run].result, .box = b};
    if (p->dense)
        density_draw(p, run, b);
    else if (draw_rectangles(&c) < 0)
        p->nomem = true;
}

/* --- legend ----------------------------------------------------------------------------------- */

#define KEY_PART 6.0 /* a key has three */
#define KEY_ROOM 14.0

/* Writes the text so that it ends at `right`; returns where its key goes. */
static struct box legend_text(struct page *p, double right, double y, const char *text)
{
    double left = floor(right - draw_width(p, text));
    draw_colour(p->cr, QUIET);
    draw_text(p, left, y, right - left + 1, ALIGN_LEFT, text);
    return (struct box){left - 3 * KEY_PART - 5, floor(y) - 7, 3 * KEY_PART, 8};
}

static void fill_box(cairo_t *cr, struct box b, struct colour c)
{
    draw_colour(cr, c);
    cairo_rectangle(cr, b.x, b.y, b.w, b.h);
    cairo_fill(cr);
}

static void key_shades(cairo_t *cr, struct box b, struct colour c)
{
    for (int i = 0; i < 3; i++)
        fill_box(cr, (struct box){b.x + i * KEY_PART, b.y, KEY_PART, b.h},
                 colour_mix(WHITE, c, (i + 1) / 3.0));
}

static void key_jobs(cairo_t *cr, struct box b)
{
    for (int i = 0; i < 3; i++)
        fill_box(cr, (struct box){b.x + i * KEY_PART, b.y, KEY_PART, b.h}, job_colours[i]);
}

static void key_backfilled(cairo_t *cr, struct box b)
{
    fill_box(cr, b, colour_mix(job_colours[0], WHITE, LIGHTER));
    draw_hatch(cr, b);
    hatch_stroke(cr, job_colours[0]);
}

double gantt_legend(struct page *p, double right, double y)
{
    struct box key = legend_text(p, right, y, p->dense ? "by backfilled jobs" : "backfilled");
    if (p->dense)
        key_shades(p->cr, key, DENSITY_BACKFILLED);
    else
        key_backfilled(p->cr, key);
    const char *jobs =
        p->user_known ? "a colour for each user (repeating)" : "a colour for each job (repeating)";
    key = legend_text(p, key.x - KEY_ROOM, y, p->dense ? "share of CPUs in use" : jobs);
    if (p->dense)
        key_shades(p->cr, key, DENSITY_OTHER);
    else
        key_jobs(p->cr, key);
    return key.x;
}
