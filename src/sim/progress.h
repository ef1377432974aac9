/* SPDX-License-Identifier: MIT */
/* progress.h - how far a replay is, as a bar on standard error; nothing where that is no terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct progress {
    bool shown;
    char label[256];
};

/* Of this run of this trace, as yet nothing. */
void progress_begin(struct progress *p, const char *trace, const char *run);
/* A struct progress as what replay_options.progress wants. */
void progress_tell(void *progress, size_t done, size_t all);
/* The line is free again. */
void progress_end(struct progress *p);
