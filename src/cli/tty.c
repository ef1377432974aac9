// SPDX-License-Identifier: MIT
#include "cli/tty.h"

#include <sys/ioctl.h>
#include <unistd.h>

bool tty_is_ours(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

bool tty_is_behind(void)
{
    pid_t front = isatty(STDIN_FILENO) ? tcgetpgrp(STDIN_FILENO) : -1;
    return front > 0 && front != getpgrp();
}

void tty_raw(struct tty *t)
{
    struct termios modes;
    if (!t->raw && tcgetattr(STDIN_FILENO, &t->before) != 0)
        return;
    modes = t->before;
    cfmakeraw(&modes);
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) == 0)
        t->raw = true;
}

void tty_restore(struct tty *t)
{
    if (t->raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
    t->raw = false;
}

struct terminal_size tty_size(void)
{
    struct winsize size;
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
        if (ioctl(fd, TIOCGWINSZ, &size) == 0)
            return (struct terminal_size){.rows = size.ws_row, .columns = size.ws_col};
    return (struct terminal_size){0};
}
