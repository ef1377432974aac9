/* SPDX-License-Identifier: MIT */
/* change.h - which single change of what a pending job asks for would start it now (pure). */
#pragma once

#include "core/job.h"
#include "util/err.h"

enum change_kind {
    CHANGE_CPUS,
    CHANGE_MEM,
    CHANGE_GPUS,
    CHANGE_TIME,
    CHANGE_PRIORITY, /* only where the queue is ordered by it */
    CHANGE_KINDS,    /* how many there are */
};

struct change {
    bool helps; /* with this change alone the next pass starts the job: that was tried */
    int64_t to; /* fewer CPUs, MB, GPUs; a shorter limit in microseconds (whole seconds), a higher
                   priority: the nearest to what it asks for now */
};

void change_apply(struct job *j, enum change_kind kind, int64_t to);

struct trial;
/* For the job of the trial. 0, or -1 with ERR_FULL. */
int change_find(struct trial *t, struct change changes[CHANGE_KINDS], struct err *e);
