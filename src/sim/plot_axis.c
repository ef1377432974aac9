// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plot_page.h"
#include "util/text.h"
#include "util/times.h"

#define ROOM_X  AXIS_ROOM_X
#define ROOM_Y  AXIS_ROOM_Y
#define BESIDE  0.06 /* of an axis that begins and ends where its values do */
#define TITLE_Y 48.0 /* from the axis to its title */
#define MARK    3.0  /* length of the mark at a tick */

char *number_format(int64_t value, char *buf, size_t len)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRId64, value);
    size_t used = 0;
    for (int i = 0; i < count && used + 2 < len; i++) {
        if (i && (count - i) % 3 == 0)
            buf[used++] = ',';
        buf[used++] = digits[i];
    }
    buf[used] = '\0';
    return buf;
}

static void tick_format(double value, char *buf, size_t len)
{
    if (value >= 1e6)
        snprintf(buf, len, "%gM", value / 1e6);
    else if (value >= 1000)
        number_format((int64_t)value, buf, len);
    else
        snprintf(buf, len, "%g", value);
}

/* 1, 2 or 5 times a power of ten, not below `least`. */
static double round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    static const double steps[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= least * 0.999999)
            return steps[i] * power;
    return 10 * power;
}

/* How far apart ticks are at least if each takes `each` points of `room`. */
static double least_step(double span, double room, double each)
{
    double fit = floor(room / each);
    if (fit < 1)
        fit = 1;
    if (fit > AXIS_TICKS_MAX - 2)
        fit = AXIS_TICKS_MAX - 2;
    return span / fit;
}

static void axis_begin(struct axis *a, const char *title, double low, double high)
{
    *a = (struct axis){.low = low, .high = high};
    snprintf(a->title, sizeof a->title, "%s", title);
}

static struct tick *axis_tick(struct axis *a, double at)
{
    struct tick *t = &a->ticks[a->count++];
    t->at = at;
    return t;
}

static void ticks_every(struct axis *a, double step)
{
    for (int i = 0; a->count < AXIS_TICKS_MAX && i * step <= a->high * 1.000001; i++) {
        struct tick *t = axis_tick(a, i * step);
        tick_format(t->at, t->label, sizeof t->label);
    }
}

struct unit {
    const char *name;
    double seconds, up_to; /* spans of so many of it are shown in it */
    double steps[8];       /* round ones; then, or if there are none, decimal ones */
};

static const struct unit units[] = {
    {"seconds", 1, 120, {0}},
    {"minutes", 60, 120, {1, 2, 5, 10, 15, 30}},
    {"hours", 3600, 96, {1, 2, 3, 6, 12, 24}},
    {"days", 86400, INFINITY, {1, 2, 5, 10, 20, 30, 60, 90}},
};

static double unit_step(const struct unit *u, double least)
{
    for (size_t i = 0; i < sizeof u->steps / sizeof *u->steps && u->steps[i] > 0; i++)
        if (u->steps[i] >= least)
            return u->steps[i];
    return round_step(least);
}

static const struct unit *unit_of(double span_s)
{
    const struct unit *u = units;
    while (span_s > u->seconds * u->up_to)
        u++;
    return u;
}

void axis_time(struct axis *a, int64_t span_us, double room)
{
    double span = (double)span_us / US_PER_SEC;
    const struct unit *u = unit_of(span);
    axis_begin(a, "", 0, span / u->seconds);
    snprintf(a->title, sizeof a->title, "time since the first submission (%s)", u->name);
    ticks_every(a, unit_step(u, least_step(a->high, room, ROOM_X)));
}

void axis_cpus(struct axis *a, int64_t procs, double room)
{
    axis_begin(a, "CPUs", 0, (double)procs);
    ticks_every(a, fmax(1, round_step(least_step(a->high, room, ROOM_Y))));
}

void axis_queue(struct axis *a, double most, double room)
{
    double step = fmax(1, round_step(least_step(most, room, ROOM_Y)));
    axis_begin(a, "jobs pending", 0, ceil(most / step) * step);
    ticks_every(a, step);
}

double axis_duration(struct axis *a, const char *title, double most_s, double room)
{
    const struct unit *u = unit_of(most_s);
    double most = fmax(1, most_s / u->seconds);
    double step = unit_step(u, least_step(most, room, ROOM_Y));
    axis_begin(a, "", 0, ceil(most / step) * step);
    snprintf(a->title, sizeof a->title, "%s (%s)", title, u->name);
    ticks_every(a, step);
    return u->seconds;
}

void axis_share(struct axis *a, const char *title, double room)
{
    double step = room / 5 >= ROOM_Y ? 0.2 : 0.5;
    axis_begin(a, title, 0, 1);
    for (int i = 0; i * step < 1.001; i++) {
        struct tick *t = axis_tick(a, i * step);
        snprintf(t->label, sizeof t->label, "%.0f %%", 100 * t->at);
    }
}

void axis_wait(struct axis *a, double max_s)
{
    static const struct {
        double seconds;
        const char *label;
    } waits[] = {
        {1, "1 s"},          {10, "10 s"},        {60, "1 min"},         {600, "10 min"},
        {3600, "1 h"},       {21600, "6 h"},      {86400, "1 day"},      {604800, "7 days"},
        {2592e3, "30 days"}, {31536e3, "1 year"}, {31536e4, "10 years"},
    };
    axis_begin(a, "wait (logarithmic scale)", 0, 0);
    size_t known = sizeof waits / sizeof *waits;
    for (size_t i = 0; i < known && (i < 3 || waits[i - 1].seconds < max_s); i++) {
        struct tick *t = axis_tick(a, log10(waits[i].seconds));
        snprintf(t->label, sizeof t->label, "%s", waits[i].label);
    }
    a->high = a->ticks[a->count - 1].at;
    if (max_s > 0 && log10(max_s) > a->high)
        a->high = log10(max_s);
}

