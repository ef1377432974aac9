// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "sim/swf.h"

#define SECOND_US INT64_C(1000000)

/* Without a fraction where there is none, and without zeros at its end. */
static int put_seconds(int64_t us, FILE *stream)
{
    int64_t fraction = us % SECOND_US;
    if (fraction == 0)
        return fprintf(stream, "%" PRId64, us / SECOND_US);
    int digits = 6;
    for (; fraction % 10 == 0; fraction /= 10)
        digits--;
    return fprintf(stream, "%" PRId64 ".%0*" PRId64, us / SECOND_US, digits, fraction);
}

/* KB for each processor. Rounded down: reading rounds up, and finds what it was for any job of up
 * to 1,024 processors. */
static int64_t kb_each(const struct trace_job *j)
{
    if (j->mem_mb <= 0)
        return -1;
    int64_t kb;
    if (__builtin_mul_overflow(j->mem_mb, 1024, &kb))
        kb = INT64_MAX;
    return kb / j->procs;
}

static int put_job(const struct trace_job *j, FILE *stream)
{
    if (fprintf(stream, "%" PRId64 " ", j->number) < 0 || put_seconds(j->submit_us, stream) < 0 ||
        fputs(" -1 ", stream) < 0 || put_seconds(j->run_us, stream) < 0 ||
        fprintf(stream, " %" PRId64 " -1 -1 %" PRId64 " ", j->procs, j->procs) < 0 ||
        put_seconds(j->estimate_us, stream) < 0)
        return -1;
    return fprintf(stream, " %" PRId64 " -1 %" PRId64 " %" PRId64 " %" PRId64 " -1 -1 -1 -1\n",
                   kb_each(j), j->user, j->group, j->executable);
}

static int put_header(const struct trace *t, const char *const comments[], FILE *stream)
{
    if (fputs("; Version: 2.2\n", stream) < 0)
        return -1;
    for (; comments && *comments; comments++)
        if (fprintf(stream, "; %s\n", *comments) < 0)
            return -1;
    if (fprintf(stream, "; MaxJobs: %zu\n; MaxRecords: %zu\n", t->count, t->count) < 0)
        return -1;
    return t->procs > 0 ? fprintf(stream, "; MaxProcs: %" PRId64 "\n", t->procs) : 0;
}

int swf_write(const struct trace *t, const char *const comments[], FILE *stream)
{
    if (put_header(t, comments, stream) < 0)
        return -1;
    for (size_t i = 0; i < t->count; i++)
        if (put_job(&t->jobs[i], stream) < 0)
            return -1;
    return fflush(stream) == 0 ? 0 : -1;
}
