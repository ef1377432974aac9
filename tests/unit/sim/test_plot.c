// SPDX-License-Identifier: MIT
/* Pictures as files: their kinds, their bytes, and the traces that have no picture in the usual
 * sense. */
#include "sim/plot.h"

#include <sys/wait.h>
#include <unistd.h>

#include "plot_world.h"
#include "util/buf.h"

static char dir[] = "/tmp/test_plot.XXXXXX";

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static struct buf contents(const char *path)
{
    struct buf b = {0};
    FILE *f = fopen(path, "re");
    char part[4096];
    for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&b, part, n);
    if (f)
        fclose(f);
    unlink(path);
    return b;
}

/* Draws `runs` runs of the world, all alike; the file's bytes. */
static struct buf picture(const char *name, const struct world *w, size_t runs)
{
    struct err e = {0};
    struct plot_run all[16] = {{0}};
    for (size_t i = 0; i < runs; i++)
        all[i] = (struct plot_run){i % 2 ? "fifo" : "easy", &w->result};
    const char *path = path_of(name);
    if (!ok(plot_write(path, &w->trace, w->procs, all, runs, &e) == 0, "%s is written", name))
        printf("#   %s\n", e.text);
    return contents(path);
}

static void begins_with(struct buf b, const char *bytes, size_t len, const char *what)
{
    ok(b.len > len && memcmp(b.data, bytes, len) == 0, "%s", what);
    buf_free(&b);
}

static void test_kinds(void)
{
    struct world w = world_random(1, 50, 16);
    begins_with(picture("a.svg", &w, 2), "<?xml", 5, "a name that ends in .svg makes an SVG");
    begins_with(picture("a.png", &w, 2), "\x89PNG", 4, "one that ends in .png a PNG");
    begins_with(picture("a.pdf", &w, 2), "%PDF-", 5, "one that ends in .pdf a PDF");
    begins_with(picture("a.svg.PDF", &w, 2), "%PDF-", 5, "in capitals too, and the end counts");
    world_free(&w);
}

static void refuses(const char *path, const struct world *w, size_t runs, int code,
                    const char *words)
{
    struct err e = {0};
    struct plot_run run = {"easy", &w->result};
    is_int(plot_write(path, &w->trace, w->procs, &run, runs, &e), -1, "it is refused");
    is_int(e.code, code, "with the code for that");
    has_str(e.text, words, "and says so");
}

static void test_refused(void)
{
    struct world w = world_random(1, 5, 16);
    refuses("out.gif", &w, 1, ERR_USAGE, "out.gif: not a kind of picture");
    refuses("out.gif", &w, 1, ERR_USAGE, ".svg, .png or .pdf");
    refuses("svg", &w, 1, ERR_USAGE, "svg: not a kind of picture");
    refuses("", &w, 1, ERR_USAGE, "not a kind of picture");
    refuses(path_of("out.svg"), &w, 0, ERR_INVALID, "there is no run");
    ok(access(path_of("out.svg"), F_OK) < 0, "what is refused leaves no file");
    refuses(path_of("none/out.svg"), &w, 1, ERR_SYSTEM, "cannot open: No such file");
    world_free(&w);
}

static void test_full_disk(void)
{
    static const char *const names[] = {"full.svg", "full.png", "full.pdf"};
    struct world w = world_random(1, 200, 16);
    for (size_t i = 0; i < 3; i++) {
        const char *path = path_of(names[i]);
        if (access("/dev/full", W_OK) < 0 || symlink("/dev/full", path) < 0) {
            skip("there is no /dev/full here");
            continue;
        }
        refuses(path, &w, 1, ERR_FULL, "cannot write: No space left");
        unlink(path);
    }
    world_free(&w);
}

