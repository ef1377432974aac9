// SPDX-License-Identifier: MIT
#include "daemon/server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "daemon/requests.h"
#include "os/socket.h"
#include "util/log.h"

#define BACKLOG     1024
#define DEADLINE_MS 30000 /* for a whole request, and for a reply to be taken */

struct reply {
    uv_write_t write;
    struct conn *conn;
    char *bytes;
};

static void on_handle_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    if (--c->handles)
        return;
    buf_free(&c->in);
    free(c);
}

static void conn_close(struct conn *c)
{
    if (uv_is_closing((uv_handle_t *)&c->pipe))
        return;
    requests_forget(c->daemon, c);
    DL_DELETE(c->daemon->conns, c);
    /* Both now: daemon_stop() closes whatever is not closing yet. */
    uv_close((uv_handle_t *)&c->pipe, on_handle_closed);
    uv_close((uv_handle_t *)&c->deadline, on_handle_closed);
}

static void on_deadline(uv_timer_t *timer)
{
    conn_close(timer->data);
}

static void extend_deadline(struct conn *c)
{
    uv_timer_start(&c->deadline, on_deadline, DEADLINE_MS, 0);
}

static void take_request(struct conn *c);

static void on_written(uv_write_t *write, int status)
{
    struct reply *r = write->data;
    struct conn *c = r->conn;
    free(r->bytes);
    free(r);
    if (uv_is_closing((uv_handle_t *)&c->pipe))
        return;
    if (status < 0 || c->refused) {
        conn_close(c);
        return;
    }
    c->busy = false;
    extend_deadline(c);
    take_request(c);
}

static int send_bytes(struct conn *c, char *bytes, size_t len)
{
    struct reply *r = calloc(1, sizeof *r);
    if (!r)
        return -1;
    uv_buf_t buf = uv_buf_init(bytes, (unsigned)len);
    r->conn = c;
    r->bytes = bytes;
    r->write.data = r;
    if (uv_write(&r->write, (uv_stream_t *)&c->pipe, &buf, 1, on_written) == 0)
        return 0;
    free(r);
    return -1;
}

void server_reply(struct conn *c, const struct frame *reply)
{
    struct buf out = {0};
    struct err e = {0};
    size_t len = 0;
    char *bytes = frame_encode(reply, &out, &e) < 0 ? NULL : buf_steal(&out, &len);
    buf_free(&out);
    if (bytes && send_bytes(c, bytes, len) == 0) {
        extend_deadline(c);
        return;
    }
    free(bytes);
    conn_close(c);
}

/* Bytes that are no request get an error for an answer, and that is the end. */
static void refuse(struct conn *c, const struct err *why)
{
    __attribute__((cleanup(frame_clear))) struct frame reply = {0};
    buf_free(&c->in);
    uv_read_stop((uv_stream_t *)&c->pipe);
    c->busy = c->refused = true;
    api_reply_error(&reply, why);
    server_reply(c, &reply);
}

/* If a whole request has come, it goes to this turn's requests. */
static void take_request(struct conn *c)
{
    struct err e = {0};
    struct frame request = {0};
    size_t total;
    if (c->busy || !c->in.len)
        return;
    int rc = frame_size(c->in.data, c->in.len, &total, &e);
    if (rc == 0 || (rc == 1 && c->in.len < total))
        return;
    if (rc < 0 || frame_decode(c->in.data, total, &request, &e) < 0) {
        refuse(c, &e);
        return;
    }
    buf_drop(&c->in, total);
    c->busy = true;
    uv_timer_stop(&c->deadline);
    if (requests_add(c->daemon, c, &request) < 0) {
        frame_clear(&request);
        conn_close(c);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct conn *c = handle->data;
    char *room = buf_reserve(&c->in, suggested);
    *buf = uv_buf_init(room, room ? (unsigned)suggested : 0);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    (void)buf;
    if (n < 0) {
        conn_close(c);
        return;
    }
    c->in.len += (size_t)n;
    if (c->busy && c->in.len > FRAME_MAX)
        conn_close(c); /* it asks on and on, without waiting for an answer */
    else
        take_request(c);
}

static int conn_open(struct conn *c, struct err *e)
{
    uv_os_fd_t fd;
    if (uv_accept((uv_stream_t *)&c->daemon->listener, (uv_stream_t *)&c->pipe) < 0 ||
        uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0)
        return err_set(e, ERR_SYSTEM, "cannot accept a connection");
    if (socket_peer(fd, &c->who.uid, &c->who.gid, e) < 0)
        return -1;
    if (uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) < 0)
        return err_set(e, ERR_SYSTEM, "cannot read from a connection");
    extend_deadline(c);
    return 0;
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct daemon *d = listener->data;
    struct err e = {0};
    if (status < 0) {
        log_warn("cannot accept connections: %s", uv_strerror(status));
        return;
    }
    struct conn *c = calloc(1, sizeof *c);
    if (!c) {
        log_warn("out of memory: a connection is not served");
        return;
    }
    c->daemon = d;
    uv_pipe_init(&d->loop, &c->pipe, 0);
    uv_timer_init(&d->loop, &c->deadline);
    c->pipe.data = c->deadline.data = c;
    c->handles = 2;
    DL_APPEND(d->conns, c);
    if (conn_open(c, &e) < 0) {
        log_warn("%s", e.text);
        conn_close(c);
    }
}

int server_listen(struct daemon *d, struct err *e)
{
    uv_pipe_init(&d->loop, &d->listener, 0);
    d->listener.data = d;
    unlink(d->paths.socket); /* left by a scheduler that was killed: we hold the lifetime lock */
    mode_t was = umask(0177);
    int rc = uv_pipe_bind(&d->listener, d->paths.socket);
    umask(was);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&d->listener, BACKLOG, on_connection);
    if (rc < 0)
        return err_set(e, ERR_SYSTEM, "cannot listen on %s: %s", d->paths.socket, uv_strerror(rc));
    return 0;
}

void server_stop(struct daemon *d)
{
    struct conn *c, *next;
    uv_close((uv_handle_t *)&d->listener, NULL); /* also removes the socket's file */
    DL_FOREACH_SAFE (d->conns, c, next)
        conn_close(c);
}
