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
static pid_t start(struct cgroup *g, void (*body)(void))
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

/* There is a node 0 everywhere, and no node 900; tests/vm has a machine with two. */
static void binds_memory(const struct cgroup *g, pid_t pid)
{
    struct err e = {0};
    is_int(cgroup_bind_mems(g, "0", &e), 0, "a group has memory from one NUMA node");
    ok(lists(pid, "Mems_allowed_list:\t0\n"), "and so has who is in it");
    is_int(cgroup_widen_mems(g, "0", &e), 0, "from that one as well changes nothing");
    ok(lists(pid, "Mems_allowed_list:\t0\n"), "in any list");
    is_int(cgroup_widen_mems(g, "", &e), 0, "from everywhere");
    is_int(cgroup_bind_mems(g, "900", &e), -1, "a node that is not there can't be had");
    has_str(e.text, "cpuset.mems to 900", "with the offending text");
}

static void test_other_cpus(void)
{
    struct cgroup g = {0};
    struct err e = {0};
    cgroup_make_cpu(&g, &base, "job-6", "0", &e);
    pid_t pid = start(&g, nothing);
    binds_memory(&g, pid);
    is_int(cgroup_set_cpu(&g, "0-1", &e), 0, "a group gets another CPU");
    ok(lists(pid, "Cpus_allowed_list:\t0-1\n"), "and who is in it has it");
    is_int(cgroup_set_cpu(&g, "1", &e), 0, "it loses one");
    ok(lists(pid, "Cpus_allowed_list:\t1\n"), "and so does he");
    is_int(cgroup_set_cpu(&g, "60000", &e), -1, "a CPU that is not there can't be had");
    has_str(e.text, "cpuset.cpus to 60000", "with the offending text");
    cgroup_clear(&g, &e);
    waitpid(pid, NULL, 0);
}

/* Has 48 MB, for good; and reads as much from a file, which need not stay in memory. */
static void settle_in(void)
{
    static char page[4096];
    size_t bytes = 48 << 20;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED)
        memset(p, 1, bytes);
    FILE *f = tmpfile();
    for (int i = 0; f && i < 48 << 8; i++)
        fwrite(page, sizeof page, 1, f);
    if (f)
        fsync(fileno(f));
}

static void settle_and_tell(void)
{
    settle_in();
    raise(SIGSTOP);
}

static void test_other_memory(void)
{
    const int64_t mb = 1 << 20;
    struct cgroup g = {0};
    struct err e = {0};
    int status;
    cgroup_make_mem(&g, &base, "job-7", 64 * mb, &e);
    is_int(cgroup_raise_mem(&g, 256 * mb, &e), 0, "a group gets more memory");
    pid_t pid = start(&g, settle_and_tell);
    waitpid(pid, &status, WUNTRACED);
    ok(WIFSTOPPED(status), "somebody takes it");
    is_int(cgroup_lower_mem(&g, 80 * mb, 256 * mb), 80 * mb, "what it does not need can be taken");
    int64_t kept = cgroup_lower_mem(&g, 16 * mb, 80 * mb);
    ok(kept >= 48 * mb && kept < 64 * mb, "and no more than that (%lld)", (long long)kept);
    is_int(kept % mb, 0, "in whole MB");
    is_int(cgroup_lower_mem(&g, 16 * mb, kept), kept, "where it stays");
    is_int(waitpid(pid, NULL, WNOHANG), 0, "nobody was killed for it");
    cgroup_clear(&g, &e);
    waitpid(pid, NULL, 0);
}

static void take(size_t mb)
{
    char *p = mmap(NULL, mb << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED)
        memset(p, 1, mb << 20);
    _exit(0);
}

static void take_40(void)
{
    take(40);
}

static void take_63(void)
{
    take(63);
}

/* What is in shared memory stays, whoever put it there. */
static int shared;

static void leave_2(void)
{
    static char two[2 << 20];
    memset(two, 1, sizeof two);
    _exit(write(shared, two, sizeof two) != sizeof two);
}

static void make_again(struct cgroup *g, int64_t mb)
{
    struct err e = {0};
    if (cgroup_make_procs(g, &base, "job-9", &e) != 0 ||
        cgroup_make_cpu(g, &base, "job-9", mb > 64 ? "0" : "1", &e) != 0 ||
        cgroup_make_mem(g, &base, "job-9", mb << 20, &e) != 0)
        printf("# %s\n", e.text);
}

