// SPDX-License-Identifier: MIT
#include "api/wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

#include "os/clock.h"

#define FIRST_READ 4096

static int time_left_ms(int64_t deadline_us)
{
    if (deadline_us == WIRE_FOREVER)
        return -1;
    int64_t left_ms = (deadline_us - clock_boot_us()) / 1000 + 1;
    if (left_ms <= 0)
        return 0;
    return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/* Waits until the socket is ready. */
static int await(int fd, short events, int64_t deadline_us, struct err *e)
{
    struct pollfd p = {.fd = fd, .events = events};
    int n = poll(&p, 1, time_left_ms(deadline_us));
    if (n > 0 || (n < 0 && errno == EINTR))
        return 0;
    return n < 0 ? err_errno(e, "poll") : err_set(e, ERR_BUSY, "no answer in time");
}

bool wire_ready(int fd, int64_t until_us)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, time_left_ms(until_us)) > 0;
}

static int send_all(int fd, const struct buf *out, int64_t deadline_us, struct err *e)
{
    size_t sent = 0;
    while (sent < out->len) {
        ssize_t n = send(fd, out->data + sent, out->len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0)
            sent += (size_t)n;
        else if (errno == EPIPE || errno == ECONNRESET)
            return 0;
        else if (errno != EAGAIN && errno != EINTR)
            return err_errno(e, "sending");
        else if (await(fd, POLLOUT, deadline_us, e) < 0)
            return -1;
    }
    return 0;
}

int wire_send(int fd, const struct frame *f, int64_t deadline_us, struct err *e)
{
    _cleanup_buf_ struct buf out = {0};
    return frame_encode(f, &out, e) < 0 ? -1 : send_all(fd, &out, deadline_us, e);
}

/* Reads on: 0, WIRE_ENDED, or -1. */
static int read_more(int fd, struct buf *in, size_t want, int64_t deadline_us, struct err *e)
{
    char *to = buf_reserve(in, want);
    if (!to)
        return err_nomem(e);
    ssize_t n = recv(fd, to, want, MSG_DONTWAIT);
    if (n > 0) {
        in->len += (size_t)n;
        return 0;
    }
    if (n == 0 || errno == ECONNRESET)
        return WIRE_ENDED;
    if (errno != EAGAIN && errno != EINTR)
        return err_errno(e, "receiving");
    return await(fd, POLLIN, deadline_us, e);
}

int wire_receive(int fd, struct frame *f, int64_t deadline_us, struct err *e)
{
    _cleanup_buf_ struct buf in = {0};
    for (;;) {
        size_t total = 0;
        int known = frame_size(in.data, in.len, &total, e);
        if (known > 0 && in.len >= total)
            return frame_decode(in.data, in.len, f, e);
        int r = -1;
        if (known >= 0)
            r = read_more(fd, &in, known ? total - in.len : FIRST_READ, deadline_us, e);
        if (r != 0)
            return r;
    }
}
