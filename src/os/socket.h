/* SPDX-License-Identifier: MIT */
/* socket.h - who is at the other end of a local socket, as the kernel knows it. */
#pragma once

#include <stdint.h>

#include "util/err.h"

/* The user and group that connected: SO_PEERCRED, getpeereid(3) elsewhere. 0, or -1 with *e. */
int socket_peer(int fd, uint32_t *uid, uint32_t *gid, struct err *e);
