// SPDX-License-Identifier: MIT
#include "os/socket.h"

#include <sys/socket.h>

int socket_peer(int fd, uint32_t *uid, uint32_t *gid, struct err *e)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
        return err_errno(e, "cannot tell who connected");
    *uid = peer.uid;
    *gid = peer.gid;
    return 0;
}
