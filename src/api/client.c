// SPDX-License-Identifier: MIT
#include "api/client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "api/api.h"
#include "api/local.h"
#include "os/clock.h"
#include "os/lock.h"
#include "util/cleanup.h"
#include "util/text.h"
#include "util/times.h"

#define REPLY_TIMEOUT_US (60 * US_PER_SEC)
#define START_TIMEOUT_US (10 * US_PER_SEC) /* from a scheduler's lock to its socket */
#define LOST_MAX         8                 /* connections lost in one call */
#define PAUSE_MIN_US     1000
#define PAUSE_MAX_US     200000

/* How asking came out, besides 0 and -1. */
enum {
    NOBODY = 1, /* no scheduler listens */
    LOST,       /* the connection ended before the answer */
    LATER,      /* there is one, but it takes no connection yet */
};

int client_open(struct client *c, struct err *e)
{
    *c = (struct client){.fd = -1};
    return paths_find(&c->paths, e);
}

static void hang_up(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void client_close(struct client *c)
{
    hang_up(c);
    paths_free(&c->paths);
}

/* 128 random bits. */
static json_t *new_id(void)
{
    unsigned char bits[16];
    char text[2 * sizeof bits + 1];
    if (getentropy(bits, sizeof bits) < 0)
        return NULL;
    for (size_t i = 0; i < sizeof bits; i++)
        snprintf(text + 2 * i, 3, "%02x", bits[i]);
    return json_string(text);
}

int client_request(struct frame *request, const char *verb)
{
    request->nblobs = 0;
    request->head = json_pack("{s:i, s:s}", "v", API_VERSION, "verb", verb);
    if (request->head &&
        (!api_changes(request) || json_object_set_new(request->head, "id", new_id()) == 0))
        return 0;
    frame_clear(request);
    return -1;
}

/* --- over the socket -------------------------------------------------------------------------- */

/* Waits until the socket is ready. */
static int await(const struct client *c, short events, int64_t deadline_us, struct err *e)
{
    struct pollfd p = {.fd = c->fd, .events = events};
    int64_t left_us = deadline_us - clock_boot_us();
    int n = left_us > 0 ? poll(&p, 1, (int)(left_us / 1000) + 1) : 0;
    if (n > 0 || (n < 0 && errno == EINTR))
        return 0;
    if (n < 0)
        return err_errno(e, "poll");
    return err_set(e, ERR_BUSY,
                   "the scheduler (pid %d) did not answer within %d s; what was asked for may yet "
                   "be done",
                   (int)lock_holder(c->paths.lifetime, NULL), (int)(REPLY_TIMEOUT_US / US_PER_SEC));
}

/* 0, NOBODY, LATER if its queue of connections is full, -1. */
static int dial(struct client *c, struct err *e)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (!text_copy(to.sun_path, sizeof to.sun_path, c->paths.socket))
        return err_set(e, ERR_INVALID, "%s: too long for a socket's path", c->paths.socket);
    _cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_errno(e, "socket");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        c->fd = steal_fd(&fd);
        return 0;
    }
    if (errno == ENOENT || errno == ECONNREFUSED)
        return NOBODY;
    if (errno == EAGAIN || errno == EINTR)
        return LATER;
    return err_errno(e, "%s", c->paths.socket);
}

static int lost(struct err *e)
{
    err_set(e, ERR_GONE, "the scheduler went away before it answered");
    return LOST;
}

/* Whoever does not read on to the end may still have answered: a broken pipe is left to receive().
 */
static int transmit(const struct client *c, const struct buf *out, int64_t deadline_us,
                    struct err *e)
{
    size_t sent = 0;
    while (sent < out->len) {
        ssize_t n = send(c->fd, out->data + sent, out->len - sent, MSG_NOSIGNAL);
        if (n >= 0)
            sent += (size_t)n;
        else if (errno == EPIPE || errno == ECONNRESET)
            return 0;
        else if (errno != EAGAIN && errno != EINTR)
            return err_errno(e, "sending to the scheduler");
        else if (await(c, POLLOUT, deadline_us, e) < 0)
            return -1;
    }
    return 0;
}

