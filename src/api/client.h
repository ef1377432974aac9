/* SPDX-License-Identifier: MIT */
/* client.h - asking: the scheduler, over its socket, or, where none runs, a server of our own.
 *
 * client_call() tries the socket; if nobody answers there it starts mini-slurm-local, which takes
 * the store's short lock, looks for a scheduler once more, and serves the same request. So the
 * client itself carries no database. A connection lost before the answer is tried again with the
 * same request id, so that it can't be done twice. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "api/frame.h"
#include "os/paths.h"
#include "util/err.h"

struct client {
    struct paths paths;
    const char *local_program; /* NULL: mini-slurm-local, where it is installed */
    bool served_here;          /* the last call was served without a scheduler */
    bool asked;                /* client_await()'s question is on its way */
    int fd;                    /* the connection, kept open from call to call; -1 */
    pid_t local;               /* our own server, at the other end; 0: a scheduler */
};

int client_open(struct client *c, struct err *e);
void client_close(struct client *c);
/* A new request: "v", "verb", and a fresh "id". NULL if no memory. */
int client_request(struct frame *request, const char *verb);
/* 0: *reply (empty before) holds a reply that is no error. -1: *e holds what went wrong, the
 * server's error included. A question of client_await() that is on its way is given up. */
int client_call(struct client *c, const struct frame *request, struct frame *reply, struct err *e);
/* The same for a question that may be answered late: CLIENT_EARLY if there is no answer at until_us
 * (boot clock; WIRE_FOREVER), or a signal came. Then ask it again: it is still the same question.
 */
int client_await(struct client *c, const struct frame *request, int64_t until_us,
                 struct frame *reply, struct err *e);
enum { CLIENT_EARLY = 1 };
