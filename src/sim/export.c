// SPDX-License-Identifier: MIT
#include "sim/export.h"

#include <inttypes.h>
#include <string.h>

#include "sim/own_history.h"
#include "util/cleanup.h"
#include "util/options.h"
#include "util/times.h"

struct opts {
    double since;
    bool swf;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct opts, swf, "swf",
                "in the format of the Parallel Workloads Archive (so far the only one)"),
    OPTION_DECIMAL(struct opts, since, "since", "DAYS", 0.001, 36500,
                   "only jobs submitted in the last so many days"),
    OPTIONS_END,
};

static const struct command export_command = {
    .name = "mini-slurm export",
    .words = "[FILE]",
    .summary = "write the jobs that have run to FILE (default: standard output), for simulations",
    .notes = "Users, groups and commands are numbers, in the order in which they appear; names,\n"
             "directories and environments are not written. SWF has no place for priorities, nor\n"
             "for the machine's memory.\n",
    .options = options,
};

static int write_swf(const struct history *h, FILE *f)
{
    char begin[64], end[64], start[96], start_time[96], end_time[96];
    snprintf(start, sizeof start, "UnixStartTime: %" PRId64, h->begin_us / US_PER_SEC);
    snprintf(start_time, sizeof start_time, "StartTime: %s",
             time_format_iso(h->begin_us, begin, sizeof begin));
    snprintf(end_time, sizeof end_time, "EndTime: %s", time_format_iso(h->end_us, end, sizeof end));
    const char *const comments[] = {
        "Information: written by mini-slurm " MINI_SLURM_VERSION,
        start,
        start_time,
        end_time,
        "Note: Users, groups and executables (commands) are numbered in the order in which they "
        "appear.",
        "Note: The estimate of a job without a time limit is what its user's last jobs make one "
        "expect.",
        NULL,
    };
    return swf_write(&h->trace, comments, f);
}

static int write_file(const struct history *h, const char *path, struct err *e)
{
    bool is_stdout = !path || strcmp(path, "-") == 0;
    FILE *f = is_stdout ? stdout : fopen(path, "we");
    if (!f)
        return err_errno(e, "%s", path);
    bool failed = write_swf(h, f) < 0;
    if (!is_stdout && fclose(f) != 0)
        failed = true;
    return failed ? err_errno(e, "%s", is_stdout ? "standard output" : path) : 0;
}

static int export_history(const void *given, int nwords, char **words, struct err *e)
{
    const struct opts *o = given;
    struct history h _cleanup_(history_free) = {0};
    if (!o->swf)
        return err_set(e, ERR_USAGE, "in which format? (--swf)");
    if (nwords > 1)
        return err_set(e, ERR_USAGE, "one FILE, not %d", nwords);
    if (own_history(o->since, 0, false, &h, e) < 0)
        return -1;
    if (h.trace.count == 0)
        return err_set(e, ERR_INVALID, "there are no jobs to export: none has run");
    return write_file(&h, words[0], e);
}

int export_main(int argc, char **argv)
{
    struct opts o = {0};
    return options_main(&export_command, &o, argc, argv, export_history);
}
