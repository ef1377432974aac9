/* SPDX-License-Identifier: MIT */
/* tty.h - our own terminal. */
#pragma once

#include <stdbool.h>
#include <termios.h>

#include "os/pty.h"

struct tty {
    bool raw; /* it was set, and is to be restored */
    struct termios before;
};

/* Whether standard input is a terminal, and we are in front of it: who reads from it in the
 * background is stopped. */
bool tty_is_ours(void);
/* Whether it is one, and others are in front of it. Of one that is gone, or is nobody's, nobody is.
 */
bool tty_is_behind(void);
/* From now on everything that is typed is only passed on, Ctrl-C too. In the background this stops
 * us until we are in front. Nothing if standard input is no terminal. */
void tty_raw(struct tty *t);
/* As it was. */
void tty_restore(struct tty *t);
/* That of standard input, or output; 0, 0 if neither is a terminal. */
struct terminal_size tty_size(void);
