/* SPDX-License-Identifier: MIT */
/* server.h - the socket: connections, frames in, frames out. */
#pragma once

#include "daemon/daemon.h"

struct conn {
    uv_pipe_t pipe;
    uv_timer_t deadline; /* a client that stalls is let go */
    struct daemon *daemon;
    struct api_caller who;
    struct buf in;
    int handles;  /* pipe and deadline, until they are closed */
    bool busy;    /* its request is being served */
    bool refused; /* it sent what is no request: it gets no more than to know that */
    struct conn *prev, *next;
};

int server_listen(struct daemon *d, struct err *e);
void server_stop(struct daemon *d);
void server_reply(struct conn *c, const struct frame *reply);
