// SPDX-License-Identifier: MIT
/* A small SWF text, mutated 20,000 times: whatever comes out is read or refused with file and line,
 * and what is read is fit to be replayed. The seed is printed; another one may be given, and how
 * many times. */
#include "dice.h"
#include "swf_fixture.h"

static const char text[] =
    "; Version: 2.2\n"
    "; MaxNodes: 100\n"
    ";  MaxProcs: 128 (two each)\n"
    ";\n"
    "   11   566129      5  28826    1  27758.12    -1    1  28800    -1  5 153  75 180  3 -1 -1 "
    "-1\n"
    "   12   566290    532  26171    1  24666    -1    1  28800 10240  1 153  75 184  3 -1 -1 "
    "-1\r\n"
    "15 567314 15757 8071 8 7334 -1 8 64800 -1 1 150 6 13592 4 -1 -1 -1 19 20.5 x\n"
    "; among the lines\n\n"
    "16 567000 -1 1e3 16 -1 -1 -1 +900.25 -1 -1 -1 -1 -1 -1 -1 -1 -1\n"
    "17 567400 -1 -1 16 -1 -1 -1 900 -1 -1 -1 -1 -1 -1 -1 -1 -1";

#define MOST (2 * sizeof text)

struct mutant {
    char bytes[MOST];
    size_t len;
};

static size_t below(size_t n)
{
    return (size_t)rnd((int64_t)n);
}

static char interesting(void)
{
    static const char likely[] = "0123456789 99-+.eE;\n\r\t x";
    return below(8) ? likely[below(sizeof likely)] /* its NUL too */ : (char)below(256);
}

/* Puts `count` bytes like those at `from` before `at`. */
static void repeat(struct mutant *m, size_t from, size_t count, size_t at)
{
    char copy[64];
    if (m->len + count > MOST)
        return;
    memcpy(copy, m->bytes + from, count);
    memmove(m->bytes + at + count, m->bytes + at, m->len - at);
    memcpy(m->bytes + at, copy, count);
    m->len += count;
}

static void take_out(struct mutant *m, size_t from, size_t count)
{
    memmove(m->bytes + from, m->bytes + from + count, m->len - from - count);
    m->len -= count;
}

static void mutate(struct mutant *m)
{
    size_t at = below(m->len), most = m->len - at < 64 ? m->len - at : 64, count = below(most) + 1;
    switch (below(5)) {
    case 0:
        m->bytes[at] = interesting();
        break;
    case 1:
        repeat(m, at, count, below(m->len));
        break;
    case 2:
        repeat(m, at, 1, at);
        m->bytes[at] = interesting();
        break;
    case 3:
        if (count < m->len)
            take_out(m, at, count);
        break;
    default:
        m->bytes[at] = (char)(m->bytes[at] ^ (1 << below(8)));
    }
}

/* In order, with times that leave room to be added up, and on the machine. */
static bool is_fit(const struct trace *t)
{
    int64_t all_us = 0, before_us = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_job *j = &t->jobs[i];
        if (j->submit_us < before_us || j->run_us <= 0 || j->estimate_us < j->run_us ||
            j->procs < 1 || j->procs > t->procs || j->mem_mb < 0 || j->user < -1)
            return false;
        if (__builtin_add_overflow(all_us, j->estimate_us, &all_us))
            return false;
        before_us = j->submit_us;
    }
    return !__builtin_add_overflow(all_us, before_us, &all_us);
}

static bool is_accounted_for(const struct swf_report *r, const struct trace *t)
{
    return r->taken == t->count && r->lines == r->taken + r->no_run + r->no_procs + r->no_estimate +
                                                   r->no_submit + r->too_large + r->broken;
}

/* Where the message says that the fault is; 0 if it does not. */
static unsigned long line_of(const char *message)
{
    size_t len = strlen(swf_path);
    if (strncmp(message, swf_path, len) != 0 || message[len] != ':')
        return 0;
    return strtoul(message + len + 1, NULL, 10);
}

/* 1 if it was read, 0 if it was refused, -1 if either was done badly. */
static int try_it(const struct mutant *m, struct swf_options o)
{
    struct trace t = {0};
    struct swf_report r;
    int got = swf_read(swf_path, &o, &t, &r, &err);
    bool good = got == 0 ? is_fit(&t) && is_accounted_for(&r, &t)
                         : !o.lenient && !t.jobs && line_of(err.text) > 0 &&
                               strcmp(err.text, r.broken_lines[0]) == 0;
    if (!good)
        printf("# %s: %.*s\n", got == 0 ? "read" : err.text, (int)m->len, m->bytes);
    trace_free(&t);
    return good ? got == 0 : -1;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : (uint64_t)time(NULL);
    int times = argc > 2 ? atoi(argv[2]) : 20000, read = 0, refused = 0;
    printf("# seed %" PRIu64 "\n", seed);
    dice_take(seed);
    swf_fixture_make();
    for (int i = 0; i < times; i++) {
        struct mutant m = {.len = sizeof text - 1};
        memcpy(m.bytes, text, sizeof text);
        for (size_t n = below(6) + 1; n > 0; n--)
            mutate(&m);
        swf_file("mutant.swf", m.bytes, m.len);
        int strict = try_it(&m, (struct swf_options){.estimate_is_run = i % 2});
        int lenient = try_it(&m, (struct swf_options){.lenient = true});
        if (strict < 0 || lenient < 0) {
            ok(false, "mutant %d is read or refused as it should be", i);
            break;
        }
        read += strict;
        refused += !strict;
    }
    printf("# %d read, %d refused\n", read, refused);
    is_int(read + refused, times, "every mutant is read or refused with file and line");
    ok(read > 0 && refused > 0, "and there are some of both");
    swf_fixture_remove();
    return done_testing();
}
