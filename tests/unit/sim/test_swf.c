// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <zlib.h>

#include "swf_fixture.h"
#include "util/buf.h"

/* What reading the fixture's file last came to. */
static struct trace t;
static struct swf_report r;

static int read_path(const char *path, struct swf_options o)
{
    trace_free(&t);
    err = (struct err){0};
    return swf_read(path, &o, &t, &r, &err);
}

static int read_bytes(const void *bytes, size_t len, struct swf_options o)
{
    swf_file("small.swf", bytes, len);
    return read_path(swf_path, o);
}

static int read_text(const char *text, struct swf_options o)
{
    return read_bytes(text, strlen(text), o);
}

/* The jobs as "number@submit+run/estimate*procs", in seconds; in a static buffer. */
static const char *jobs(void)
{
    static char text[1024];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < t.count; i++) {
        const struct trace_job *j = &t.jobs[i];
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%" PRId64 "@%g+%g/%g*%" PRId64,
                                i ? " " : "", j->number, (double)j->submit_us / 1e6,
                                (double)j->run_us / 1e6, (double)j->estimate_us / 1e6, j->procs);
    }
    return text;
}

/* The text is read, and comes to these jobs. */
static void reads(const char *text, const char *want, const char *name)
{
    is_int(read_text(text, (struct swf_options){0}), 0, name);
    is_str(jobs(), want, name);
}

/* The end of the message, behind the directory, which is another one each time. */
static const char *said(const char *message)
{
    size_t len = strlen(swf_dir);
    return strncmp(message, swf_dir, len) == 0 ? message + len + 1 : message;
}

static void refuses(const char *text, const char *want, const char *name)
{
    is_int(read_text(text, (struct swf_options){0}), -1, name);
    is_str(said(err.text), want, name);
    ok(t.count == 0 && !t.jobs && !t.name, "... and the trace is empty");
}

#define REST " -1 1 3 4 5 -1 -1 -1 -1" /* fields 10 to 18 */

static void test_fields(void)
{
    is_int(read_text("; MaxProcs: 64\n"
                     "17 100 7 60 4 55 900 8 120 300 1 31 32 33 34 35 36 37\n",
                     (struct swf_options){0}),
           0, "a job with 18 different fields");
    is_int((intmax_t)t.count, 1, "is one job");
    const struct trace_job *j = &t.jobs[0];
    is_int(j->number, 17, "field 1 is its number");
    is_int(j->submit_us, 100 * S, "field 2 its submit time");
    is_int(j->run_us, 60 * S, "field 4 its run time");
    is_int(j->procs, 8, "field 8 the processors it asked for");
    is_int(j->estimate_us, 120 * S, "field 9 its estimate");
    is_int(j->mem_mb, 3, "field 10 its memory, KB for each processor: 2,400 KB are 3 MB");
    is_int(j->user, 31, "field 12 its user");
    is_int(j->group, 32, "field 13 the group");
    is_int(j->executable, 33, "field 14 the program");
    is_int(j->priority, 0, "there is no priority");
    is_int(t.procs, 64, "the header says how large the machine is");
    is_int(t.mem_mb, 0, "and not how much memory it has");
    is_str(t.name, "small", "the trace is called like the file, without .swf");

    read_text("1 0 -1 5 2 -1 -1 2 5 -1 -1 -1 -1 -1 -1 -1 -1 -1\n", (struct swf_options){0});
    j = &t.jobs[0];
    ok(j->mem_mb == 0 && j->user == -1 && j->group == -1 && j->executable == -1,
       "what is -1 is not known");
    read_text("1 0 -1 5 3 -1 -1 2 5 512 -1 -1 -1 -1 -1 -1 -1 -1\n", (struct swf_options){0});
    is_int(t.jobs[0].mem_mb, 1, "memory that fits whole MB is not rounded up");
}

