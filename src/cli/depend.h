/* SPDX-License-Identifier: MIT */
/* depend.h - what submit can say of what a job waits for. */
#pragma once

#include "api/frame.h"
#include "util/err.h"
#include "util/options.h"

struct depend_options {
    struct option_clauses after; /* our words: "ok:12,13", "any:14" */
    const char *dependency;      /* Slurm's: "afterok:12:13,afterany:14"; NULL: not given */
    const char *kill_on_invalid; /* "yes" or "no"; NULL: not given */
};

/* What is asked for as Slurm writes it, "" for nothing. 0, or -1 with *e. */
int depend_text(const struct depend_options *o, struct buf *out, struct err *e);
/* Adds what is not in that text. The same. */
int depend_add(const struct depend_options *o, struct frame *request, struct err *e);
