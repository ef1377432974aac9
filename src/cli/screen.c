// SPDX-License-Identifier: MIT
#include "cli/screen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "os/file.h"
#include "util/buf.h"

/* ECMA-48, and DEC's modes for the other screen and the cursor: what every terminal knows. */
#define ENTER   "\033[?1049h\033[?25l"
#define LEAVE   "\033[?25h\033[?1049l"
#define HOME    "\033[H"
#define TO_EOL  "\033[K"
#define TO_LAST "\033[J"

static struct {
    volatile sig_atomic_t shown;
    volatile sig_atomic_t has_input; /* what is typed comes from a terminal as well */
    struct termios before, quiet;
} screen;

/* Both are called by signal handlers. */
static void enter(void)
{
    if (screen.has_input)
        tcsetattr(STDIN_FILENO, TCSANOW, &screen.quiet);
    screen.shown = write(STDOUT_FILENO, ENTER, strlen(ENTER)) > 0;
}

static void leave(void)
{
    if (!screen.shown)
        return;
    screen.shown = 0;
    if (write(STDOUT_FILENO, LEAVE, strlen(LEAVE)) < 0)
        return; /* the terminal is gone */
    if (screen.has_input)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &screen.before);
}

static void on_end(int number)
{
    leave();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_stop(int number)
{
    (void)number;
    leave();
    raise(SIGSTOP);
    enter();
}

static void on_resize(int number)
{
    (void)number;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction sa = {.sa_handler = handler};
    sigfillset(&sa.sa_mask);
    sigaction(number, &sa, NULL);
}

int screen_open(struct err *e)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    const char *kind = getenv("TERM");
    if (!isatty(STDOUT_FILENO))
        return err_set(e, ERR_INVALID, "standard output is no terminal to draw on");
    if (!kind || !*kind || strcmp(kind, "dumb") == 0)
        return err_set(e, ERR_INVALID, "this terminal can't be drawn on (TERM=%s)",
                       kind ? kind : "");
    screen.has_input = tcgetattr(STDIN_FILENO, &screen.before) == 0;
    screen.quiet = screen.before;
    screen.quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        handle(ends[i], on_end);
    handle(SIGTSTP, on_stop);
    handle(SIGWINCH, on_resize);
    enter();
    return 0;
}

void screen_close(void)
{
    leave();
}

void screen_size(size_t *rows, size_t *columns)
{
    struct winsize size = {0};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    *rows = size.ws_row ? size.ws_row : 24;
    *columns = size.ws_col ? size.ws_col : 80;
}

int screen_draw(const char *page, struct err *e)
{
    struct buf out _cleanup_buf_ = {0};
    size_t rows, columns;
    screen_size(&rows, &columns);
    buf_puts(&out, HOME);
    while (*page && rows-- > 0) {
        size_t len = strcspn(page, "\n");
        buf_add(&out, page, len);
        buf_puts(&out, TO_EOL);
        page += len + (page[len] == '\n');
        /* Behind the last line of the window there is no next one. */
        if (*page && rows > 0)
            buf_puts(&out, "\r\n");
    }
    buf_puts(&out, TO_LAST);
    if (out.failed)
        return err_nomem(e);
    return file_write_all(STDOUT_FILENO, out.data, out.len) < 0 ? err_errno(e, "standard output")
                                                                : 0;
}