static void test_layout(void)
{
    static const char want[] = "1@0+10/20*4 3@5+6/7*2";
    reads("1 0 -1 10 4 -1 -1 4 20" REST "\n3 5 -1 6 2 -1 -1 2 7" REST "\n", want,
          "two jobs, with a gap in the numbers");
    reads("   1   0\t-1 10  4 -1 -1 4 20" REST "  \n\t3 5 -1 6 2 -1 -1 2 7" REST "\t\n", want,
          "blanks before, among and behind the fields");
    reads("1 0 -1 10 4 -1 -1 4 20" REST "\r\n3 5 -1 6 2 -1 -1 2 7" REST "\r\n", want,
          "lines that end as on Windows");
    reads("1 0 -1 10 4 -1 -1 4 20" REST "\n3 5 -1 6 2 -1 -1 2 7" REST, want,
          "a last line without its newline");
    reads("1 0 -1 10 4 -1 -1 4 20" REST " 19\n3 5 -1 6 2 -1 -1 2 7" REST " 19 20 twenty-one\n",
          want, "columns beyond the 18th are not looked at");
    reads("; a comment\n1 0 -1 10 4 -1 -1 4 20" REST "\n\n  ; 9 among the lines\n"
          " \t\r\n3 5 -1 6 2 -1 -1 2 7" REST "\n;\n",
          want, "comments and empty lines anywhere");
    is_int((intmax_t)r.lines, 2, "... which are no lines with jobs");
    reads("1.00 0.0 -1 1e1 4.0 -1 -1 4.00 2.0E+1" REST "\n3 5 -1 6 2 -1 -1 2 +7" REST "\n", want,
          "floats where whole numbers are expected");
    reads("9 0 -1 10 4 -1 -1 4 20" REST "\n9 5 -1 6 2 -1 -1 2 7" REST "\n", "9@0+10/20*4 9@5+6/7*2",
          "a number that comes twice");
}

static void test_nothing(void)
{
    reads("", "", "an empty file is a trace without jobs");
    ok(r.lines == 0 && t.procs == 0, "... and without a machine");
    reads("\n", "", "an empty line");
    reads("; MaxProcs: 8\n;", "", "only comments");
    is_int(t.procs, 8, "... which say how large the machine is");
    trace_free(&t);
    ok(swf_read(swf_path, &(struct swf_options){0}, &t, NULL, NULL) == 0,
       "nobody has to want a report");
    trace_free(&t);
}

static void test_order(void)
{
    reads("1 30 -1 1 1 -1 -1 1 1" REST "\n2 10 -1 1 1 -1 -1 1 1" REST "\n"
          "3 20 -1 1 1 -1 -1 1 1" REST "\n4 10 -1 1 1 -1 -1 1 1" REST "\n",
          "2@10+1/1*1 4@10+1/1*1 3@20+1/1*1 1@30+1/1*1",
          "unsorted submits: by time, then as they stand in the file");
    is_int((intmax_t)r.unsorted, 2, "two of them were before the line above");
    reads("1 0 -1 1 1 -1 -1 1 1" REST "\n2 0 -1 1 1 -1 -1 1 1" REST "\n", "1@0+1/1*1 2@0+1/1*1",
          "two at one time");
    is_int((intmax_t)r.unsorted, 0, "... are sorted");
}

static void test_times(void)
{
    reads("1 0.5 -1 1.25 1 -1 -1 1 2.0000004" REST "\n", "1@0.5+1.25/2*1",
          "seconds keep their fraction, to the microsecond");
    reads("1 0 -1 0.0000004 1 -1 -1 1 2" REST "\n", "", "a run that rounds to nothing is none");
    is_int((intmax_t)r.no_run, 1, "... and dropped as such");
    reads("1 31656837 -1 5 1 -1 -1 1 5" REST "\n", "1@3.16568e+07+5/5*1",
          "submit times begin where the trace begins");
}

static void machine(const char *header, int64_t option, int64_t want, const char *name)
{
    char text[512];
    snprintf(text, sizeof text, "%s1 0 -1 5 3 -1 -1 3 5%s\n2 0 -1 5 5 -1 -1 5 5%s\n", header, REST,
             REST);
    is_int(read_text(text, (struct swf_options){.procs = option}), 0, name);
    is_int(t.procs, want, name);
}

