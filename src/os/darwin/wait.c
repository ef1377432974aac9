// SPDX-License-Identifier: MIT
#include "os/wait.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/event.h>
#include <unistd.h>

#include "os/clock.h"
#include "util/cleanup.h"

enum { TIMER = 1 };

int waiter_open(struct waiter *w, const int signals[], struct err *e)
{
    sigset_t all;
    sigfillset(&all);
    *w = (struct waiter){.fds = {kqueue(), -1}};
    if (w->fds[0] < 0 || sigprocmask(SIG_SETMASK, &all, NULL) != 0)
        return err_errno(e, "cannot wait for signals");
    for (size_t i = 0; signals[i]; i++) {
        /* A kqueue sees signals also while they are blocked. */
        struct kevent change;
        EV_SET(&change, signals[i], EVFILT_SIGNAL, EV_ADD, 0, 0, NULL);
        if (kevent(w->fds[0], &change, 1, NULL, 0, NULL) != 0) {
            err_errno(e, "cannot wait for signals");
            waiter_close(w);
            return -1;
        }
    }
    return 0;
}

void waiter_close(struct waiter *w)
{
    cleanup_close(&w->fds[0]);
    w->fds[0] = -1;
}

static void add(struct kevent *to, int *n, const struct pollfd *fds, int i, short event,
                int16_t filter)
{
    if (fds[i].fd >= 0 && fds[i].events & event)
        EV_SET(&to[(*n)++], fds[i].fd, filter, EV_ADD | EV_ONESHOT, 0, 0, (void *)(intptr_t)i);
}

/* One-shot: each wait adds what it needs anew. */
static int changes(struct kevent *to, const struct pollfd *fds, int nfds, int64_t deadline_us)
{
    int n = 0;
    for (int i = 0; i < nfds; i++) {
        add(to, &n, fds, i, POLLIN, EVFILT_READ);
        add(to, &n, fds, i, POLLOUT, EVFILT_WRITE);
    }
    if (deadline_us) {
        int64_t rest = deadline_us - clock_boot_us();
        EV_SET(&to[n++], TIMER, EVFILT_TIMER, EV_ADD | EV_ONESHOT,
               NOTE_USECONDS | NOTE_MACH_CONTINUOUS_TIME, rest > 0 ? rest : 0, NULL);
    }
    return n;
}

int waiter_wait(struct waiter *w, struct pollfd *fds, int nfds, int64_t deadline_us,
                uint64_t *signals, struct err *e)
{
    struct kevent set[2 * WAITER_FDS_MAX + 1], got[16];
    *signals = 0;
    for (int i = 0; i < nfds; i++)
        fds[i].revents = 0;
    int n;
    do
        n = kevent(w->fds[0], set, changes(set, fds, nfds, deadline_us), got, 16, NULL);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_errno(e, "cannot wait");
    for (int i = 0; i < n; i++) {
        if (got[i].filter == EVFILT_SIGNAL)
            *signals |= UINT64_C(1) << got[i].ident;
        else if (got[i].filter == EVFILT_READ && (intptr_t)got[i].udata < nfds)
            fds[(intptr_t)got[i].udata].revents |= POLLIN;
        else if (got[i].filter == EVFILT_WRITE && (intptr_t)got[i].udata < nfds)
            fds[(intptr_t)got[i].udata].revents |= POLLOUT;
    }
    if (!deadline_us)
        return 0;
    struct kevent off;
    EV_SET(&off, TIMER, EVFILT_TIMER, EV_DELETE, 0, 0, NULL);
    kevent(w->fds[0], &off, 1, NULL, 0, NULL); /* not there if it has gone off */
    return 0;
}
