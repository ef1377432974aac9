// SPDX-License-Identifier: MIT
/* Sockets by a directory and a name, however long the directory's path is; and what goes over. */
#include "os/socket.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "util/buf.h"

static char root[] = "/tmp/mini-slurm-test-XXXXXX";

/* A directory whose path does not fit into a socket's address. */
static void make_deep(struct buf *dir)
{
    buf_puts(dir, root);
    for (int i = 0; i < 20; i++) {
        buf_puts(dir, "/a rather long name");
        if (dir->failed || mkdir(dir->data, 0700) != 0) {
            printf("Bail out! mkdir\n");
            exit(1);
        }
    }
}

static void remove_deep(struct buf *dir)
{
    while (rmdir(dir->data) == 0 && strcmp(dir->data, root) != 0)
        *strrchr(dir->data, '/') = '\0';
}

static void test_connect(const char *dir)
{
    struct err e = {0};
    struct stat st;
    char before[PATH_MAX], after[PATH_MAX], path[PATH_MAX];
    uint32_t uid = 0, gid;
    snprintf(path, sizeof path, "%s/s", dir);
    ok(getcwd(before, sizeof before) != NULL, "(here)");

    is_int(socket_connect(dir, "s", &e), -1, "nobody listens at first");
    is_int(e.code, ERR_NOT_FOUND, "and that is said");
    int listener = socket_listen(dir, "s", &e);
    ok(listener >= 0, "a socket where the path is too long for one");
    is_int(stat(path, &st) == 0 ? st.st_mode & 0777 : 0, 0600, "for us alone");
    is_int(socket_accept(listener), -1, "nobody has called");
    int client = socket_connect(dir, "s", &e);
    int server = socket_accept(listener);
    ok(client >= 0 && server >= 0, "now somebody has");
    is_int(socket_peer(server, &uid, &gid, &e), 0, "who can be told");
    is_int(uid, getuid(), "from others");
    ok(getcwd(after, sizeof after) && strcmp(before, after) == 0, "we are where we were");
    close(client);
    close(server);
    close(listener);

    is_int(socket_connect(dir, "s", &e), -1, "a file that is left is nobody");
    is_int(e.code, ERR_NOT_FOUND, "either");
    listener = socket_listen(dir, "s", &e);
    ok(listener >= 0, "and is in nobody's way");
    close(listener);
    unlink(path);
}

static void test_descriptor(void)
{
    int pair[2];
    char said[4] = "";
    ok(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "(a pair)");
    is_int(socket_receive_fd(pair[0]), -1, "no descriptor has come");
    int ends[2];
    ok(pipe(ends) == 0 && socket_send_fd(pair[1], ends[1]) == 0, "one is sent");
    close(ends[1]);
    int got = socket_receive_fd(pair[0]);
    ok(got >= 0 && write(got, "hi", 2) == 2, "received, and written to");
    ok(fcntl(got, F_GETFD) & FD_CLOEXEC, "which no program inherits");
    is_int(read(ends[0], said, sizeof said), 2, "and it is the same");
    is_int(write(pair[1], "x", 1), 1, "a byte without one");
    is_int(socket_receive_fd(pair[0]), -1, "is none");
    close(got);
    close(ends[0]);
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    if (!mkdtemp(root)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    _cleanup_buf_ struct buf dir = {0};
    make_deep(&dir);
    test_connect(dir.data);
    test_descriptor();
    remove_deep(&dir);
    is_int(access(root, F_OK), -1, "nothing is left");
    return done_testing();
}