static void widen(struct axis *a)
{
    double room = a->high > a->low ? (a->high - a->low) * BESIDE : fmax(fabs(a->low) * BESIDE, 0.1);
    a->low -= room;
    a->high += room;
}

void axis_numbers(struct axis *a, const char *title, double low, double high, double room,
                  double each)
{
    axis_begin(a, title, low, high);
    widen(a);
    double step = round_step(least_step(a->high - a->low, room, each));
    double first = ceil(a->low / step);
    for (int i = 0; a->count < AXIS_TICKS_MAX && (first + i) * step <= a->high; i++) {
        struct tick *t = axis_tick(a, (first + i) * step + 0.0); /* 0, not -0 */
        snprintf(t->label, sizeof t->label, "%.6g", t->at);
    }
}

static void logarithm_tick(struct axis *a, double value)
{
    double at = log10(value);
    if (at < a->low || at > a->high || a->count == AXIS_TICKS_MAX)
        return;
    struct tick *t = axis_tick(a, at);
    snprintf(t->label, sizeof t->label, "%g", value);
}

/* Powers of ten, not all of them if there are many; 2 and 5 times that if there are few. */
void axis_logarithm(struct axis *a, const char *title, double low, double high)
{
    axis_begin(a, title, log10(low), log10(high));
    widen(a);
    double decades = a->high - a->low;
    int every = (int)ceil(decades / 6), first = (int)floor(a->low / every) * every;
    for (int power = first; power <= a->high; power += every) {
        logarithm_tick(a, pow(10, power));
        if (decades <= 2) {
            logarithm_tick(a, 2 * pow(10, power));
            logarithm_tick(a, 5 * pow(10, power));
        }
    }
}

void axis_names(struct axis *a, const char *title, const char *const *names, size_t count,
                double room)
{
    size_t every = (size_t)ceil((double)count / fmax(1, floor(room / ROOM_X)));
    axis_begin(a, title, -0.5, (double)count - 0.5);
    for (size_t i = 0; i < count && a->count < AXIS_TICKS_MAX; i += every) {
        struct tick *t = axis_tick(a, (double)i);
        text_copy(t->label, sizeof t->label, names[i]);
    }
}

double axis_x(const struct axis *a, struct box b, double value)
{
    return b.x + b.w * (value - a->low) / (a->high - a->low);
}

double axis_y(const struct axis *a, struct box b, double value)
{
    return b.y + b.h - b.h * (value - a->low) / (a->high - a->low);
}

void axis_grid(cairo_t *cr, struct box b, const struct axis *x, const struct axis *y)
{
    draw_colour(cr, GRID);
    cairo_set_line_width(cr, 0.6);
    for (size_t i = 0; i < x->count; i++) {
        double at = axis_x(x, b, x->ticks[i].at);
        draw_line(cr, at, b.y, at, b.y + b.h);
    }
    for (size_t i = 0; i < y->count; i++) {
        double at = axis_y(y, b, y->ticks[i].at);
        draw_line(cr, b.x, at, b.x + b.w, at);
    }
}

void axis_frame(cairo_t *cr, struct box b, const struct axis *x, const struct axis *y)
{
    draw_colour(cr, QUIET);
    cairo_set_line_width(cr, 0.7);
    cairo_rectangle(cr, b.x, b.y, b.w, b.h);
    cairo_stroke(cr);
    for (size_t i = 0; i < x->count; i++) {
        double at = axis_x(x, b, x->ticks[i].at);
        draw_line(cr, at, b.y + b.h, at, b.y + b.h + MARK);
    }
    for (size_t i = 0; i < y->count; i++) {
        double at = axis_y(y, b, y->ticks[i].at);
        draw_line(cr, b.x - MARK, at, b.x, at);
    }
}

void axis_label_x(struct page *p, struct box b, const struct axis *x)
{
    double y = b.y + b.h + MARK + SIZE_TICK + 1;
    draw_font(p->cr, SIZE_TICK, false);
    draw_colour(p->cr, INK);
    for (size_t i = 0; i < x->count; i++)
        draw_text(p, axis_x(x, b, x->ticks[i].at), y, ROOM_X, ALIGN_MIDDLE, x->ticks[i].label);
    draw_font(p->cr, SIZE_NORMAL, false);
    draw_text(p, b.x + b.w / 2, y + SIZE_NORMAL + 4, b.w, ALIGN_MIDDLE, x->title);
}

void axis_label_y(struct page *p, struct box b, const struct axis *y)
{
    draw_font(p->cr, SIZE_TICK, false);
    draw_colour(p->cr, INK);
    for (size_t i = 0; i < y->count; i++)
        draw_text(p, b.x - MARK - 2, axis_y(y, b, y->ticks[i].at) + SIZE_TICK * 0.36, b.x,
                  ALIGN_RIGHT, y->ticks[i].label);
    draw_font(p->cr, SIZE_NORMAL, false);
    cairo_save(p->cr);
    cairo_translate(p->cr, b.x - TITLE_Y, b.y + b.h / 2);
    cairo_rotate(p->cr, -M_PI / 2);
    draw_text(p, 0, 0, b.h + 12, ALIGN_MIDDLE, y->title);
    cairo_restore(p->cr);
}
