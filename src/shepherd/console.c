// SPDX-License-Identifier: MIT
#include "shepherd/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/socket.h"
#include "shepherd/shepherd.h"
#include "util/cleanup.h"

#define READY_US INT64_C(10000000)

static void close_fd(int *fd)
{
    cleanup_close(fd);
    *fd = -1;
}

static void remove_socket(const struct attempt_spec *spec, const char *name)
{
    _cleanup_buf_ struct buf path = {0};
    buf_printf(&path, "%s/%s", spec->run_dir, name);
    if (!path.failed)
        unlink(path.data);
}

/* --- its ends --------------------------------------------------------------------------------- */

/* ours: the index of our end, which does not wait. */
static int open_pipe(int ends[2], int ours, uid_t owner, struct err *e)
{
    if (pipe(ends) != 0)
        return err_errno(e, "cannot make a pipe");
    for (int i = 0; i < 2; i++)
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) != 0 ||
        (owner != geteuid() && fchown(ends[!ours], owner, (gid_t)-1) != 0)) {
        err_errno(e, "cannot prepare a pipe");
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    return 0;
}

static int open_pipes(struct console *c, uid_t owner, struct err *e)
{
    int ends[2];
    if (open_pipe(ends, 1, owner, e) != 0)
        return -1;
    c->job[0] = ends[0];
    c->in = ends[1];
    int *ours[] = {&c->out, &c->err};
    for (int i = 0; i < 2; i++) {
        if (open_pipe(ends, 0, owner, e) != 0)
            return -1;
        *ours[i] = ends[0];
        c->job[1 + i] = ends[1];
    }
    return 0;
}

static int open_terminal(struct console *c, uid_t owner, struct err *e)
{
    struct pty pty;
    if (pty_open(&pty, owner, e) != 0)
        return -1;
    c->pty = true;
    c->in = c->out = pty.master;
    c->job[0] = c->job[1] = c->job[2] = pty.slave;
    return 0;
}

static int listen_there(struct console *c, const struct attempt_spec *spec, struct err *e)
{
    char name[CONSOLE_NAME_MAX];
    console_name(name, spec->job, spec->attempt);
    c->listener = socket_listen(spec->run_dir, name, e);
    return c->listener < 0 ? -1 : 0;
}

static int open_pass(struct console *c, struct err *e)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, c->pass) != 0)
        return err_errno(e, "cannot make a socket");
    fcntl(c->pass[0], F_SETFD, FD_CLOEXEC);
    fcntl(c->pass[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

int console_open(struct shepherd *s, struct err *e)
{
    const struct attempt_spec *spec = &s->spec;
    if (!spec->pty && !spec->client[0])
        return 0;
    struct console *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    s->console = c;
    c->in = c->out = c->err = c->log = c->listener = -1;
    c->job[0] = c->job[1] = c->job[2] = c->pass[0] = c->pass[1] = c->attendant.fd = -1;
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        c->watchers[i].fd = -1;
    if (spec->stdout_path[0] && open_pass(c, e) != 0)
        return -1;
    if (!spec->pty)
        return open_pipes(c, spec->uid, e);
    return open_terminal(c, spec->uid, e) == 0 ? listen_there(c, spec, e) : -1;
}

int console_take(const struct console *c, int log, struct err *e)
{
    if (log >= 0 && socket_send_fd(c->pass[1], log) != 0)
        return err_errno(e, "cannot hand over standard output");
    if (c->pty && pty_take(c->job[0]) != 0)
        return err_errno(e, "cannot take the terminal");
    for (int i = 0; i < 3; i++)
        if (dup2(c->job[i], i) < 0)
            return err_errno(e, "cannot redirect input and output");
    return 0;
}

static void close_job_ends(struct console *c)
{
    close_fd(&c->job[0]);
    if (!c->pty) {
        close_fd(&c->job[1]);
        close_fd(&c->job[2]);
    }
}

void console_forked(struct console *c)
{
    close_fd(&c->pass[1]);
    if (!c->pty)
        close_job_ends(c);
}

/* --- its attendant ---------------------------------------------------------------------------- */

bool console_is_owner(const struct attempt_spec *spec, int fd)
{
    uint32_t uid, gid;
    return socket_peer(fd, &uid, &gid, NULL) == 0 && (uid == spec->uid || uid == 0);
}

void console_begin(struct shepherd *s)
{
    struct console *c = s->console;
    c->attended = s->spec.client[0];
    if (!c->attended) {
        job_go(s);
        return;
    }
    struct err e = {0};
    c->attendant.fd = socket_connect(s->spec.run_dir, s->spec.client, &e);
    c->ready_by_us = clock_boot_us() + READY_US;
    if (c->attendant.fd >= 0 && console_is_owner(&s->spec, c->attendant.fd))
        return;
    if (e.code == ERR_NOT_FOUND) /* nobody else will remove it */
        remove_socket(&s->spec, s->spec.client);
    console_lose(s);
}

void console_lose(struct shepherd *s)
{
    struct console *c = s->console;
    console_drop(&c->attendant);
    c->gone = true;
    c->ready_by_us = 0;
    if (s->limit.began_us) {
        end_hang_up(s);
    } else {
        end_ask(s, OUTCOME_CANCELLED);
        job_refuse(s);
    }
}

/* --- its end ---------------------------------------------------------------------------------- */

void console_close(struct shepherd *s)
{
    struct console *c = s->console;
    char name[CONSOLE_NAME_MAX];
    if (!c)
        return;
    if (c->listener >= 0) {
        console_name(name, s->spec.job, s->spec.attempt);
        remove_socket(&s->spec, name);
    }
    console_drop(&c->attendant);
    for (int i = 0; i < CONSOLE_WATCHERS; i++)
        console_drop(&c->watchers[i]);
    close_job_ends(c);
    if (c->in != c->out)
        close_fd(&c->in);
    close_fd(&c->out);
    close_fd(&c->err);
    close_fd(&c->pass[0]);
    close_fd(&c->pass[1]);
    close_fd(&c->log);
    close_fd(&c->listener);
    buf_free(&c->recent);
    free(c);
    s->console = NULL;
}
