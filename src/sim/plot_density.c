// SPDX-License-Identifier: MIT
/* Where rectangles would be too many: how densely each CPU was in use, as an image. */
#include <math.h>
#include <stdlib.h>

#include "sim/plot_page.h"
#include "util/cleanup.h"

#define PIXELS_MAX 900000 /* of all images on the page: an SVG of them stays well under 2 MB */
#define LEVELS     7      /* of each of its two colours: few, so that it compresses well */

struct density {
    const struct page *page;
    const struct replay_result *result;
    struct box box; /* in pixels */
    size_t width, height;
    /* The share of each pixel's time and CPUs in use by jobs that were backfilled ([1]) and others
     * ([0]). */
    float *shares[2];
};

/* How much of pixel i lies between low and high. */
static double part(size_t i, double low, double high)
{
    return fmin(high, (double)i + 1) - fmax(low, (double)i);
}

static int add_shares(void *ctx, const struct stack_piece *piece)
{
    struct density *c = ctx;
    struct box b = piece_box(c->page, c->result, c->box, piece);
    double right = fmin(b.x + b.w, (double)c->width);
    double bottom = fmin(b.y + b.h, (double)c->height);
    float *shares = c->shares[c->result->jobs[piece->job].backfilled];
    for (size_t y = (size_t)fmax(b.y, 0); (double)y < bottom; y++) {
        double tall = part(y, b.y, bottom);
        for (size_t x = (size_t)b.x; (double)x < right; x++)
            shares[y * c->width + x] += (float)(tall * part(x, b.x, right));
    }
    return 0;
}

static uint32_t byte_of(double intensity)
{
    return (uint32_t)lround(255 * fmin(fmax(intensity, 0), 1));
}

static uint32_t pixel_of(double plain, double filled)
{
    plain = round(plain * LEVELS) / LEVELS;
    filled = round(filled * LEVELS) / LEVELS;
    double idle = 1 - plain - filled;
    return byte_of(idle + plain * DENSITY_OTHER.red + filled * DENSITY_BACKFILLED.red) << 16 |
           byte_of(idle + plain * DENSITY_OTHER.green + filled * DENSITY_BACKFILLED.green) << 8 |
           byte_of(idle + plain * DENSITY_OTHER.blue + filled * DENSITY_BACKFILLED.blue);
}

static void fill_image(const struct density *c, cairo_surface_t *image)
{
    unsigned char *data = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image);
    cairo_surface_flush(image);
    for (size_t y = 0; data && y < c->height; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + y * stride);
        for (size_t x = 0; x < c->width; x++)
            row[x] = pixel_of(c->shares[0][y * c->width + x], c->shares[1][y * c->width + x]);
    }
    cairo_surface_mark_dirty(image);
}

static void paint_image(cairo_t *cr, const struct density *c, struct box b)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)c->width, (int)c->height);
    fill_image(c, image);
    cairo_save(cr);
    cairo_translate(cr, b.x, b.y);
    cairo_scale(cr, b.w / (double)c->width, b.h / (double)c->height);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(image);
}

/* Pixels a point, along each axis. */
static double fineness(const struct page *p, struct box b)
{
    double fine = 2;
    while (b.w * b.h * fine * fine * (double)p->count > PIXELS_MAX)
        fine /= 2;
    return fine;
}

static int draw_image(const struct page *p, size_t run, struct box b)
{
    double fine = fineness(p, b);
    struct density c = {.page = p,
                        .result = p->runs[run].result,
                        .width = (size_t)ceil(b.w * fine),
                        .height = (size_t)ceil(b.h * fine)};
    c.box = (struct box){0, 0, (double)c.width, (double)c.height};
    _cleanup_free_ float *shares = calloc(2 * c.width * c.height, sizeof *shares);
    if (!shares)
        return -1;
    c.shares[0] = shares;
    c.shares[1] = shares + c.width * c.height;
    if (stack_jobs(p->trace, c.result, p->procs, add_shares, &c) < 0)
        return -1;
    paint_image(p->cr, &c, b);
    return 0;
}

void density_draw(struct page *p, size_t run, struct box b)
{
    if (draw_image(p, run, b) < 0)
        p->nomem = true;
}
