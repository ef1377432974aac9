// SPDX-License-Identifier: MIT
#include "api/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/wire.h"
#include "os/clock.h"
#include "os/lock.h"
#include "os/process.h"
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
    EARLY,      /* there is no answer yet */
};

int client_open(struct client *c, struct err *e)
{
    *c = (struct client){.fd = -1};
    return paths_find(&c->paths, e);
}

/* Our own server ends with its connection. */
static void hang_up(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->asked = false;
    while (c->local && waitpid(c->local, NULL, 0) < 0 && errno == EINTR)
        ;
    c->local = 0;
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
    request->head = json_pack("{s:i, s:s, s:o}", "v", API_VERSION, "verb", verb, "id", new_id());
    return request->head ? 0 : -1;
}

/* --- connecting ------------------------------------------------------------------------------- */

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

static int start_local(struct client *c, struct err *e)
{
    extern char **environ;
    _cleanup_free_ char *program =
        c->local_program ? strdup(c->local_program) : paths_program("mini-slurm-local", e);
    int ends[2];
    if (!program)
        return c->local_program ? err_nomem(e) : -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return err_errno(e, "socketpair");
    char *argv[] = {program, NULL};
    int fds[] = {ends[1], -1, STDERR_FILENO};
    c->fd = ends[0];
    c->local = process_spawn(argv, environ, fds, sizeof fds / sizeof *fds, e);
    close(ends[1]);
    if (c->local > 0)
        return 0;
    c->local = 0;
    hang_up(c);
    return -1;
}

/* --- one way or the other --------------------------------------------------------------------- */

static int late(const struct client *c, struct err *e)
{
    const char *undone = "what was asked for may yet be done";
    int seconds = (int)(REPLY_TIMEOUT_US / US_PER_SEC);
    if (c->local)
        return err_set(e, ERR_BUSY, "the store of %s was busy for %d s; %s", c->paths.home, seconds,
                       undone);
    return err_set(e, ERR_BUSY, "the scheduler (pid %d) did not answer within %d s; %s",
                   (int)lock_holder(c->paths.lifetime, NULL), seconds, undone);
}

static int lost(struct err *e)
{
    err_set(e, ERR_GONE, "the scheduler went away before it answered");
    return LOST;
}

/* Our own server found a scheduler, and did nothing. */
static bool sent_on(const struct client *c, const struct frame *reply)
{
    return c->local && json_object_get(reply->head, "scheduler_runs");
}

static int failed(const struct client *c, const struct err *why, struct err *e)
{
    return why->code == ERR_BUSY ? late(c, e) : err_set(e, why->code, "%s", why->text);
}

/* Connects, one way or the other, and asks. */
static int pose(struct client *c, const struct frame *request, struct err *e)
{
    struct err why = {0};
    int r = c->fd < 0 ? dial(c, e) : 0;
    if (r == NOBODY)
        r = start_local(c, e);
    if (r != 0)
        return r;
    c->served_here = c->local != 0;
    r = wire_send(c->fd, request, clock_boot_us() + REPLY_TIMEOUT_US, &why);
    if (r < 0)
        return failed(c, &why, e);
    c->asked = true;
    return 0;
}

static int hear(struct client *c, struct frame *reply, struct err *e)
{
    struct err why = {0};
    int r = wire_receive(c->fd, reply, clock_boot_us() + REPLY_TIMEOUT_US, &why);
    if (r == WIRE_ENDED)
        return lost(e);
    if (r < 0)
        return failed(c, &why, e);
    c->asked = false;
    if (!sent_on(c, reply))
        return 0;
    frame_clear(reply);
    return LATER;
}

/* until_us: how long the answer may take; 0: as long as any. */
static int ask(struct client *c, const struct frame *request, int64_t until_us, struct frame *reply,
               struct err *e)
{
    int r = c->asked ? 0 : pose(c, request, e);
    if (r == 0 && until_us && !wire_ready(c->fd, until_us))
        return EARLY;
    if (r == 0)
        r = hear(c, reply, e);
    if (r != 0)
        hang_up(c); /* an answer that comes late is not for the next question */
    return r;
}

static void rest(unsigned times)
{
    long us = times < 8 ? PAUSE_MIN_US << times : PAUSE_MAX_US;
    nanosleep(&(struct timespec){.tv_nsec = (us < PAUSE_MAX_US ? us : PAUSE_MAX_US) * 1000}, NULL);
}

static int call(struct client *c, const struct frame *request, int64_t until_us,
                struct frame *reply, struct err *e)
{
    int64_t began_us = clock_boot_us();
    for (unsigned tries = 0, losses = 0;; tries++) {
        int r = ask(c, request, until_us, reply, e);
        if (r <= 0 || r == EARLY)
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

int client_await(struct client *c, const struct frame *request, int64_t until_us,
                 struct frame *reply, struct err *e)
{
    int r = call(c, request, until_us, reply, e);
    if (r == EARLY)
        return CLIENT_EARLY;
    if (r == 0 && reply_error(reply, e) == 0)
        return 0;
    frame_clear(reply);
    return -1;
}

int client_call(struct client *c, const struct frame *request, struct frame *reply, struct err *e)
{
    if (c->asked)
        hang_up(c);
    return client_await(c, request, 0, reply, e);
}