static bool equal(const struct buf *a, const struct buf *b)
{
    return a->len > 1000 && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static void same_again(const char *name, const struct world *w, const struct world *other)
{
    struct buf first = picture(name, w, 2), between = picture(name, other, 3);
    struct buf second = picture(name, w, 2);
    ok(equal(&first, &second), "%s has the same bytes again", name);
    ok(!equal(&first, &between), "and another one has others");
    buf_free(&first);
    buf_free(&between);
    buf_free(&second);
}

/* As a new process writes it: cairo counts what it draws, in an SVG's ids. */
static struct buf picture_of_process(const char *name, const struct world *w)
{
    struct plot_run run = {"easy", &w->result};
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(plot_write(path_of(name), &w->trace, w->procs, &run, 1, NULL) < 0);
    ok(waitpid(pid, &status, 0) == pid && status == 0, "a process writes %s", name);
    return contents(path_of(name));
}

static void same_in_processes(const char *name, const struct world *w)
{
    struct buf first = picture_of_process(name, w), second = picture_of_process(name, w);
    ok(equal(&first, &second), "%s has the same bytes in another process", name);
    buf_free(&first);
    buf_free(&second);
}

static void test_same_bytes(void)
{
    struct world few = world_random(1, 100, 16), many = world_random(2, 3001, 16);
    same_again("same.png", &few, &many);
    same_again("same.pdf", &many, &few);
    same_in_processes("few.svg", &few);
    same_in_processes("many.svg", &many);
    struct buf pdf = picture("date.pdf", &few, 1);
    ok(memmem(pdf.data, pdf.len, "20000101000000", 14), "the date in a PDF is always the same");
    buf_free(&pdf);
    world_free(&few);
    world_free(&many);
}

static void test_small_files(void)
{
    struct world few = world_random(1, 500, 64), many = world_random(2, 20000, 64);
    struct buf chart = picture("few.svg", &few, 1), images = picture("many.svg", &many, 16);
    ok(!strstr(chart.data, "<image"), "500 jobs are drawn as rectangles");
    ok(strstr(images.data, "<image") != NULL, "20,000 jobs are drawn as an image");
    ok(chart.len < 1000000, "the rectangles take under 1 MB (%zu)", chart.len);
    ok(images.len < 2000000, "sixteen images and their lines take under 2 MB (%zu)", images.len);
    buf_free(&chart);
    buf_free(&images);
    world_free(&few);
    world_free(&many);
}

static void test_backfilled(void)
{
    struct world w = world_random(1, 30, 16);
    struct buf with = picture("with.svg", &w, 1);
    for (size_t i = 0; i < w.trace.count; i++)
        w.result.jobs[i].backfilled = false;
    struct buf without = picture("without.svg", &w, 1);
    ok(with.len > without.len, "backfilled jobs are drawn with more ink: they are hatched");
    buf_free(&with);
    buf_free(&without);
    world_free(&w);
}

static void is_drawn(struct world w, const char *what)
{
    struct buf svg = picture("unusual.svg", &w, 2);
    ok(svg.len > 1000 && strstr(svg.data, "</svg>"), "%s has a picture", what);
    ok(!strstr(svg.data, "nan") && !strstr(svg.data, "inf"), "in which every number is one");
    buf_free(&svg);
    world_free(&w);
}

static void test_unusual(void)
{
    struct trace_job whole = {.number = 1, .run_us = 60 * US_PER_SEC, .procs = 8, .user = -1};
    struct trace_job short_one = {.number = 1, .submit_us = 5, .run_us = 1, .procs = 1};
    struct trace_job large = {
        .number = 1, .run_us = INT64_C(1000000) * 86400 * US_PER_SEC, .procs = INT64_C(1) << 40};
    is_drawn(world_of(NULL, 0, 8), "a trace without jobs");
    is_drawn(world_of(NULL, 0, 0), "a trace without jobs or a machine");
    is_drawn(world_of(&whole, 1, 8), "a job of nobody, as large as the machine,");
    is_drawn(world_of(&short_one, 1, 1), "a job of a microsecond on one CPU");
    is_drawn(world_of(&large, 1, INT64_C(1) << 40), "a job of 2,700 years on 2^40 CPUs");
    struct world late = world_of(&whole, 1, 8);
    late.result.jobs[0].start_us = INT64_C(50) * 365 * 86400 * US_PER_SEC;
    is_drawn(late, "a job that waited for 50 years");
}

static void test_names(void)
{
    struct world w = world_random(1, 20, 16);
    struct plot_run runs[] = {{"", &w.result},
                              {"bytes \xff\xc3 that are no text\nand a second line", &w.result},
                              {"a name that is by far too long for a column that is one of three "
                               "and must not run into what stands beside it",
                               &w.result}};
    struct err e = {0};
    w.trace.name = (char[]){"<trace> & \"more\" \xf0\x9f"};
    is_int(plot_write(path_of("names.svg"), &w.trace, w.procs, runs, 3, &e), 0,
           "names of any bytes and lengths are drawn");
    unlink(path_of("names.svg"));
    world_free(&w);
}

static struct buf picture_of_shares(const char *name, const struct plot_share *shares, size_t count)
{
    char title[] = "shares";
    struct trace t = {.count = 3, .procs = 4, .name = title};
    struct err e = {0};
    const char *path = path_of(name);
    if (!ok(plot_shares_write(path, &t, 4, shares, count, &e) == 0, "%s is written", name))
        printf("#   %s\n", e.text);
    return contents(path);
}

static void test_shares(void)
{
    static const struct plot_share shares[] = {
        {"fifo", 0, 90000, 0.5},    {"fifo", 1, 3600, 0.75}, {"easy", 0, 7200, 0.5},
        {"easy", 0.5, 3600, 0.625}, {"easy", 1, 60, 0.75},
    };
    static const struct plot_share nothing = {"easy", 0.5, 0, 0};
    struct err e = {0};
    begins_with(picture_of_shares("s.svg", shares, 5), "<?xml", 5, "shares make an SVG");
    begins_with(picture_of_shares("s.png", shares, 5), "\x89PNG", 4, "a PNG");
    begins_with(picture_of_shares("s.pdf", shares, 5), "%PDF-", 5, "a PDF");
    struct buf one = picture_of_shares("one.svg", &nothing, 1);
    ok(!strstr(one.data, "nan") && !strstr(one.data, "inf"), "one that took no time is a dot");
    buf_free(&one);
    is_int(plot_shares_write("out.gif", NULL, 4, shares, 5, &e), -1, "a GIF is refused");
    is_int(e.code, ERR_USAGE, "as a wrong usage");
    is_int(plot_shares_write("out.svg", NULL, 4, shares, 0, &e), -1, "as are no runs at all");
    has_str(e.text, "there is no run", "which it says");
}

int main(void)
{
    if (!mkdtemp(dir))
        return 1;
    test_kinds();
    test_refused();
    test_full_disk();
    test_same_bytes();
    test_small_files();
    test_backfilled();
    test_unusual();
    test_shares();
    test_names();
    rmdir(dir);
    return done_testing();
}
