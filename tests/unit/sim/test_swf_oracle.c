// SPDX-License-Identifier: MIT
/* The traces that are shared between projects, where they are: of each the jobs that an independent
 * implementation took, in its order, from all files of "id submit start run procs est" lines. */
#include <dirent.h>
#include <stdlib.h>

#include "sim/lines.h"
#include "sim/swf.h"
#include "tap.h"

#define S INT64_C(1000000)

static struct err err;

/* What is compared, in whole seconds. */
enum column { ID, SUBMIT, START, RUN, PROCS, ESTIMATE, COLUMNS };

static bool same_job(const struct trace_job *j, const char *line)
{
    int64_t want[COLUMNS];
    char *end = (char *)(uintptr_t)line;
    for (int i = 0; i < COLUMNS; i++)
        want[i] = strtoll(end, &end, 10);
    return *end == '\n' && j->number == want[ID] && j->submit_us == want[SUBMIT] * S &&
           j->run_us == want[RUN] * S && j->procs == want[PROCS] &&
           j->estimate_us == want[ESTIMATE] * S;
}

/* The file has the trace's jobs, all of them and no others. */
static bool compare(const struct trace *t, const char *path)
{
    struct lines *lines = lines_open(path, &err);
    struct line line;
    size_t same = 0;
    int more = -1;
    while (lines && (more = lines_next(lines, &line, &err)) > 0) {
        if (same == t->count || !same_job(&t->jobs[same], line.text)) {
            printf("# %s:%zu: %.*s\n", path, line.number, (int)strcspn(line.text, "\n"), line.text);
            break;
        }
        same++;
    }
    lines_close(lines);
    return more == 0 && same == t->count;
}

/* An oracle's name is TRACE.POLICY.TRIGGER.ESTIMATE.gz; the trace's own name may have dots in it.
 */
static bool split_name(const char *name, char *trace, size_t size, bool *estimate_is_run)
{
    snprintf(trace, size, "%s", name);
    for (int dots = 0; dots < 4; dots++) {
        char *dot = strrchr(trace, '.');
        if (!dot || (dots == 0 && strcmp(dot, ".gz") != 0))
            return false;
        *dot = '\0';
        if (dots == 1)
            *estimate_is_run = strcmp(dot + 1, "act") == 0;
    }
    return true;
}

static void check(const char *traces, const char *oracles, const char *name)
{
    char trace[200], path[600];
    bool estimate_is_run = false;
    if (!split_name(name, trace, sizeof trace, &estimate_is_run))
        return;
    snprintf(path, sizeof path, "%s/%s.swf.gz", traces, trace);
    struct trace t = {0};
    struct swf_options o = {.estimate_is_run = estimate_is_run};
    if (!ok(swf_read(path, &o, &t, NULL, &err) == 0, "%s is read", trace)) {
        printf("# %s\n", err.text);
        return;
    }
    snprintf(path, sizeof path, "%s/%s", oracles, name);
    ok(t.count > 0 && compare(&t, path), "%s: the same %zu jobs", name, t.count);
    trace_free(&t);
}

static int is_oracle(const struct dirent *d)
{
    return d->d_name[0] != '.' && !strstr(d->d_name, ".swf");
}

static void check_all(const char *traces, const char *oracles)
{
    struct dirent **names;
    int count = scandir(oracles, &names, is_oracle, alphasort);
    if (count < 0) {
        skip("there are no shared traces at " SHARED);
        return;
    }
    for (int i = 0; i < count; i++) {
        check(traces, oracles, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    ok(count > 0, "there are oracles in %s", oracles);
}

int main(void)
{
    check_all(SHARED "/traces", SHARED "/oracle");
    check_all(SHARED "/prefix", SHARED "/prefix");
    return done_testing();
}
