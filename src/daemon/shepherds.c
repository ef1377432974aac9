// SPDX-License-Identifier: MIT
#include "daemon/shepherds.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utlist.h>

#include "attempt/spec.h"
#include "daemon/runs.h"
#include "os/file.h"
#include "os/process.h"
#include "util/cleanup.h"
#include "util/log.h"

/* What may be ready at one time; more end. */
#define IDLE_MAX 4

/* --- an end ----------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
    struct shepherd_process *s = handle->data;
    close(s->channel);
    close(s->spec_fd);
    free(s);
}

static void forget(struct shepherd_process *s)
{
    if (s->run || s->dismissed)
        DL_DELETE(s->daemon->busy, s);
    else
        DL_DELETE(s->daemon->idle, s);
    uv_close((uv_handle_t *)&s->poll, on_closed);
}

/* Each has groups of its own, for one attempt after the other. Who finds some can tell by their
 * name whether anybody has them. */
static void name_group(struct shepherd_process *s)
{
    snprintf(s->group, sizeof s->group, "%s.s%d.%" PRId64, s->daemon->paths.instance, (int)s->pid,
             process_start(s->pid));
}

bool shepherds_is_stray(const struct daemon *d, const char *group)
{
    int pid, end = 0;
    int64_t start;
    size_t len = strlen(d->paths.instance);
    if (strncmp(group, d->paths.instance, len) != 0 ||
        sscanf(group + len, ".s%d.%" SCNd64 "%n", &pid, &start, &end) < 2 || group[len + end])
        return false;
    return !process_lives(pid, start);
}

/* Ends whatever it may have left there; nothing, if it could end as it should. */
static void clear_group(const struct shepherd_process *s)
{
    struct err e = {0};
    if (machine_clear_group(&s->daemon->machine, s->group, &e) < 0)
        log_warn("shepherd %d: %s", (int)s->pid, e.text);
}

static void give_up_run(struct shepherd_process *s)
{
    if (s->run)
        runs_over(s->run);
    s->run = NULL;
}

static void on_gone(struct shepherd_process *s)
{
    waitpid(s->pid, NULL, 0);
    clear_group(s);
    forget(s);
    give_up_run(s);
}

static void on_over(struct shepherd_process *s)
{
    DL_DELETE(s->daemon->busy, s);
    DL_PREPEND(s->daemon->idle, s); /* its groups are as the next job needs them, most likely */
    give_up_run(s);
}

static void on_channel(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct shepherd_process *s = poll->data;
    char word;
    ssize_t n = recv(s->channel, &word, 1, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        on_gone(s);
    else if (word == SAY_OVER && s->run)
        on_over(s);
}

/* --- a start ---------------------------------------------------------------------------------- */

static int spawn(struct shepherd_process *s, int theirs, struct err *e)
{
    extern char **environ;
    char title[] = SPEC_TITLE_ROOM;
    struct daemon *d = s->daemon;
    char *argv[] = {d->shepherd, title, NULL};
    int fds[] = {-1, d->log_fd, d->log_fd, [SPEC_FD] = s->spec_fd, [CHANNEL_FD] = theirs};
    s->pid = process_spawn(argv, environ, fds, sizeof fds / sizeof *fds, e);
    if (s->pid < 0)
        return -1;
    name_group(s);
    return 0;
}

static int watch(struct shepherd_process *s, struct err *e)
{
    int rc = uv_poll_init(&s->daemon->loop, &s->poll, s->channel);
    if (rc == 0)
        rc = uv_poll_start(&s->poll, UV_READABLE, on_channel);
    s->poll.data = s;
    return rc < 0 ? err_set(e, ERR_SYSTEM, "cannot watch a shepherd: %s", uv_strerror(rc)) : 0;
}

static struct shepherd_process *start(struct daemon *d, struct err *e)
{
    _cleanup_close_ int spec = file_anonymous(d->paths.run), ours = -1, theirs = -1;
    _cleanup_free_ struct shepherd_process *s = calloc(1, sizeof *s);
    int pair[2];
    if (!s || spec < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        err_errno(e, "cannot start a shepherd");
        return NULL;
    }
    ours = pair[0];
    theirs = pair[1];
    *s = (struct shepherd_process){.daemon = d, .spec_fd = spec, .channel = ours};
    if (spawn(s, theirs, e) < 0)
        return NULL;
    if (watch(s, e) < 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
        return NULL;
    }
    steal_fd(&spec);
    steal_fd(&ours);
    DL_APPEND(d->idle, s);
    return steal(s);
}

struct shepherd_process *shepherds_take(struct daemon *d, struct run *r, struct err *e)
{
    struct shepherd_process *s = d->idle ? d->idle : start(d, e);
    if (!s)
        return NULL;
    DL_DELETE(d->idle, s);
    DL_APPEND(d->busy, s);
    s->run = r;
    return s;
}

int shepherds_say(const struct shepherd_process *s, char word)
{
    return send(s->channel, &word, 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

void shepherds_dismiss(struct shepherd_process *s)
{
    if (!s->run) {
        DL_DELETE(s->daemon->idle, s);
        DL_APPEND(s->daemon->busy, s);
    }
    s->run = NULL;
    s->dismissed = true;
    shutdown(s->channel, SHUT_WR);
}

void shepherds_keep_ready(struct daemon *d)
{
    struct shepherd_process *s, *next;
    int count = 0;
    DL_FOREACH_SAFE (d->idle, s, next)
        if (++count > IDLE_MAX)
            shepherds_dismiss(s);
    if (count == 0)
        start(d, NULL); /* if not now, then when it is needed */
}

void shepherds_stop(struct daemon *d)
{
    struct shepherd_process *s, *next;
    DL_FOREACH_SAFE (d->idle, s, next) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
        clear_group(s);
        forget(s);
    }
    DL_FOREACH_SAFE (d->busy, s, next)
        forget(s);
}
