// SPDX-License-Identifier: MIT
/* Locks: one holder, known by pid, and free the moment he dies. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/lock.h"
#include "tap.h"

static char path[] = "/tmp/mini-slurm-test-XXXXXX";

/* A process that takes the lock, signs it, and stays. */
static pid_t holder(void)
{
    int ready[2];
    if (pipe(ready) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        struct err e;
        int fd = lock_take(path, true, &e);
        if (fd < 0 || lock_sign(fd, &e) != 0 || write(ready[1], "", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    char byte;
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        pid = -1;
    close(ready[0]);
    return pid;
}

int main(void)
{
    struct err e = {0};
    int fd = mkstemp(path);
    if (fd < 0) {
        printf("Bail out! mkstemp\n");
        return 1;
    }
    close(fd);
    is_int(lock_holder("/tmp/mini-slurm-no-such-lock", &e), 0, "a lock that is not there is free");
    is_int(lock_holder(path, &e), 0, "nobody holds it at first");
    pid_t pid = holder();
    is_int(lock_holder(path, &e), pid, "the holder is known");
    is_int(lock_take(path, false, &e), -1, "nobody else can take it");
    is_int(e.code, ERR_BUSY, "because it is held");
    is_int(lock_holder(path, &e), pid, "and it still is");

    kill(pid, SIGKILL);
    fd = lock_take(path, true, &e);
    ok(fd >= 0, "when the holder is killed, who waits gets it");
    waitpid(pid, NULL, 0);
    is_int(lock_sign(fd, &e), 0, "and signs it");
    is_int(lock_holder(path, &e), getpid(), "with his pid");
    close(fd);
    is_int(lock_holder(path, &e), 0, "closing lets go");
    fd = lock_take(path, false, &e);
    ok(fd >= 0, "and it can be taken again");
    close(fd);
    is_int(lock_take("/nonexistent/lock", false, &e), -1, "no directory, no lock");
    is_int(e.code, ERR_SYSTEM, "which is an error");
    unlink(path);
    return done_testing();
}
