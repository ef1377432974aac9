// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plot_page.h"
#include "util/buf.h"
#include "util/text.h"

#define HATCH      4.0   /* points between two lines, along each axis */
#define LEGEND_MAX 170.0 /* points, of a name */
#define LEGEND_ROW 14.0

struct colour colour_mix(struct colour from, struct colour to, double share)
{
    return (struct colour){from.red + (to.red - from.red) * share,
                           from.green + (to.green - from.green) * share,
                           from.blue + (to.blue - from.blue) * share};
}

void draw_colour(cairo_t *cr, struct colour c)
{
    cairo_set_source_rgb(cr, c.red, c.green, c.blue);
}

void draw_font(cairo_t *cr, double size, bool bold)
{
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, size);
}

static double advance(cairo_t *cr, const char *text)
{
    cairo_text_extents_t e;
    cairo_text_extents(cr, text, &e);
    return e.x_advance;
}

double draw_width(struct page *p, const char *text)
{
    _cleanup_buf_ struct buf line = {0};
    text_printable(&line, text, strlen(text));
    p->nomem |= line.failed;
    return line.data && !line.failed ? advance(p->cr, line.data) : 0;
}

/* Takes characters from the end until the line and "…" have room. */
static void shorten(cairo_t *cr, struct buf *line, double room)
{
    size_t len = line->len;
    while (len && advance(cr, line->data) > room && !line->failed) {
        do
            len--;
        while (len && ((unsigned char)line->data[len] & 0xC0) == 0x80);
        line->len = len;
        buf_puts(line, "…");
    }
}

void draw_text(struct page *p, double x, double y, double room, enum align align, const char *text)
{
    _cleanup_buf_ struct buf line = {0};
    text_printable(&line, text, strlen(text));
    if (line.data)
        shorten(p->cr, &line, room);
    p->nomem |= line.failed;
    if (line.failed || !line.len)
        return;
    if (align != ALIGN_LEFT)
        x -= advance(p->cr, line.data) / (align == ALIGN_MIDDLE ? 2 : 1);
    cairo_move_to(p->cr, x, y);
    cairo_show_text(p->cr, line.data);
    cairo_new_path(p->cr);
}

void draw_line(cairo_t *cr, double x1, double y1, double x2, double y2)
{
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
    cairo_stroke(cr);
}

void draw_hatch(cairo_t *cr, struct box b)
{
    double low = b.x + b.y, high = low + b.w + b.h;
    /* On a diagonal x + y is the same everywhere. */
    for (long n = (long)(low / HATCH) + 1; (double)n * HATCH < high; n++) {
        double sum = (double)n * HATCH;
        double x1 = sum - (b.y + b.h) > b.x ? sum - (b.y + b.h) : b.x;
        double x2 = sum - b.y < b.x + b.w ? sum - b.y : b.x + b.w;
        cairo_move_to(cr, x1, sum - x1);
        cairo_line_to(cr, x2, sum - x2);
    }
}

/* Okabe and Ito's colours, the strong ones: told apart with every kind of colour vision. */
struct colour run_colour(size_t run)
{
    static const struct colour colours[] = {
        {0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
        {0.80, 0.47, 0.65}, {0.90, 0.62, 0.00}, {0.34, 0.71, 0.91},
    };
    return colours[run % (sizeof colours / sizeof *colours)];
}

void run_pen(cairo_t *cr, size_t run)
{
    static const struct {
        double lengths[4];
        int count;
    } dashes[] = {{{0}, 0}, {{6, 2}, 2}, {{2, 1.5}, 2}, {{7, 2, 2, 2}, 4}, {{10, 3}, 2}};
    size_t kind = run % (sizeof dashes / sizeof *dashes);
    draw_colour(cr, run_colour(run));
    cairo_set_line_width(cr, 1.4);
    cairo_set_dash(cr, dashes[kind].lengths, dashes[kind].count, 0);
}

void run_key(cairo_t *cr, size_t run, double x, double y)
{
    cairo_save(cr);
    run_pen(cr, run);
    draw_line(cr, x, y, x + RUN_KEY_WIDTH, y);
    cairo_restore(cr);
}

double runs_legend_width(struct page *p)
{
    double most = 0;
    draw_font(p->cr, SIZE_NORMAL, false);
    for (size_t i = 0; i < p->count; i++)
        most = fmax(most, draw_width(p, p->runs[i].name));
    return RUN_KEY_WIDTH + 6 + fmin(most + 1, LEGEND_MAX);
}

void runs_legend(struct page *p, struct box b)
{
    double row = fmin(LEGEND_ROW, b.h / (double)p->count), size = fmin(SIZE_NORMAL, row);
    draw_font(p->cr, size, false);
    for (size_t i = 0; i < p->count; i++) {
        double y = b.y + row * ((double)i + 0.7);
        run_key(p->cr, i, b.x, y - size * 0.35);
        draw_colour(p->cr, INK);
        draw_text(p, b.x + RUN_KEY_WIDTH + 6, y, b.w - RUN_KEY_WIDTH - 6, ALIGN_LEFT,
                  p->runs[i].name);
    }
}

void draw_trace_name(struct page *p, double x, double y, double room)
{
    draw_font(p->cr, SIZE_TITLE, true);
    draw_colour(p->cr, INK);
    draw_text(p, x, y, room, ALIGN_LEFT, p->trace->name ? p->trace->name : "");
}

void draw_trace_size(struct page *p, double x, double y, double room)
{
    char jobs[24], cpus[24], about[80];
    snprintf(about, sizeof about, "%s %s on %s %s",
             number_format((int64_t)p->trace->count, jobs, sizeof jobs),
             p->trace->count == 1 ? "job" : "jobs", number_format(p->procs, cpus, sizeof cpus),
             p->procs == 1 ? "CPU" : "CPUs");
    draw_font(p->cr, SIZE_NORMAL, false);
    draw_colour(p->cr, QUIET);
    draw_text(p, x, y, room, ALIGN_LEFT, about);
}