static void test_machine(void)
{
    machine("; MaxNodes: 20\n; MaxProcs: 10\n", 0, 10, "MaxProcs goes before MaxNodes");
    machine("; MaxNodes: 20\n", 0, 20, "MaxNodes without MaxProcs");
    machine("; MaxNodes: 20\n; MaxProcs: -1\n", 0, 20, "a MaxProcs that is not known");
    machine("", 0, 5, "neither: the largest request");
    machine("; MaxProcs: 10\n", 7, 7, "the option goes before all");
    machine("; MaxProcs: 10\n", 70, 70, "also if it is more");
    machine(";MaxProcs:10\n", 0, 10, "without blanks");
    machine("  ;  maxprocs :  10 (since 1999)\r\n", 0, 10, "with blanks, words and small letters");
    machine("; MaxProcs: 10\n; MaxProcs: 12\n; MaxProcs: 8\n", 0, 12, "of several the largest");
    machine("; Note: MaxProcs: 10\n", 0, 5, "what a note says is none");
    machine("; MaxProcs: 1,024\n", 0, 5, "a number that is not understood is none");
    machine("; MaxProcs: many\n; MaxProcs\n", 0, 5, "nor is a word");

    reads("1 0 -1 5 3 -1 -1 3 5" REST "\n2 0 -1 5 5 -1 -1 5 5" REST "\n; MaxProcs: 4\n",
          "1@0+5/5*3", "a size that comes after the jobs counts for them all");
    is_int((intmax_t)r.too_large, 1, "... and drops the larger one");
}

static void test_drops(void)
{
    static const char text[] = "; MaxProcs: 10\n"
                               "1 0 -1 0 4 -1 -1 4 20" REST "\n"
                               "2 0 -1 -1 4 -1 -1 4 20" REST "\n"
                               "3 0 -1 9 -1 -1 -1 -1 20" REST "\n"
                               "4 0 -1 9 4 -1 -1 4 -1" REST "\n"
                               "5 0 -1 9 4 -1 -1 4 0" REST "\n"
                               "6 -3 -1 9 4 -1 -1 4 20" REST "\n"
                               "7 0 -1 9 4 -1 -1 11 20" REST "\n"
                               "8 -1 -1 -1 -1 -1 -1 -1 -1" REST "\n"
                               "9 0 -1 9 4 -1 -1 10 20" REST "\n"
                               "10 0 -1 9 4 -1 -1 -1 20" REST "\n"
                               "11 0 -1 25 4 -1 -1 0 20" REST "\n";
    reads(text, "9@0+9/20*10 10@0+9/20*4 11@0+20/20*4",
          "what can't be replayed is dropped; field 5 stands in for field 8; a run is cut");
    is_int((intmax_t)r.lines, 11, "eleven lines with jobs");
    is_int((intmax_t)r.taken, 3, "of which three are taken");
    is_int((intmax_t)r.no_run, 3, "did not run, whatever else it lacks");
    is_int((intmax_t)r.no_procs, 1, "no processors");
    is_int((intmax_t)r.no_estimate, 2, "no estimate");
    is_int((intmax_t)r.no_submit, 1, "submitted before the beginning");
    is_int((intmax_t)r.too_large, 1, "larger than the machine");
    is_int((intmax_t)r.killed, 1, "killed at its limit");
    is_int((intmax_t)r.broken, 0, "and none is broken");

    is_int(read_text(text, (struct swf_options){.estimate_is_run = true}), 0, "clairvoyant");
    is_str(jobs(), "9@0+9/9*10 10@0+9/9*4 11@0+20/20*4",
           "the same jobs, and the estimate is the run time, cut to what was asked for");
    is_int((intmax_t)r.no_estimate, 2, "those without an estimate are dropped all the same");
}

static void test_no_estimates(void)
{
    static const char text[] = "1 0 -1 10 4 -1 -1 4 -1" REST "\n2 5 -1 6 2 -1 -1 2 0" REST "\n"
                               "3 9 -1 6 9 -1 -1 9 -1" REST "\n";
    reads(text, "", "where there are no estimates, there is nothing to replay");
    ok(r.no_estimate == 3 && t.procs == 0, "... all are dropped for that");
    struct swf_options o = {.estimate_is_run = true, .procs = 8};
    is_int(read_text(text, o), 0, "clairvoyant");
    is_str(jobs(), "1@0+10/10*4 2@5+6/6*2", "the run times are the estimates");
    ok(r.no_estimate == 0 && r.too_large == 1, "... and nobody is dropped for having none");
}

#define GOOD "1 0 -1 10 4 -1 -1 4 20" REST "\n"

