// SPDX-License-Identifier: MIT
#include "os/socket.h"

#include <unistd.h>

int socket_peer(int fd, uint32_t *uid, uint32_t *gid, struct err *e)
{
    uid_t peer_uid;
    gid_t peer_gid;
    if (getpeereid(fd, &peer_uid, &peer_gid) < 0)
        return err_errno(e, "cannot tell who connected");
    *uid = peer_uid;
    *gid = peer_gid;
    return 0;
}
