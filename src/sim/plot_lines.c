// SPDX-License-Identifier: MIT
#include "sim/plot_page.h"

/* The area under the values: a value a bin, in steps. */
static void area(cairo_t *cr, struct box b, const double *values, size_t bins, double high)
{
    double bin = b.w / (double)bins;
    cairo_move_to(cr, b.x, b.y + b.h);
    for (size_t i = 0; i < bins; i++) {
        double y = b.y + b.h - b.h * values[i] / high;
        if (i == 0 || values[i] != values[i - 1])
            cairo_line_to(cr, b.x + bin * (double)i, y);
        if (i + 1 == bins || values[i] != values[i + 1])
            cairo_line_to(cr, b.x + bin * (double)(i + 1), y);
    }
    cairo_line_to(cr, b.x + b.w, b.y + b.h);
    cairo_close_path(cr);
    cairo_fill(cr);
}

void usage_draw(struct page *p, size_t run, struct box b)
{
    const struct series *s = &p->columns[run].usage;
    draw_colour(p->cr, colour_mix(run_colour(run), WHITE, 0.35));
    area(p->cr, b, s->mean, s->bins, (double)p->procs);
}

/* The most of each bin in a lighter shade behind its mean. */
void queue_draw(struct page *p, size_t run, struct box b)
{
    const struct series *s = &p->columns[run].queue;
    draw_colour(p->cr, colour_mix(run_colour(run), WHITE, 0.7));
    area(p->cr, b, s->peak, s->bins, p->queue.high);
    draw_colour(p->cr, colour_mix(run_colour(run), WHITE, 0.35));
    area(p->cr, b, s->mean, s->bins, p->queue.high);
}