static bool run_and_renew(struct cgroup *g, void (*body)(void))
{
    struct cgroup_usage used;
    waitpid(start(g, body), NULL, 0);
    cgroup_usage(g, &used);
    return cgroup_renew(g, &used);
}

static int64_t limit_mb(const struct cgroup *g, const char *file)
{
    char path[sizeof g->v1_mem + 40], text[32];
    snprintf(path, sizeof path, "%s/%s", g->v1_mem, file);
    return file_read(path, text, sizeof text) > 0 ? strtoll(text, NULL, 10) >> 20 : -1;
}

static void test_as_good_as_new(void)
{
    struct cgroup g = {0};
    struct cgroup_usage used;
    make_again(&g, 128);
    ok(run_and_renew(&g, take_40), "a group can be used again");
    cgroup_usage(&g, &used);
    ok(used.mem_peak_kb < 1024, "its peak is counted anew (%lld kB)", (long long)used.mem_peak_kb);
    is_int(used.cpu_user_us > 0 ? used.cpu_user_us : 0, 0, "and so is its CPU time");
    make_again(&g, 64);
    is_int(limit_mb(&g, "memory.limit_in_bytes"), 64, "it can have less memory then");
    pid_t pid = start(&g, nothing);
    ok(lists(pid, "Cpus_allowed_list:\t1\n"), "and another CPU");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    make_again(&g, 256);
    is_int(limit_mb(&g, "memory.limit_in_bytes"), 256, "or more");
    cgroup_remove(&g, NULL);
}

static void test_not_as_good(void)
{
    struct cgroup g = {0};
    struct cgroup_usage used;
    char inner[sizeof g.v1_mem + 16];
    make_again(&g, 64);
    pid_t pid = start(&g, nothing);
    cgroup_usage(&g, &used);
    ok(!cgroup_renew(&g, &used), "not while somebody is in it");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    snprintf(inner, sizeof inner, "%s/inner", g.v1_mem);
    mkdir(inner, 0755);
    ok(!cgroup_renew(&g, &used), "nor with a group below it");
    rmdir(inner);
    ok(cgroup_renew(&g, &used), "as it is without");
    ok(!run_and_renew(&g, take_63), "nor if memory was short");
    cgroup_remove(&g, NULL);
    g = (struct cgroup){0};
    make_again(&g, 64);
    shared = memfd_create("left", MFD_CLOEXEC);
    ok(!run_and_renew(&g, leave_2), "nor if memory is left in it");
    close(shared);
    cgroup_remove(&g, NULL);
}

static void count_up(void)
{
    for (volatile unsigned long n = 0;;)
        n++;
}

static int64_t cpu_ticks(pid_t pid)
{
    char path[64], text[1024];
    long user = -1;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    if (file_read(path, text, sizeof text) <= 0 ||
        sscanf(text, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld", &user) != 1)
        return -1;
    return user;
}

static void test_frozen(bool v1)
{
    struct cgroup g = {0};
    struct err e = {0};
    struct cgroup_base only = base;
    if (v1)
        only.v2[0] = '\0';
    cgroup_make_procs(&g, &only, "job-8", &e);
    pid_t pid = start(&g, count_up);
    ok(cgroup_freeze(&g, 1000000), "all in a group can be stopped (%s)", g.v2[0] ? "v2" : "v1");
    int64_t ticks = cpu_ticks(pid);
    usleep(50000);
    is_int(cpu_ticks(pid), ticks, "then nobody runs");
    cgroup_thaw(&g);
    for (int i = 0; i < 5000 && cpu_ticks(pid) == ticks; i++)
        usleep(1000);
    ok(cpu_ticks(pid) > ticks, "and afterwards they go on");
    cgroup_clear(&g, &e);
    waitpid(pid, NULL, 0);
    ok(!cgroup_freeze(&g, 1000), "a group that is gone can't be stopped");
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
    if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
        test_other_cpus();
    else
        skip("needs CPUs 0 and 1");
    if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
        test_as_good_as_new();
    test_not_as_good();
    test_other_memory();
    test_frozen(true);
    if (base.v2[0])
        test_frozen(false);
    remove_bases();
    return done_testing();
}
