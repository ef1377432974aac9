/* SPDX-License-Identifier: MIT */
/* verb.h - what can be said to mini-slurm: one verb a file, each an exported struct verb. */
#pragma once

#include "util/err.h"
#include "util/options.h"

#define VERB_DONE   0
#define VERB_HELP   OPTIONS_HELP /* --help was asked for: main prints it */
#define VERB_FAILED 2            /* what went wrong stands on standard error already */
#define VERB_EXIT   0x100        /* plus the exit status, where that is not ours but a job's */

struct verb {
    const char *name; /* as it is typed: "submit" */
    struct command command;
    /* argv[0] is the verb. Returns one of the above, or -1 with *e, which main prints. */
    int (*run)(int argc, char **argv, struct err *e);
};

extern const struct verb verb_submit;
extern const struct verb verb_queue;
extern const struct verb verb_show;
extern const struct verb verb_why;
extern const struct verb verb_graph;
extern const struct verb verb_cancel;
extern const struct verb verb_resize;
extern const struct verb verb_signal;
extern const struct verb verb_suspend;
extern const struct verb verb_resume;
extern const struct verb verb_hold, verb_release, verb_update, verb_requeue;
extern const struct verb verb_stats;
extern const struct verb verb_scheduler;
extern const struct verb verb_doctor;
extern const struct verb verb_topology;
extern const struct verb verb_simulate;
extern const struct verb verb_export;
extern const struct verb verb_wait;
extern const struct verb verb_logs;
extern const struct verb verb_efficiency;
extern const struct verb verb_drain;
extern const struct verb verb_resume_all;
extern const struct verb verb_prune;
extern const struct verb verb_run;
extern const struct verb verb_sweep;
extern const struct verb verb_attach;
