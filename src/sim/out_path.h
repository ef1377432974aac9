/* SPDX-License-Identifier: MIT */
/* out_path.h - names for the files of several runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* "out/jobs.csv", of the trace "KTH" and the run "easy, sjf": "out/jobs.KTH.easy-sjf.csv". What is
 * NULL has no part in it. To be freed; NULL if no memory. */
char *out_path(const char *path, const char *trace, const char *run);
/* Whether that file, by whatever name, is one of these. */
bool out_path_is_among(const char *path, char *const *files, size_t count);
