/* SPDX-License-Identifier: MIT */
/* external.h - verbs that are programs of their own: who submits does not load what they need. */
#pragma once

#include "util/err.h"

/* Becomes that program, with the same arguments. Returns -1 with *e if it can't. */
int external_run(const char *program, char **argv, struct err *e);
