/* SPDX-License-Identifier: MIT */
/* prune_files.h - the files that a job leaves behind in the folder of logs. */
#pragma once

#include "api/json.h"
#include "store/store.h"

struct prune_files {
    const char *logs; /* the folder */
    int64_t files, bytes;
    json_t *kept; /* of files that are somebody else's: {"job": 3, "file": "/…"} */
};

/* Removes those of the job: its output where it was not asked for another name, and what an elastic
 * one and its shepherd told each other. Any other that is there is added to f->kept. A file that
 * can't be removed, or is gone, stands in nobody's way. 0, or -1 with *e. */
int prune_files(struct prune_files *f, const struct job_record *r, struct err *e);
