/* SPDX-License-Identifier: MIT */
/* pty.h - a terminal for processes that have none. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

struct terminal_size {
    uint16_t rows, columns;
};

struct pty {
    int master; /* ours: non-blocking */
    int slave;  /* the processes' */
};

/* Both ends close-on-exec, and nobody's controlling terminal yet; the processes' end belongs to
 * that user. 0, or -1 with *e. */
int pty_open(struct pty *p, uid_t owner, struct err *e);
/* Who is in the foreground gets SIGWINCH if that is new to the terminal. */
void pty_resize(int master, const struct terminal_size *size);
/* The same, also if it is not. */
void pty_redraw(int master, const struct terminal_size *size);
/* What ends its input when it is typed; -1 if nothing does. */
int pty_end_of_file(int master);
/* It becomes the controlling terminal of the calling process, the leader of a session that has
 * none. 0, or -1 with errno. */
int pty_take(int slave);