static void test_broken(void)
{
    refuses("; x\n" GOOD "2 0 -1 abc 4 -1 -1 4 20" REST "\n",
            "small.swf:3: field 4 is no number: abc", "a word instead of a number");
    refuses(GOOD "2 0 -1 10 4\n", "small.swf:2: 5 fields, but a job has 18", "too few fields");
    refuses("1 0 -1 10 4 -1 -1 4 20 -1 1 3 4 5 -1 -1 -1",
            "small.swf:1: 17 fields, but a job has 18", "one too few, at the end of the file");
    refuses("1 0 -1 10 4 -1 -1 4 20 -1 1 3 4 5 -1 -1 -1 x\n",
            "small.swf:1: field 18 is no number: x", "fields that nobody needs count too");
    refuses("1 0 -1 10s 4 -1 -1 4 20" REST "\n", "small.swf:1: field 4 is no number: 10s",
            "a unit behind a number");
    refuses("1 0 -1 nan 4 -1 -1 4 20" REST "\n", "small.swf:1: field 4 is no number: nan",
            "not a number");
    refuses("1 0 -1 10 4 -1 -1 4 1234567890123" REST "\n",
            "small.swf:1: field 9 has more than 12 digits: 1234567890123", "a number too large");
    refuses("<html>\n", "small.swf:1: field 1 is no number: <html>", "another kind of file");
    is_int(read_bytes("1 0 \0 4\n", 8, (struct swf_options){0}), -1, "a NUL is no number");
    has_str(err.text, ":1: field 3 is no number: ''", "... and nothing to show");
    is_int(read_text(GOOD "1 \x1b[31m\n", (struct swf_options){0}), -1, "control characters");
    has_str(err.text, "field 2 is no number: \\x1B[31m", "... are not shown as they are");
}

static void test_lenient(void)
{
    is_int(read_text("x\n" GOOD "2 0\n3 7 -1 1 1 -1 -1 1 1" REST "\n4 0 -1 1 1 -1 -1 1 1e99" REST,
                     (struct swf_options){.lenient = true}),
           0, "broken lines can be left out");
    is_str(jobs(), "1@0+10/20*4 3@7+1/1*1", "the others are read");
    is_int((intmax_t)r.broken, 3, "they are counted");
    is_int((intmax_t)r.lines, 5, "as lines with jobs");
    is_str(said(r.broken_lines[0]), "small.swf:1: field 1 is no number: x",
           "and the first is named");
}

/* Jobs that come at 0 and run for 28,500 years each. */
static void eternal(struct buf *text, int count, const char *estimate)
{
    for (int i = 0; i < count; i++)
        buf_printf(text, "%d 0 -1 900000000000 1 -1 -1 1 %s" REST "\n", i, estimate);
}

static void test_eternity(void)
{
    struct buf text _cleanup_buf_ = {0};
    eternal(&text, 12, "900000000000");
    refuses(text.data, "small.swf:11: with this job all times add up to over 292,000 years",
            "no clock could run for so long");
    is_int(read_text(text.data, (struct swf_options){.lenient = true}), 0, "leniently");
    ok(r.taken == 10 && r.broken == 2, "... it is done without the last jobs");

    buf_free(&text);
    eternal(&text, 12, "-1");
    is_int(read_text(text.data, (struct swf_options){.estimate_is_run = true}), -1,
           "the run time counts where it is the estimate");

    buf_free(&text);
    eternal(&text, 10, "900000000000");
    buf_puts(&text, "10 999999999999 -1 1 1 -1 -1 1 1" REST "\n");
    refuses(text.data, "small.swf:11: with this job all times add up to over 292,000 years",
            "the time that passes before the last submit counts too");
}

static void test_memory(void)
{
    reads("1 0 -1 5 900000000000 -1 -1 -1 5 900000000000 1 1 1 1 1 1 1 1\n", "1@0+5/5*900000000000",
          "an absurd request is read");
    ok(t.jobs[0].mem_mb == INT64_MAX, "memory beyond all numbers is the largest number");
}

/* --- files ------------------------------------------------------------------------------------ */

