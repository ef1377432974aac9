/* SPDX-License-Identifier: MIT */
/* level.h - how far the machine holds a job to what it asked for (DESIGN: promise 5). */
#pragma once

enum level {
    LEVEL_NONE,     /* not asked for, nothing to hold */
    LEVEL_ADVISORY, /* the job is told; nothing checks */
    LEVEL_WATCHED,  /* sampled and corrected, or ended */
    LEVEL_ENFORCED, /* the kernel does not let it happen */
};

struct levels {
    enum level cpu, mem, procs, gpu;
};

const char *level_name(enum level l); /* "none", "advisory", "watched", "enforced" */
int level_parse(const char *name);    /* -1 if unknown */
