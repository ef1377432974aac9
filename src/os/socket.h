/* SPDX-License-Identifier: MIT */
/* socket.h - local stream sockets.
 *
 * A socket's address holds 107 bytes of a path. Where one is given by its directory and a name in
 * it, the calling process goes there for a moment, so that only the name has to fit: for processes
 * of one thread. All sockets are close-on-exec and non-blocking. */
#pragma once

#include <stdint.h>

#include "util/err.h"

/* The user and group that connected: SO_PEERCRED, getpeereid(3) elsewhere. 0, or -1 with *e. */
int socket_peer(int fd, uint32_t *uid, uint32_t *gid, struct err *e);

/* Makes it, for this user alone (0600), instead of what may be there. */
int socket_listen(const char *dir, const char *name, struct err *e);
/* ERR_NOT_FOUND if nobody listens there. */
int socket_connect(const char *dir, const char *name, struct err *e);
/* One who has connected; -1 with errno if there is none. */
int socket_accept(int listener);

/* A descriptor for the process at the other end, which does not wait for it. 0, or -1 with errno.
 */
int socket_send_fd(int socket, int fd);
/* One that was sent, close-on-exec; -1 with errno if none has come. */
int socket_receive_fd(int socket);
