/* SPDX-License-Identifier: MIT */
/* job_options.h - what a command line can say of a job, whichever verb hands it in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/control.h"
#include "cli/depend.h"
#include "cli/elastic.h"
#include "cli/place.h"
#include "cli/workers.h"
#include "util/options.h"

/* The first member of a verb's own struct of options. Texts are borrowed from the command line. */
struct job_options {
    int64_t cpus, mem_mb, mem_per_cpu_mb, priority, limit_us;
    struct elastic_options elastic;
    struct place_options place;
    struct workers_options workers;
    struct control_options control;
    const char *name, *chdir, *output, *error, *export, *array;
    const char *sweep;  /* with an array: its parameters, as sweep_format() has them */
    const char *signal; /* the warning of its limit */
    const char *checkpoint;
    const char *notify, *notify_on;
    struct depend_options depend;
    bool pty;
};

/* As it is before anything was said. */
#define JOB_OPTIONS_DEFAULT ((struct job_options){.cpus = 1})
/* How many a verb's table holds at most, its end included. */
#define JOB_OPTIONS_ROOM 80

/* Fills a verb's table: all of a job's options but those named in but (NULL-terminated, or NULL),
 * then the verb's own. */
void job_options_collect(struct option_def table[JOB_OPTIONS_ROOM], const char *const *but,
                         const struct option_def *own);
/* What can be told without the scheduler. 0, or -1 with *e. */
int job_options_check(const struct job_options *o, struct err *e);
