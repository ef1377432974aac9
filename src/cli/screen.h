/* SPDX-License-Identifier: MIT */
/* screen.h - a page on the terminal that is drawn again and again, until a signal ends the program.
 *
 * The page is on the terminal's other screen; what is typed is not shown. The signals that end or
 * stop the program leave the terminal as it was first, and one that goes on after a stop, or whose
 * window has another size, has its sleep interrupted, to draw anew. */
#pragma once

#include <stddef.h>

#include "util/err.h"

/* Once in a process. ERR_INVALID if standard output is no terminal that can be drawn on. */
int screen_open(struct err *e);
void screen_close(void);
void screen_size(size_t *rows, size_t *columns);
/* The page, lines of text; what does not fit is left out. */
int screen_draw(const char *page, struct err *e);
