// SPDX-License-Identifier: MIT
#include "os/pty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "util/cleanup.h"

static const struct terminal_size usual = {.rows = 24, .columns = 80};

/* So that a rubbed out character is one, of however many bytes. */
static void expect_utf8(int slave)
{
#ifdef IUTF8
    struct termios modes;
    if (tcgetattr(slave, &modes) == 0) {
        modes.c_iflag |= IUTF8;
        tcsetattr(slave, TCSANOW, &modes);
    }
#else
    (void)slave;
#endif
}

static int open_slave(int master, uid_t owner)
{
    const char *name = grantpt(master) == 0 && unlockpt(master) == 0 ? ptsname(master) : NULL;
    _cleanup_close_ int slave = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (slave < 0 || (owner != geteuid() && fchown(slave, owner, (gid_t)-1) != 0))
        return -1;
    return steal_fd(&slave);
}

int pty_open(struct pty *p, uid_t owner, struct err *e)
{
    _cleanup_close_ int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || fcntl(master, F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(master, F_SETFL, O_NONBLOCK) != 0)
        return err_errno(e, "cannot make a terminal");
    int slave = open_slave(master, owner);
    if (slave < 0)
        return err_errno(e, "cannot open a new terminal");
    expect_utf8(slave);
    *p = (struct pty){.master = steal_fd(&master), .slave = slave};
    pty_resize(p->master, &usual);
    return 0;
}

static bool resize(int master, const struct terminal_size *size)
{
    struct winsize now, next = {.ws_row = size->rows, .ws_col = size->columns};
    if (!size->rows || !size->columns || ioctl(master, TIOCGWINSZ, &now) != 0)
        return false;
    bool is_new = now.ws_row != next.ws_row || now.ws_col != next.ws_col;
    return is_new && ioctl(master, TIOCSWINSZ, &next) == 0;
}

void pty_resize(int master, const struct terminal_size *size)
{
    resize(master, size);
}

void pty_redraw(int master, const struct terminal_size *size)
{
    pid_t foreground = resize(master, size) ? 0 : tcgetpgrp(master);
    if (foreground > 0)
        kill(-foreground, SIGWINCH);
}

int pty_end_of_file(int master)
{
    struct termios modes;
    bool ends = tcgetattr(master, &modes) == 0 && modes.c_cc[VEOF] != _POSIX_VDISABLE;
    return ends ? modes.c_cc[VEOF] : -1;
}

int pty_take(int slave)
{
    return ioctl(slave, TIOCSCTTY, 0);
}
