// SPDX-License-Identifier: MIT
#include "os/wait.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "util/cleanup.h"

int waiter_open(struct waiter *w, const int signals[], struct err *e)
{
    sigset_t all, wanted;
    sigfillset(&all);
    sigemptyset(&wanted);
    for (size_t i = 0; signals[i]; i++)
        sigaddset(&wanted, signals[i]);
    *w = (struct waiter){.fds = {-1, -1}};
    if (sigprocmask(SIG_SETMASK, &all, NULL) != 0)
        return err_errno(e, "cannot block signals");
    w->fds[0] = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    w->fds[1] = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (w->fds[0] >= 0 && w->fds[1] >= 0)
        return 0;
    err_errno(e, "cannot wait for signals and time");
    waiter_close(w);
    return -1;
}

void waiter_close(struct waiter *w)
{
    cleanup_close(&w->fds[0]);
    cleanup_close(&w->fds[1]);
    w->fds[0] = w->fds[1] = -1;
}

static int set_timer(struct waiter *w, int64_t deadline_us, struct err *e)
{
    if (deadline_us == w->deadline_us)
        return 0;
    struct itimerspec at = {
        .it_value = {.tv_sec = deadline_us / 1000000, .tv_nsec = deadline_us % 1000000 * 1000}};
    if (timerfd_settime(w->fds[1], TFD_TIMER_ABSTIME, &at, NULL) != 0)
        return err_errno(e, "cannot set a timer");
    w->deadline_us = deadline_us;
    return 0;
}

static void collect_signals(int fd, uint64_t *signals)
{
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof info) == sizeof info)
        if (info.ssi_signo < 64)
            *signals |= UINT64_C(1) << info.ssi_signo;
}

int waiter_wait(struct waiter *w, struct pollfd *fds, int nfds, int64_t deadline_us,
                uint64_t *signals, struct err *e)
{
    struct pollfd all[2 + WAITER_FDS_MAX] = {{.fd = w->fds[0], .events = POLLIN},
                                             {.fd = w->fds[1], .events = POLLIN}};
    *signals = 0;
    if (set_timer(w, deadline_us, e) != 0)
        return -1;
    memcpy(all + 2, fds, (size_t)nfds * sizeof *fds);
    while (poll(all, (nfds_t)nfds + 2, -1) < 0)
        if (errno != EINTR && errno != EAGAIN)
            return err_errno(e, "cannot wait");
    memcpy(fds, all + 2, (size_t)nfds * sizeof *fds);
    if (all[0].revents)
        collect_signals(w->fds[0], signals);
    uint64_t expired;
    if (all[1].revents && read(w->fds[1], &expired, sizeof expired) > 0)
        w->deadline_us = 0; /* so that the next one is set even if it is the same */
    return 0;
}
