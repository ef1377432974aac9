/* SPDX-License-Identifier: MIT */
/* background.h - going into the background, with start-up errors still reaching the terminal. */
#pragma once

#include "util/err.h"

/* Forks. In the child: a new session, standard input from /dev/null; *ready is a descriptor for
 * background_ready(); returns 0. In the parent: waits for the child's word, prints it, and exits: 0
 * if the child is ready, else 1. -1 with *e: nothing was forked. */
int background_fork(int *ready, struct err *e);
/* The child's word: `line` for the terminal, and whether all is well. Closes the descriptor. */
void background_ready(int ready, int status, const char *line);
/* Standard output and error go to log_fd from now on. */
int background_detach(int log_fd, struct err *e);
