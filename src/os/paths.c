// SPDX-License-Identifier: MIT
#include "os/paths.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "util/buf.h"
#include "util/cleanup.h"

static const char *home_directory(void)
{
    const char *names[] = {"MINI_SLURM_HOME", "HOME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *home = getenv(names[i]);
        if (home && home[0])
            return home;
    }
    struct passwd *user = getpwuid(getuid());
    return user ? user->pw_dir : NULL;
}

static int check_home(const char *home, struct err *e)
{
    struct stat st;
    if (stat(home, &st) != 0)
        return err_errno(e, "home %s (set MINI_SLURM_HOME to choose another)", home);
    if (!S_ISDIR(st.st_mode))
        return err_set(e, ERR_INVALID, "home %s is not a directory", home);
    const char *network = file_network(home);
    if (network)
        return err_set(e, ERR_INVALID,
                       "home %s is on a network file system (%s), where locks do not hold; set "
                       "MINI_SLURM_HOME to a directory on a local disk",
                       home, network);
    return 0;
}

static char *join(const char *dir, const char *rest)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", dir, rest);
    return buf_steal(&path, NULL);
}

static int make_private(const char *dir, struct err *e)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return err_errno(e, "cannot make %s", dir);
    if (access(dir, W_OK | X_OK) != 0)
        return err_errno(e, "cannot write in %s", dir);
    return 0;
}

static bool is_ours(const char *dir, mode_t forbidden)
{
    struct stat st;
    return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid() &&
           (st.st_mode & forbidden) == 0;
}

/* A directory for sockets with short paths, the same one whatever the environment says, and one
 * that does not go away at logout as the user's runtime directory does. In /tmp anybody may have
 * been there first, so it must be ours and closed to others. */
static char *short_directory(struct err *e)
{
    char dir[64];
    snprintf(dir, sizeof dir, "/tmp/mini-slurm-%lu", (unsigned long)getuid());
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        err_errno(e, "cannot make %s", dir);
        return NULL;
    }
    if (!is_ours(dir, 077)) {
        err_set(e, ERR_DENIED, "%s must be a directory of yours with mode 0700", dir);
        return NULL;
    }
    char *copy = strdup(dir);
    if (!copy)
        err_nomem(e);
    return copy;
}

/* FNV-1a. */
static uint64_t hash(uint64_t h, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        h = (h ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* Names the home by what it is and not by how it is spelt; of two users' both. */
static char *instance_name(const char *home)
{
    _cleanup_free_ char *real = realpath(home, NULL);
    const char *name = real ? real : home;
    uid_t uid = getuid();
    uint64_t h = hash(UINT64_C(0xcbf29ce484222325), &uid, sizeof uid);
    h = hash(h, name, strlen(name));
    char text[20];
    snprintf(text, sizeof text, "%016" PRIx64, h);
    return strdup(text);
}

static int name_all(struct paths *p, const char *home, struct err *e)
{
    p->home = strdup(home);
    p->db = join(home, ".mini_slurm.db");
    p->logs = join(home, ".mini_slurm_logs");
    p->topology = join(home, ".mini_slurm_topology.conf");
    p->site = join(home, "mini-slurm.conf");
    p->run = join(home, ".mini_slurm_run");
    p->lifetime = join(home, ".mini_slurm_run/scheduler.lock");
    p->store = join(home, ".mini_slurm_run/store.lock");
    p->instance = instance_name(home);
    if (!p->home || !p->db || !p->logs || !p->topology || !p->site || !p->run || !p->lifetime ||
        !p->store || !p->instance)
        return err_nomem(e);
    return 0;
}

static bool fits_socket(const char *path)
{
    return strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path;
}

static int name_socket(struct paths *p, struct err *e)
{
    /* By its real path: however the home is spelt, all come to the same decision. */
    _cleanup_free_ char *run = realpath(p->run, NULL);
    if (!run)
        return err_errno(e, "cannot find %s", p->run);
    p->socket = join(run, "scheduler.sock");
    if (!p->socket)
        return err_nomem(e);
    if (fits_socket(p->socket))
        return 0;
    free(p->socket);
    p->socket = NULL;
    _cleanup_free_ char *dir = short_directory(e);
    if (!dir)
        return -1;
    struct buf path = {0};
    buf_printf(&path, "%s/%s.sock", dir, p->instance);
    p->socket = buf_steal(&path, NULL);
    return p->socket ? 0 : err_nomem(e);
}

int paths_find(struct paths *p, struct err *e)
{
    *p = (struct paths){0};
    const char *home = home_directory();
    if (!home)
        return err_set(e, ERR_NOT_FOUND, "no home directory: set MINI_SLURM_HOME");
    if (home[0] != '/')
        return err_set(e, ERR_INVALID, "home %s is not an absolute path", home);
    if (check_home(home, e) == 0 && name_all(p, home, e) == 0 && make_private(p->logs, e) == 0 &&
        make_private(p->run, e) == 0 && name_socket(p, e) == 0)
        return 0;
    paths_free(p);
    return -1;
}

void paths_free(struct paths *p)
{
    char *all[] = {p->home, p->db,       p->logs,  p->topology, p->site,
                   p->run,  p->lifetime, p->store, p->socket,   p->instance};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    *p = (struct paths){0};
}

char *paths_program(const char *name, struct err *e)
{
    _cleanup_free_ char *self = process_executable();
    if (!self) {
        err_errno(e, "cannot find our own program");
        return NULL;
    }
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    const char *places[] = {"../libexec/mini-slurm/", ""};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct buf path = {0};
        buf_printf(&path, "%s/%s%s", self, places[i], name);
        char *program = buf_steal(&path, NULL);
        if (!program) {
            err_nomem(e);
            return NULL;
        }
        if (access(program, X_OK) == 0)
            return program;
        free(program);
    }
    err_set(e, ERR_NOT_FOUND, "%s: not found beside %s/ nor in %s/../libexec/mini-slurm", name,
            self, self);
    return NULL;
}
