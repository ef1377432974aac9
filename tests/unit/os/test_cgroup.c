// SPDX-License-Identifier: MIT
/* Groups: made, joined, ended, removed; each kind in whatever hierarchy is to be had. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/cgroup.h"
#include "os/file.h"
#include "tap.h"

static struct cgroup_base base;

static bool below(const char *mount, char dir[CGROUP_PATH])
{
    struct err e;
    snprintf(dir, CGROUP_PATH, "%s/mini-slurm-test-%ld", mount, (long)getpid());
    if (access(mount, W_OK) == 0 && cgroup_make_base(dir, &e) == 0)
        return true;
    dir[0] = '\0';
    return false;
}

static bool find_bases(void)
{
    bool cpu = below("/sys/fs/cgroup/cpuset", base.v1_cpu);
    bool mem = below("/sys/fs/cgroup/memory", base.v1_mem);
    bool procs = below("/sys/fs/cgroup/freezer", base.v1_procs);
    below("/sys/fs/cgroup/unified", base.v2);
    return cpu && mem && procs;
}

static void remove_bases(void)
{
    const char *dirs[] = {base.v1_cpu, base.v1_mem, base.v1_procs, base.v2};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (dirs[i][0])
            is_int(rmdir(dirs[i]), 0, "nothing is left below");
}

/* Starts a process in the group that runs body(); waits until it is there. */
static pid_t start(const struct cgroup *g, void (*body)(void))
{
    int ready[2];
    char byte = 1;
    bool inside;
    if (pipe(ready) != 0)
        return -1;
    pid_t pid = cgroup_fork(g, &inside);
    if (pid == 0) {
        byte = (char)cgroup_join(g, inside);
        if (write(ready[1], &byte, 1) != 1)
            _exit(1);
        body();
        for (;;)
            pause();
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        byte = 1;
    close(ready[0]);
    is_int(byte, 0, "a process joins all groups");
    return pid;
}

static void nothing(void)
{
}

static void fork_more(void)
{
    for (int i = 0; i < 20; i++)
        if (fork() == 0)
            setsid();
}

static bool lists(long pid, const char *text)
{
    char path[64], all[4096];
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    return file_read(path, all, sizeof all) > 0 && strstr(all, text);
}

static void test_all_kinds(void)
{
    struct cgroup g = {0}, found;
    struct err e = {0};
    is_int(cgroup_make_procs(&g, &base, "job-1", &e), 0, "a group for processes is made");
    is_int(cgroup_make_cpu(&g, &base, "job-1", "0", &e), 0, "one for CPUs");
    is_int(cgroup_make_mem(&g, &base, "job-1", 64 << 20, &e), 0, "one for memory");
    ok(cgroup_has_procs(&g) && cgroup_has_cpu(&g) && cgroup_has_mem(&g), "it has all kinds");
    ok(cgroup_is_empty(&g), "nobody is in them");
    pid_t pid = start(&g, fork_more);
    ok(lists(pid, "Cpus_allowed_list:\t0\n"), "it has its CPU");
    ok(!cgroup_is_empty(&g), "somebody is in them");
    is_int(cgroup_oom(&g), CGROUP_OOM_NONE, "memory has not run out");
    cgroup_find(&found, &base, "job-1");
    is_str(found.v1_mem, g.v1_mem, "who knows the name finds them");
    is_int(cgroup_clear(&found, &e), 0, "and can end and remove them");
    waitpid(pid, NULL, 0);
    is_int(cgroup_remove(&g, &e), 0, "removed groups can be removed again");
    cgroup_find(&found, &base, "job-1");
    ok(!cgroup_has_procs(&found) && !cgroup_has_mem(&found), "they are not found any more");
}

/* The freezer alone, as where there is no v2. */
static void test_freezer(void)
{
    struct cgroup g = {0};
    struct cgroup_base freezer = {0};
    struct err e = {0};
    strcpy(freezer.v1_procs, base.v1_procs);
    is_int(cgroup_make_procs(&g, &freezer, "job-2", &e), 0, "a freezer is made");
    pid_t pid = start(&g, fork_more);
    char inner[sizeof g.v1_procs + 16];
    snprintf(inner, sizeof inner, "%s/inner", g.v1_procs);
    is_int(mkdir(inner, 0755), 0, "the job makes a group of its own");
    cgroup_kill(&g);
    int status;
    waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status), "all in it are killed, frozen or not");
    is_int(cgroup_clear(&g, &e), 0, "and it is removed, with the group below");
}

static void test_leftover(void)
{
    struct cgroup old = {0}, g = {0};
    struct err e = {0};
    cgroup_make_mem(&old, &base, "job-3", 64 << 20, &e);
    pid_t pid = start(&old, nothing);
    is_int(cgroup_make_mem(&g, &base, "job-3", 32 << 20, &e), 0, "a name left over is cleared");
    int status;
    waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status), "with who was in it");
    is_int(cgroup_remove(&g, &e), 0, "and the new one is as any other");
}

static void test_bad(void)
{
    struct cgroup g = {0};
    struct err e = {0};
    struct cgroup_base none = {0};
    is_int(cgroup_make_mem(&g, &none, "job", 1 << 20, &e), -1, "no base, no group");
    is_int(cgroup_make_mem(&g, &base, "../job", 1 << 20, &e), -1, "a name is no path");
    is_int(cgroup_make_mem(&g, &base, "", 1 << 20, &e), -1, "nor nothing");
    is_int(cgroup_make_cpu(&g, &base, "job-4", "60000", &e), -1, "a CPU that is not there");
    ok(!cgroup_has_cpu(&g) && !cgroup_has_mem(&g), "leaves no group behind");
    is_int(cgroup_remove(&g, &e), 0, "so that there is nothing to remove");
}

static void eat(void)
{
    size_t bytes = 200 << 20;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED)
        memset(p, 1, bytes);
    _exit(0);
}

static void test_oom(void)
{
    struct cgroup g = {0};
    struct err e = {0};
    struct cgroup_usage u;
    cgroup_make_procs(&g, &base, "job-5", &e);
    is_int(cgroup_make_mem(&g, &base, "job-5", 32 << 20, &e), 0, "a group of 32 MB");
    int fd = cgroup_oom_fd(&g);
    ok(fd >= 0, "can be watched");
    pid_t pid = start(&g, eat);
    int status;
    waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "who takes more is killed");
    struct pollfd p = {.fd = fd, .events = POLLIN};
    is_int(poll(&p, 1, 10000), 1, "which is told");
    is_int(cgroup_oom(&g), CGROUP_OOM_LIMIT, "and why");
    cgroup_usage(&g, &u);
    ok(u.mem_peak_kb > 31 << 10 && u.mem_peak_kb <= 32 << 10, "the peak is the limit");
    ok(!g.v2[0] || u.cpu_user_us + u.cpu_system_us > 0, "CPU time is counted");
    close(fd);
    is_int(cgroup_remove(&g, &e), 0, "removed");
}

int main(void)
{
    if (geteuid() != 0 || !find_bases()) {
        skip("this machine lets us have no v1 groups");
        return done_testing();
    }
    test_all_kinds();
    test_freezer();
    test_leftover();
    test_bad();
    test_oom();
    remove_bases();
    return done_testing();
}