/* A text that takes several blocks, of lines of all lengths; returns how many jobs. */
static int make_long(struct buf *text)
{
    int n = 0;
    for (; text->len < 1500000; n++) {
        if (n % 100 == 99)
            buf_printf(text, ";%*s\n", n % 1700, "");
        buf_printf(text, "%d %d -1 5 1 -1 -1 1 5" REST "\n", n, n);
    }
    return n;
}

static void in_sequence(int count, const char *name)
{
    bool same = t.count == (size_t)count;
    for (size_t i = 0; i < t.count; i++)
        same &= t.jobs[i].number == (int64_t)i && t.jobs[i].submit_us == (int64_t)i * S;
    ok(same, "%s", name);
}

static void test_blocks(void)
{
    struct buf text _cleanup_buf_ = {0};
    int count = make_long(&text);
    is_int(read_bytes(text.data, text.len, (struct swf_options){0}), 0, "a long file is read");
    in_sequence(count, "all of its jobs");

    buf_printf(&text, ";%*s\n%d %d -1 5 1 -1 -1 1 5" REST, 1000000, "", count, count);
    is_int(read_bytes(text.data, text.len, (struct swf_options){0}), 0,
           "so is one with a comment of a million columns");
    in_sequence(count + 1, "and the job behind it");
    buf_puts(&text, "\nx\n");
    is_int(read_bytes(text.data, text.len, (struct swf_options){0}), -1, "a broken line far down");
    char want[64];
    snprintf(want, sizeof want, "small.swf:%d: ", count + count / 100 + 3);
    has_str(err.text, want, "is named by its number");
}

/* Appends one gzip member. */
static void compress_to(struct buf *out, const char *text, size_t len)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)len};
    must(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    uLong most = deflateBound(&z, len);
    z.next_out = (Bytef *)buf_reserve(out, most);
    z.avail_out = (uInt)most;
    must(z.next_out && deflate(&z, Z_FINISH) == Z_STREAM_END);
    out->len += z.total_out;
    deflateEnd(&z);
}

static void test_gzip(void)
{
    struct buf text _cleanup_buf_ = {0}, gz _cleanup_buf_ = {0};
    int count = make_long(&text);
    compress_to(&gz, text.data, text.len / 2);
    compress_to(&gz, text.data + text.len / 2, text.len - text.len / 2);

    swf_file("packed-1.2.swf.gz", gz.data, gz.len);
    is_int(read_path(swf_path, (struct swf_options){0}), 0, "a gzip file of two members is read");
    in_sequence(count, "all of its jobs");
    is_str(t.name, "packed-1.2", "its name is without .swf and .gz");
    swf_file("packed", gz.data, gz.len);
    is_int(read_path(swf_path, (struct swf_options){0}), 0, "whatever its name says");
    in_sequence(count, "all of its jobs again");
    is_str(t.name, "packed", "a name without an ending is whole");
    swf_file("plain.gz", text.data, text.len);
    is_int(read_path(swf_path, (struct swf_options){0}), 0, "a plain file called .gz is read too");
    in_sequence(count, "with all of its jobs");
    compress_to(&gz, "", 0);
    swf_file("none.gz", gz.data + gz.len - 20, 20);
    is_int(read_path(swf_path, (struct swf_options){0}), 0, "nothing, compressed, is nothing");
    is_int((intmax_t)t.count, 0, "... no jobs");

    swf_file("short.gz", gz.data, gz.len / 3);
    is_int(read_path(swf_path, (struct swf_options){.lenient = true}), -1,
           "one cut short is refused, leniently or not");
    has_str(err.text, "its gzip data are damaged or cut short", "... and says so");
    ok(err.code == ERR_CORRUPT && t.count == 0, "... leaving nothing");
    gz.data[gz.len / 4] ^= 0x55;
    swf_file("flipped.gz", gz.data, gz.len);
    is_int(read_path(swf_path, (struct swf_options){.lenient = true}), -1, "so is a damaged one");
    has_str(err.text, "/flipped.gz:", "... by its name");
}

static void test_no_file(void)
{
    is_int(read_path("/nonexistent/x.swf", (struct swf_options){0}), -1,
           "a file that is not there");
    is_str(err.text, "/nonexistent/x.swf: No such file or directory", "is named");
    is_int(read_path(swf_dir, (struct swf_options){0}), -1, "a directory");
    has_str(err.text, "Is a directory", "can't be read");
    is_int(swf_read("/nonexistent/x.swf", &(struct swf_options){0}, &t, NULL, NULL), -1,
           "nobody has to want to know why");
}

