/* SPDX-License-Identifier: MIT */
/* request.h - what `mini-slurm simulate` is asked for: its command line, read and checked. */
#pragma once

#include "sim/lublin.h"
#include "sim/replay.h"
#include "sim/runs.h"
#include "sim/swf.h"
#include "util/options.h"

struct request {
    char **traces; /* files; of argv, NULL-terminated */
    size_t ntraces;
    struct lublin_options lublin; /* .jobs is 0: there is something else instead */
    bool from_history;            /* the trace is this store's own jobs, */
    double since_days;            /* of the last so many days; 0: all */
    struct swf_options swf;
    bool lenient;
    double load;
    struct runs runs;
    struct expr *expr;    /* NULL: no run needs one; owned */
    int64_t reservations; /* 0: for all */
    enum event_order event_order;
    bool predict;
    struct malleable_options malleable; /* .share is each run's own */
    struct elastic_config elastic;
    const char *csv, *plot; /* files; NULL: not asked for. csv may be "-" */
    bool json;
};

extern const struct command simulate_command;

/* As options_parse(). *q is to be freed in any case. */
int request_read(int argc, char **argv, struct request *q, struct err *e);
void request_free(struct request *q);
