// SPDX-License-Identifier: MIT
/* Where files are, and homes that are refused. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/paths.h"
#include "tap.h"

static char home[] = "/tmp/mini-slurm-test-XXXXXX";

static mode_t mode_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void test_found(void)
{
    struct err e = {0};
    struct paths p, q;
    char wanted[128];
    is_int(paths_find(&p, &e), 0, "a home is found");
    is_str(p.home, home, "by MINI_SLURM_HOME");
    snprintf(wanted, sizeof wanted, "%s/.mini_slurm.db", home);
    is_str(p.db, wanted, "the database is in it");
    is_int(mode_of(p.logs), 0700, "logs are private");
    is_int(mode_of(p.run), 0700, "running jobs' files are");
    has_str(p.socket, "/.mini_slurm_run/scheduler.sock", "so is the socket");

    /* The same home by another way, and with nothing in the environment that could lead astray. */
    char other[128];
    snprintf(other, sizeof other, "%s/../%s", home, strrchr(home, '/') + 1);
    setenv("MINI_SLURM_HOME", other, 1);
    setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);
    is_int(paths_find(&q, &e), 0, "found another way");
    is_str(q.socket, p.socket, "it has the same socket");
    paths_free(&q);
    setenv("MINI_SLURM_HOME", "/tmp", 1);
    is_int(paths_find(&q, &e), 0, "another home");
    ok(strcmp(q.socket, p.socket) != 0, "has another");
    rmdir(q.logs);
    rmdir(q.run);
    paths_free(&q);
    rmdir(p.logs);
    rmdir(p.run);
    paths_free(&p);
    is_str(p.home, NULL, "freed paths hold nothing");
}

/* A socket's path has at most 107 bytes. */
static void test_long_home(void)
{
    struct err e = {0};
    struct paths p;
    char dir[256];
    snprintf(dir, sizeof dir, "%s/%0*d", home, 90, 0);
    is_int(mkdir(dir, 0700), 0, "a home with a long path");
    setenv("MINI_SLURM_HOME", dir, 1);
    is_int(paths_find(&p, &e), 0, "is found");
    ok(strlen(p.socket) < 108 && p.socket[0] == '/', "its socket's path is short: %s", p.socket);
    has_str(p.socket, p.instance, "and named by the home");
    rmdir(p.logs);
    rmdir(p.run);
    rmdir(dir);
    paths_free(&p);
}

static void refused(const char *path, const char *reason)
{
    struct err e = {0};
    struct paths p;
    setenv("MINI_SLURM_HOME", path, 1);
    is_int(paths_find(&p, &e), -1, "a home is refused");
    has_str(e.text, reason, "and the message says why");
}

static void test_refused(void)
{
    refused("/nonexistent", "home /nonexistent (set MINI_SLURM_HOME to choose another): No such");
    refused("relative", "home relative is not an absolute path");
    refused("/etc/passwd", "home /etc/passwd is not a directory");
    if (geteuid() == 0) {
        refused("/proc", "cannot make /proc/.mini_slurm_logs");
    } else {
        chmod(home, 0500);
        refused(home, "cannot make");
        chmod(home, 0700);
    }
}

static void test_program(void)
{
    struct err e = {0};
    char *path = paths_program("test_os_paths", &e);
    ok(path && access(path, X_OK) == 0, "a program beside ours is found");
    free(path);
    is_str(paths_program("no-such-program", &e), NULL, "one that is not there is not");
    has_str(e.text, "no-such-program: not found beside /",
            "and the message says where it was sought");
}

int main(void)
{
    if (!mkdtemp(home)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    setenv("MINI_SLURM_HOME", home, 1);
    test_found();
    test_long_home();
    test_refused();
    test_program();
    is_int(rmdir(home), 0, "nothing else was made");
    return done_testing();
}
