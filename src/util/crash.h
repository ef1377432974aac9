/* SPDX-License-Identifier: MIT */
/* crash.h - named points between two durable steps at which the crash tests kill the process.
 *
 * In a build with -Dcrash_points=true, MINI_SLURM_CRASH_AT=name[:n] raises SIGKILL the n-th time
 * (default: first) the process passes the point of that name. In any other build: nothing. */
#pragma once

#ifdef MINI_SLURM_CRASH_POINTS
void crash_point(const char *name);
#else
#define crash_point(name) ((void)0)
#endif
