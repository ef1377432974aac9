// SPDX-License-Identifier: MIT
/* What passes between the job and those in front of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/socket.h"
#include "shepherd/console.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"
#include "util/log.h"
#include "util/text.h"

#define ROOM         ((size_t)64 * 1024)  /* above it, the job waits for the attendant */
#define WATCHER_ROOM ((size_t)256 * 1024) /* above it, a watcher misses something */
#define RECENT       ((size_t)64 * 1024)  /* so much is shown to who attaches */

/* Where they stand among the descriptors. */
enum { FD_OUT, FD_ERR, FD_IN, FD_LISTENER, FD_ATTENDANT, FD_WATCHERS };
_Static_assert(FD_WATCHERS + CONSOLE_WATCHERS == CONSOLE_FDS, "one for each");

static const char missed[] = "\r\n[mini-slurm: output was left out here]\r\n";

void console_drop(struct console_client *client)
{
    cleanup_close(&client->fd);
    buf_free(&client->in);
    buf_free(&client->out);
    buf_free(&client->input);
    *client = (struct console_client){.fd = -1};
}

/* --- output ----------------------------------------------------------------------------------- */

void console_catch_up(struct console_client *w)
{
    if (w->lagging)
        console_put(&w->out, CONSOLE_OUT, missed, sizeof missed - 1);
    w->lagging = false;
}

static void show(struct console_client *w, const char *bytes, size_t len)
{
    if (w->fd < 0 || !w->ready)
        return;
    if (w->out.len + len > WATCHER_ROOM) {
        w->lagging = true;
        return;
    }
    console_catch_up(w);
    console_put(&w->out, CONSOLE_OUT, bytes, len);
}

/* The child handed it over before it became the job, and so before anything was written. */
static void open_log(struct console *c)
{
    if (c->pass[0] < 0)
        return;
    c->log = socket_receive_fd(c->pass[0]);
    close(c->pass[0]);
    c->pass[0] = -1;
    /* It may be a FIFO: what its reader does not take is lost, as for any watcher. */
    if (c->log < 0 || fcntl(c->log, F_SETFL, O_APPEND | O_NONBLOCK) != 0)
        log_warn("the output of a terminal goes to no file: %s", strerror(errno));
}