static void test_stdin(void)
{
    swf_file("in", GOOD "x\n", strlen(GOOD "x\n"));
    for (int round = 0; round < 2; round++) {
        int fd = open(swf_path, O_RDONLY | O_CLOEXEC);
        must(fd >= 0 && dup2(fd, STDIN_FILENO) == 0 && close(fd) == 0);
        is_int(read_path("-", (struct swf_options){.lenient = round == 1}), round - 1,
               "standard input is read");
        ok(fcntl(STDIN_FILENO, F_GETFD) >= 0, "and stays open");
    }
    is_str(t.name, "stdin", "it has a name");
    is_str(r.broken_lines[0], "stdin:2: field 1 is no number: x", "also in messages");
}

/* --- writing ---------------------------------------------------------------------------------- */

static struct trace_job written[] = {
    {.number = 1,
     .submit_us = 0,
     .run_us = 10 * S,
     .estimate_us = 20 * S,
     .procs = 4,
     .mem_mb = 100,
     .user = 7,
     .group = 8,
     .executable = 9},
    {.number = 5,
     .submit_us = 1500000,
     .run_us = 1,
     .estimate_us = 2000030,
     .procs = 1,
     .user = -1,
     .group = -1,
     .executable = -1},
    {.number = 6,
     .submit_us = 31656837 * S,
     .run_us = 7 * S,
     .estimate_us = 7 * S,
     .procs = 1000,
     .mem_mb = 999,
     .user = 0,
     .group = -1,
     .executable = -1},
};

static void test_write(void)
{
    struct trace w = {.jobs = written, .count = 3, .procs = 2000};
    const char *const comments[] = {"Computer: mine", "Note: a test", NULL};
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    must(f);
    is_int(swf_write(&w, comments, f), 0, "a trace is written");
    is_str(text,
           "; Version: 2.2\n; Computer: mine\n; Note: a test\n"
           "; MaxJobs: 3\n; MaxRecords: 3\n; MaxProcs: 2000\n"
           "1 0 -1 10 4 -1 -1 4 20 25600 -1 7 8 9 -1 -1 -1 -1\n"
           "5 1.5 -1 0.000001 1 -1 -1 1 2.00003 -1 -1 -1 -1 -1 -1 -1 -1 -1\n"
           "6 31656837 -1 7 1000 -1 -1 1000 7 1022 -1 0 -1 -1 -1 -1 -1 -1\n",
           "as SWF, with fractions only where there are any");
    is_int(read_bytes(text, len, (struct swf_options){0}), 0, "and read again");
    ok(t.procs == 2000 && t.count == 3, "it has the same machine and as many jobs");
    ok(t.count == 3 && memcmp(t.jobs, written, sizeof written) == 0, "which are the same");
    must(fclose(f) == 0);
    free(text);
}

static void test_write_nothing(void)
{
    char text[200] = "";
    FILE *f = fmemopen(text, sizeof text, "w");
    must(f);
    is_int(swf_write(&(struct trace){0}, NULL, f), 0, "a trace without anything is written");
    is_str(text, "; Version: 2.2\n; MaxJobs: 0\n; MaxRecords: 0\n", "as a header");
    must(fclose(f) == 0);
}

static void test_write_full(void)
{
    FILE *f = fopen("/dev/full", "w");
    if (!f) {
        skip("there is no /dev/full");
        return;
    }
    struct trace w = {.jobs = written, .count = 3};
    errno = 0;
    is_int(swf_write(&w, NULL, f), -1, "a full disk is noticed");
    is_int(errno, ENOSPC, "and said");
    fclose(f);
}

int main(void)
{
    swf_fixture_make();
    test_fields();
    test_layout();
    test_nothing();
    test_order();
    test_times();
    test_machine();
    test_drops();
    test_no_estimates();
    test_broken();
    test_lenient();
    test_eternity();
    test_memory();
    test_blocks();
    test_gzip();
    test_no_file();
    test_stdin();
    test_write();
    test_write_nothing();
    test_write_full();
    trace_free(&t);
    swf_fixture_remove();
    return done_testing();
}
