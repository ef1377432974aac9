// SPDX-License-Identifier: MIT
#include "sim/jobs_csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/times.h"

/* Room for a number of seconds. */
#define SECONDS_MAX 32

/* us: not negative. */
static const char *seconds(int64_t us, char buf[SECONDS_MAX])
{
    int64_t whole = us / US_PER_SEC, part = us % US_PER_SEC;
    int digits = 6;
    if (part == 0) {
        snprintf(buf, SECONDS_MAX, "%" PRId64, whole);
        return buf;
    }
    for (; part % 10 == 0; part /= 10)
        digits--;
    snprintf(buf, SECONDS_MAX, "%" PRId64 ".%0*" PRId64, whole, digits, part);
    return buf;
}

static void write_job(FILE *f, const struct trace_job *j, const struct replay_job *r,
                      bool malleable)
{
    char submit[SECONDS_MAX], start[SECONDS_MAX], end[SECONDS_MAX], estimate[SECONDS_MAX];
    fprintf(f, "%" PRId64 ",%s,%s,%s,%" PRId64 ",%s,%d", j->number, seconds(j->submit_us, submit),
            seconds(r->start_us, start), seconds(r->end_us, end), j->procs,
            seconds(j->estimate_us, estimate), r->backfilled);
    if (malleable)
        fprintf(f, ",%d,%" PRId64 ",%.10g", r->malleable, r->resizes, r->cpus);
    fputc('\n', f);
}

int jobs_csv_write(const char *path, const struct trace *t, const struct replay_result *r,
                   bool malleable, struct err *e)
{
    bool is_stdout = strcmp(path, "-") == 0;
    FILE *f = is_stdout ? stdout : fopen(path, "we");
    if (!f)
        return err_errno(e, "%s", path);
    fprintf(f, "id,submit,start,end,procs,estimate,backfilled%s\n",
            malleable ? ",malleable,resizes,cpus" : "");
    for (size_t i = 0; i < t->count && !ferror(f); i++)
        write_job(f, &t->jobs[i], &r->jobs[i], malleable);
    bool failed = fflush(f) != 0 || ferror(f);
    if (!is_stdout && fclose(f) != 0)
        failed = true;
    return failed ? err_errno(e, "%s", is_stdout ? "standard output" : path) : 0;
}