static void log_output(struct console *c, const char *bytes, size_t len)
{
    open_log(c);
    while (c->log >= 0 && len > 0) {
        ssize_t n = write(c->log, bytes, len);
        if (n <= 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

static void remember(struct console *c, const char *bytes, size_t len)
{
    buf_add(&c->recent, bytes, len);
    if (c->recent.failed)
        buf_free(&c->recent);
    else if (c->recent.len > 2 * RECENT)
        buf_drop(&c->recent, c->recent.len - RECENT);
}

static void give(struct console *c, enum console_word word, const char *bytes, size_t len)
{
    if (c->attendant.fd >= 0)
        console_put(&c->attendant.out, word, bytes, len);
    if (!c->pty)
        return;
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        show(&c->watchers[i], bytes, len);
    log_output(c, bytes, len);
    remember(c, bytes, len);
}

static bool has_room(const struct console *c)
{
    return c->attendant.out.len < ROOM;
}

/* False if there is nothing now, or never again. */
static bool pour(struct console *c, int *fd, enum console_word word)
{
    char bytes[CONSOLE_DATA_MAX];
    if (*fd < 0 || !has_room(c))
        return false;
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n > 0)
        give(c, word, bytes, (size_t)n);
    if (n == 0 && !c->pty) {
        close(*fd);
        *fd = -1;
    }
    return n > 0;
}

bool console_pour(struct console *c)
{
    bool out = pour(c, &c->out, CONSOLE_OUT);
    return pour(c, &c->err, CONSOLE_ERR) || out;
}

/* False if he is gone, or can't be given what he should get. */
static bool flush(struct console_client *client)
{
    while (client->out.len) {
        ssize_t n = send(client->fd, client->out.data, client->out.len, MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        buf_drop(&client->out, (size_t)n);
    }
    return !client->out.failed && !client->in.failed && !client->input.failed;
}

void console_flush(struct console *c)
{
    if (c->attendant.fd >= 0 && !flush(&c->attendant))
        console_drop(&c->attendant);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        if (c->watchers[i].fd >= 0 && !flush(&c->watchers[i]))
            console_drop(&c->watchers[i]);
}

/* --- input ------------------------------------------------------------------------------------ */

/* Nobody reads it any more: it is not said to be taken, so that no more comes. */
static void close_input(struct console *c)
{
    if (!c->pty)
        cleanup_close(&c->in);
    c->in = -1;
}

static void feed(struct console *c, struct console_client *client)
{
    if (!c->runs || c->in < 0 || client->fd < 0)
        return;
    if (client->input.len) {
        ssize_t n = write(c->in, client->input.data, client->input.len);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            close_input(c);
        if (n <= 0)
            return;
        buf_drop(&client->input, (size_t)n);
        console_put_number(&client->out, CONSOLE_TAKEN, (uint32_t)n);
    }
    if (client->ended && !client->input.len && !c->pty)
        close_input(c);
}

static void feed_all(struct console *c)
{
    feed(c, &c->attendant);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        feed(c, &c->watchers[i]);
}

static bool has_input(const struct console *c)
{
    size_t len = c->attendant.input.len;
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        len += c->watchers[i].input.len;
    return len > 0;
}

/* --- what clients say ------------------------------------------------------------------------- */

static int refuse(struct console_client *client, const char *why)
{
    struct attempt_status status = {.outcome = OUTCOME_NOT_STARTED};
    text_copy(status.reason, sizeof status.reason, why);
    console_put_exit(&client->out, &status);
    flush(client);
    return -1;
}

static void show_recent(struct console *c, struct console_client *w)
{
    size_t len = c->recent.len < RECENT ? c->recent.len : RECENT;
    const char *from = c->recent.data + c->recent.len - len;
    /* What was cut begins with a line: it may have been cut inside of an escape sequence. */
    const char *line = len == RECENT ? memchr(from, '\n', len) : NULL;
    if (line) {
        len -= (size_t)(line + 1 - from);
        from = line + 1;
    }
    if (len)
        console_put(&w->out, CONSOLE_OUT, from, len);
}

static int get_ready(struct shepherd *s, struct console_client *client,
                     const struct console_frame *f)
{
    struct console *c = s->console;
    struct terminal_size size;
    if (client->ready || console_get_size(f, &size) != 0)
        return refuse(client, "its shepherd is of another version of mini-slurm");
    client->ready = true;
    if (client != &c->attendant) {
        show_recent(c, client);
        pty_redraw(c->out, &size);
        return 0;
    }
    if (c->pty)
        pty_resize(c->out, &size);
    c->ready_by_us = 0;
    job_go(s);
    return 0;
}

static int resize(struct console *c, const struct console_frame *f)
{
    struct terminal_size size;
    if (console_get_size(f, &size) != 0)
        return -1;
    if (c->pty)
        pty_resize(c->out, &size);
    return 0;
}

static int take_input(struct console_client *client, const struct console_frame *f)
{
    buf_add(&client->input, f->bytes, f->len);
    return client->input.len <= CONSOLE_WINDOW ? 0 : -1;
}

/* At a terminal the end of the input is a character that is typed. */
static int end_input(struct console *c, struct console_client *client)
{
    int end = c->pty ? pty_end_of_file(c->out) : -1;
    if (end >= 0)
        buf_add(&client->input, &(char){(char)end}, 1);
    client->ended = true;
    return 0;
}

/* As a terminal would do it: to the job's first process and those who have stayed in its group. */
static int signal_job(struct shepherd *s, const struct console_frame *f)
{
    uint32_t number;
    if (console_get_number(f, &number) != 0 || number == 0 || number >= NSIG)
        return -1;
    if (s->limit.began_us && !s->leader_ended && kill(-s->leader, (int)number) != 0)
        kill(s->leader, (int)number); /* it is so new that it has no group yet */
    return 0;
}

/* Who writes there gets SIGPIPE. */
static int shut(struct console *c, const struct console_frame *f)
{
    uint32_t word;
    if (console_get_number(f, &word) != 0 || c->pty)
        return -1;
    int *fd = word == CONSOLE_ERR ? &c->err : &c->out;
    cleanup_close(fd);
    *fd = -1;
    return 0;
}

/* -1: he is to be let go. */
static int obey(struct shepherd *s, struct console_client *client, const struct console_frame *f)
{
    struct console *c = s->console;
    if (f->word == CONSOLE_READY)
        return get_ready(s, client, f);
    if (!client->ready)
        return -1;
    switch (f->word) {
    case CONSOLE_SIZE:
        return resize(c, f);
    case CONSOLE_IN:
        return take_input(client, f);
    case CONSOLE_END:
        return end_input(c, client);
    case CONSOLE_SIGNAL:
        return signal_job(s, f);
    case CONSOLE_SHUT:
        return shut(c, f);
    default:
        return -1;
    }
}

/* False if he is gone, or talks nonsense. */
static bool hear(struct shepherd *s, struct console_client *client)
{
    struct console_frame f;
    size_t at = 0;
    int r;
    char *to = buf_reserve(&client->in, CONSOLE_DATA_MAX);
    ssize_t n = to ? recv(client->fd, to, CONSOLE_DATA_MAX, 0) : -1;
    if (n < 0 && to && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0)
        return false;
    client->in.len += (size_t)n;
    while ((r = console_next(&client->in, &at, &f)) > 0)
        if (obey(s, client, &f) != 0)
            return false;
    buf_drop(&client->in, at);
    return r == 0;
}

static void admit(struct shepherd *s)
{
    struct console *c = s->console;
    struct console_client newcomer = {.fd = socket_accept(c->listener)};
    if (newcomer.fd >= 0 && !console_is_owner(&s->spec, newcomer.fd)) {
        console_drop(&newcomer);
        return;
    }
    for (int i = 0; newcomer.fd >= 0 && i < CONSOLE_WATCHERS; i++)
        if (c->watchers[i].fd < 0) {
            c->watchers[i].fd = newcomer.fd;
            return;
        }
    if (newcomer.fd >= 0)
        refuse(&newcomer, "as many as can be are attached to it already");
    console_drop(&newcomer);
}

/* --- the loop --------------------------------------------------------------------------------- */

static struct pollfd of_client(const struct console_client *client)
{
    short events = client->out.len ? POLLIN | POLLOUT : POLLIN;
    return (struct pollfd){.fd = client->fd, .events = events};
}

int console_poll(const struct console *c, struct pollfd fds[CONSOLE_FDS])
{
    bool room = has_room(c);
    fds[FD_OUT] = (struct pollfd){.fd = room ? c->out : -1, .events = POLLIN};
    fds[FD_ERR] = (struct pollfd){.fd = room ? c->err : -1, .events = POLLIN};
    fds[FD_IN] = (struct pollfd){.fd = c->runs && has_input(c) ? c->in : -1, .events = POLLOUT};
    fds[FD_LISTENER] = (struct pollfd){.fd = c->listener, .events = POLLIN};
    fds[FD_ATTENDANT] = of_client(&c->attendant);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        fds[FD_WATCHERS + i] = of_client(&c->watchers[i]);
    return CONSOLE_FDS;
}

static void hear_client(struct shepherd *s, struct console_client *client, const struct pollfd *fd)
{
    if (fd->revents & ~POLLOUT && !hear(s, client))
        console_drop(client);
}

void console_turn(struct shepherd *s, const struct pollfd fds[CONSOLE_FDS])
{
    struct console *c = s->console;
    c->runs = s->limit.began_us && s->job < 0;
    hear_client(s, &c->attendant, &fds[FD_ATTENDANT]);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        hear_client(s, &c->watchers[i], &fds[FD_WATCHERS + i]);
    if (fds[FD_LISTENER].revents)
        admit(s);
    feed_all(c);
    if (fds[FD_OUT].revents || fds[FD_ERR].revents)
        console_pour(c);
    console_flush(c);
    if (c->attended && !c->gone && c->attendant.fd < 0)
        console_lose(s);
}