/* Reads on: 0, LOST, or -1. */
static int read_more(const struct client *c, struct buf *in, size_t want, int64_t deadline_us,
                     struct err *e)
{
    char *to = buf_reserve(in, want);
    if (!to)
        return err_nomem(e);
    ssize_t n = recv(c->fd, to, want, 0);
    if (n > 0) {
        in->len += (size_t)n;
        return 0;
    }
    if (n == 0 || errno == ECONNRESET)
        return lost(e);
    if (errno != EAGAIN && errno != EINTR)
        return err_errno(e, "receiving from the scheduler");
    return await(c, POLLIN, deadline_us, e);
}

static int receive(const struct client *c, struct frame *reply, int64_t deadline_us, struct err *e)
{
    _cleanup_buf_ struct buf in = {0};
    for (;;) {
        size_t total = 0;
        int known = frame_size(in.data, in.len, &total, e);
        if (known > 0 && in.len >= total)
            return frame_decode(in.data, in.len, reply, e);
        int r = known < 0 ? -1 : read_more(c, &in, known ? total - in.len : 4096, deadline_us, e);
        if (r != 0)
            return r;
    }
}

static int ask(struct client *c, const struct frame *request, struct frame *reply, struct err *e)
{
    _cleanup_buf_ struct buf out = {0};
    int64_t deadline_us = clock_boot_us() + REPLY_TIMEOUT_US;
    int r = c->fd < 0 ? dial(c, e) : 0;
    if (r == 0)
        r = frame_encode(request, &out, e);
    if (r == 0)
        r = transmit(c, &out, deadline_us, e);
    if (r == 0)
        r = receive(c, reply, deadline_us, e);
    if (r != 0)
        hang_up(c); /* an answer that comes late is not for the next question */
    return r;
}

/* --- one way or the other --------------------------------------------------------------------- */

static void rest(unsigned times)
{
    long us = times < 8 ? PAUSE_MIN_US << times : PAUSE_MAX_US;
    nanosleep(&(struct timespec){.tv_nsec = (us < PAUSE_MAX_US ? us : PAUSE_MAX_US) * 1000}, NULL);
}

static int ask_somebody(struct client *c, const struct frame *request, struct frame *reply,
                        struct err *e)
{
    pid_t scheduler;
    int r = ask(c, request, reply, e);
    c->served_here = r == NOBODY;
    if (r != NOBODY)
        return r;
    r = local_call(&c->paths, request, reply, &scheduler, e);
    return r == 1 ? LATER : r;
}

static int call(struct client *c, const struct frame *request, struct frame *reply, struct err *e)
{
    int64_t began_us = clock_boot_us();
    for (unsigned tries = 0, losses = 0;; tries++) {
        int r = ask_somebody(c, request, reply, e);
        if (r <= 0)
            return r;
        if (r == LOST && ++losses == LOST_MAX)
            return err_wrap(e, "asked %d times", LOST_MAX);
        if (r == LATER && clock_boot_us() - began_us > START_TIMEOUT_US)
            return err_set(e, ERR_BUSY,
                           "a scheduler runs (pid %d), but takes no connections at %s; if it stays "
                           "so, end it: its jobs run on",
                           (int)lock_holder(c->paths.lifetime, NULL), c->paths.socket);
        rest(tries);
    }
}

static int reply_error(const struct frame *reply, struct err *e)
{
    const json_t *why = json_object_get(reply->head, "error");
    const char *text = json_string_value(json_object_get(why, "text"));
    json_int_t code = json_integer_value(json_object_get(why, "code"));
    if (why)
        return err_set(e, code > ERR_NONE && code <= ERR_GONE ? (int)code : ERR_SYSTEM, "%s",
                       text ? text : "the scheduler refused, and did not say why");
    json_int_t version = json_integer_value(json_object_get(reply->head, "v"));
    if (version != API_VERSION)
        return err_set(e, ERR_INVALID,
                       "the scheduler answers in version %" JSON_INTEGER_FORMAT
                       ", but mini-slurm " MINI_SLURM_VERSION
                       " speaks version %d: use the same mini-slurm on both sides",
                       version, API_VERSION);
    if (!json_is_true(json_object_get(reply->head, "ok")))
        return err_set(e, ERR_INVALID, "the scheduler's answer is none");
    return 0;
}

int client_call(struct client *c, const struct frame *request, struct frame *reply, struct err *e)
{
    if (call(c, request, reply, e) == 0 && reply_error(reply, e) == 0)
        return 0;
    frame_clear(reply);
    return -1;
}
