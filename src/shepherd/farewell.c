// SPDX-License-Identifier: MIT
/* The end of a job that somebody sat in front of. Nothing of it is left but what it wrote last, and
 * that may have to wait for its reader. */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt/spec.h"
#include "shepherd/console.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"

static void tell_all(struct console *c, const struct attempt_status *status)
{
    if (c->attendant.fd >= 0)
        console_put_exit(&c->attendant.out, status);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        if (c->watchers[i].fd >= 0) {
            console_catch_up(&c->watchers[i]);
            console_put_exit(&c->watchers[i].out, status);
        }
    c->told = true;
}

/* As much as can be done now. True if the attendant has everything, or is gone. */
static bool deliver(struct console *c, const struct attempt_status *status)
{
    size_t before;
    do {
        while (console_pour(c))
            ;
        before = c->attendant.out.len;
        console_flush(c);
    } while (c->attendant.fd >= 0 && c->attendant.out.len < before);
    bool all = !c->attendant.out.len;
    if (all && !c->told) {
        tell_all(c, status);
        console_flush(c);
    }
    return !c->attendant.out.len;
}

/* What he says is for nobody any more. */
static bool is_there(int fd)
{
    char bytes[CONSOLE_DATA_MAX];
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static _Noreturn void wait_for_reader(struct shepherd *s)
{
    struct console *c = s->console;
    /* To others it is the shepherd who holds these: when it ends they end. */
    close(CHANNEL_FD);
    cleanup_close(&s->control);
    cleanup_close(&c->listener);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        console_drop(&c->watchers[i]);
    while (!deliver(c, &s->status)) {
        struct pollfd p = {.fd = c->attendant.fd, .events = POLLIN | POLLOUT};
        if (poll(&p, 1, -1) < 0 && errno != EINTR && errno != EAGAIN)
            break;
        if (p.revents & ~POLLOUT && !is_there(p.fd))
            break;
    }
    _exit(0);
}

bool console_farewell(struct shepherd *s)
{
    if (deliver(s->console, &s->status))
        return true;
    if (fork() == 0)
        wait_for_reader(s);
    return false;
}
