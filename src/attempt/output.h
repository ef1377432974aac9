/* SPDX-License-Identifier: MIT */
/* output.h - where the attempts of a job write: what is run again overwrites nothing. */
#pragma once

/* The file for what is run again for the restart-th time: "r1" before the ending of the name,
 * job_15.out -> job_15.r1.out, log -> log.r1; for 0, and of what is no file to keep (/dev/null) the
 * path itself. A string to free(); NULL if no memory, or path is NULL. */
char *output_path(const char *path, int restart);
