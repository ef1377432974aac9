// SPDX-License-Identifier: MIT
#include "os/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/text.h"

#define BACKLOG 16

static int prepare(int fd)
{
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : -1;
}

/* --- by a directory and a name ---------------------------------------------------------------- */

typedef int (*address_call)(int fd, const struct sockaddr *address, socklen_t len);

/* Where we came from may be closed to us: then we stay there. */
static int call_there(const char *dir, int fd, address_call call, const struct sockaddr_un *address)
{
    _cleanup_close_ int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (chdir(dir) != 0)
        return -1;
    int r = call(fd, (const struct sockaddr *)address, sizeof *address);
    int error = errno;
    if (here >= 0 && fchdir(here) != 0)
        return -1;
    errno = error;
    return r;
}

static int bind_anew(int fd, const struct sockaddr *address, socklen_t len)
{
    unlink(((const struct sockaddr_un *)(const void *)address)->sun_path);
    mode_t was = umask(0177);
    int r = bind(fd, address, len);
    umask(was);
    return r;
}

static int open_at(const char *dir, const char *name, address_call call, struct err *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!text_copy(address.sun_path, sizeof address.sun_path, name))
        return err_set(e, ERR_INVALID, "%s: too long for a socket's name", name);
    _cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || prepare(fd) != 0)
        return err_errno(e, "cannot make a socket");
    if (call_there(dir, fd, call, &address) == 0)
        return steal_fd(&fd);
    if (errno == ENOENT || errno == ECONNREFUSED)
        return err_set(e, ERR_NOT_FOUND, "nobody listens at %s/%s", dir, name);
    return err_errno(e, "%s/%s", dir, name);
}

int socket_listen(const char *dir, const char *name, struct err *e)
{
    _cleanup_close_ int fd = open_at(dir, name, bind_anew, e);
    if (fd < 0)
        return -1;
    if (listen(fd, BACKLOG) != 0)
        return err_errno(e, "cannot listen at %s/%s", dir, name);
    return steal_fd(&fd);
}

int socket_connect(const char *dir, const char *name, struct err *e)
{
    return open_at(dir, name, connect, e);
}

int socket_accept(int listener)
{
    _cleanup_close_ int fd = accept(listener, NULL, NULL);
    return fd >= 0 && prepare(fd) == 0 ? steal_fd(&fd) : -1;
}

/* --- descriptors ------------------------------------------------------------------------------ */

/* Room for one descriptor, aligned as the kernel wants it. */
union passing {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *byte, union passing *p)
{
    return (struct msghdr){
        .msg_iov = byte, .msg_iovlen = 1, .msg_control = p->room, .msg_controllen = sizeof p->room};
}

int socket_send_fd(int socket, int fd)
{
    union passing p = {0};
    struct iovec byte = {.iov_base = &(char){0}, .iov_len = 1};
    struct msghdr m = message(&byte, &p);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    return sendmsg(socket, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 ? 0 : -1;
}

int socket_receive_fd(int socket)
{
    char at;
    int fd;
    union passing p = {0};
    struct iovec byte = {.iov_base = &at, .iov_len = 1};
    struct msghdr m = message(&byte, &p);
    if (recvmsg(socket, &m, MSG_DONTWAIT) < 0)
        return -1;
    const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    errno = ENOMSG;
    if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof fd))
        return -1;
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}
