/* SPDX-License-Identifier: MIT */
/* wait.h - sleeping until a descriptor, a signal or a point in time comes up: for processes too
 * small for an event library. Time is the boot clock, which goes on while the machine is suspended;
 * poll(2)'s own time-out does not. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

struct waiter {
    int fds[2];          /* the system's: signalfd and timerfd, or a kqueue */
    int64_t deadline_us; /* what the timer is set to */
};

/* Blocks every signal and collects those in the list (0-terminated). */
int waiter_open(struct waiter *w, const int signals[], struct err *e);
void waiter_close(struct waiter *w);

#define WAITER_FDS_MAX 17
/* Sleeps. fds[].events: POLLIN, POLLOUT; fds[].revents is filled in (fd -1: left out); *signals is
 * the set of those that came, bit 1 << number. deadline_us: clock_boot_us() at which to return at
 * the latest; 0: no such time. 0, or -1 with *e. */
int waiter_wait(struct waiter *w, struct pollfd *fds, int nfds, int64_t deadline_us,
                uint64_t *signals, struct err *e);
