/* SPDX-License-Identifier: MIT */
/* system.h - how busy the machine is. */
#pragma once

#include <stdint.h>

struct system_load {
    int64_t cpu_busy, cpu_total; /* ticks since boot: the ratio of two differences is the use */
    int64_t mem_total_mb, mem_available_mb;
};

/* 0, or -1 where it can't be known. */
int system_load(struct system_load *l);
