/* SPDX-License-Identifier: MIT */
/* cgroup.h - control groups, v1 and v2, as plain files. Linux; elsewhere nothing is available.
 *
 * See the kernel's Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

#define CGROUP_PATH 256
#define CGROUP_NAME 128

/* Directories below which groups for jobs can be made; "" where there is none. */
struct cgroup_base {
    char v2[CGROUP_PATH];       /* also for cgroup.kill on a hybrid machine without controllers */
    bool v2_cpu, v2_mem;        /* its cpuset and memory controllers are there for us */
    char v1_cpu[CGROUP_PATH];   /* cpuset */
    char v1_mem[CGROUP_PATH];   /* memory */
    char v1_procs[CGROUP_PATH]; /* freezer */
};

/* The groups of one attempt: a directory in each hierarchy where it has one, else "". What is
 * needed for every attempt is opened once: looking a path of this length up costs more than what is
 * done with the file. */
#define CGROUP_KEPT 15
struct cgroup {
    char v2[CGROUP_PATH + CGROUP_NAME];
    bool v2_cpu, v2_mem; /* the v2 group holds the CPUs, the memory */
    char v1_cpu[CGROUP_PATH + CGROUP_NAME];
    char v1_mem[CGROUP_PATH + CGROUP_NAME];
    char v1_procs[CGROUP_PATH + CGROUP_NAME];
    int64_t mem_bytes;                    /* its limit when it was made */
    int64_t past_user_us, past_system_us; /* what whoever had it before has used */
    int kept[CGROUP_KEPT];                /* open files, and 1 more; 0: not open; cgroup_close() */
};

/* Makes `dir`, below which groups are to be made, unless it is there. A new v1 cpuset takes over
 * its parent's CPUs and memory nodes: without them nothing can join. 0, or -1 with *e. */
int cgroup_make_base(const char *dir, struct err *e);

/* Each makes a group of one kind, named `name` below the base, and adds it to *g (all zero at
 * first). One that *g has already, under that name, is set up anew. What a dead shepherd left under
 * that name is ended and removed before. On failure, -1 with *e, *g is without that kind.
 *   procs: all processes can be ended at once (cgroup.kill, else the freezer)
 *   cpu:   they run on these CPUs only ("0-3,7")
 *   mem:   they have so much memory, swap included; in v2 the kernel ends all of them if they want
 *          more, in v1 one: see cgroup_oom_fd() */
int cgroup_make_procs(struct cgroup *g, const struct cgroup_base *base, const char *name,
                      struct err *e);
int cgroup_make_cpu(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    const char *cpus, struct err *e);
int cgroup_make_mem(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    int64_t bytes, struct err *e);
/* The groups of that name, made by whomever: for clearing. */
void cgroup_find(struct cgroup *g, const struct cgroup_base *base, const char *name);

bool cgroup_has_procs(const struct cgroup *g);
bool cgroup_has_cpu(const struct cgroup *g);
bool cgroup_has_mem(const struct cgroup *g);

enum cgroup_kind { CGROUP_PROCS = 1, CGROUP_CPU = 2, CGROUP_MEM = 4 };

/* fork(2) into the v2 group, where there is one and the kernel can: moving a process afterwards
 * waits for an RCU grace period (20 ms). *inside tells the child whether it worked. */
pid_t cgroup_fork(struct cgroup *g, bool *inside);
/* In that child, still single-threaded: joins all other groups. Returns the kinds, or'ed, that it
 * could not join; 0 if all is well. */
int cgroup_join(const struct cgroup *g, bool inside);

/* Of a group that holds the CPUs: memory comes from these NUMA nodes only ("0-1"), before anybody
 * is in it. 0, or -1 with *e. */
int cgroup_bind_mems(const struct cgroup *g, const char *mems, struct err *e);
/* Then from these as well; "": from all. What there is stays where it is. 0, or -1 with *e. */
int cgroup_widen_mems(const struct cgroup *g, const char *mems, struct err *e);

/* Of a group that has the kind: other CPUs, for all that are in it; more memory. 0, or -1 with *e.
 */
int cgroup_set_cpu(const struct cgroup *g, const char *cpus, struct err *e);
int cgroup_raise_mem(const struct cgroup *g, int64_t bytes, struct err *e);
/* Less memory, but no less than what is in use: nobody is killed for it. `now` is what the limit
 * is; returns what it is then, in whole MB. What can be dropped or is on disk as well is not in
 * use: the kernel gives that up, which may take it a moment. */
int64_t cgroup_lower_mem(const struct cgroup *g, int64_t bytes, int64_t now);

/* Stops all processes of a group that has the kind procs, as far as the kernel gets within that
 * time: then each of them is outside of any system call that it could not begin anew, and none
 * executes another program. False if not all could be stopped. Either way cgroup_thaw() follows. */
bool cgroup_freeze(const struct cgroup *g, int64_t within_us);
void cgroup_thaw(const struct cgroup *g);

/* SIGKILL to every process in the groups and in groups below them, forks in progress included. */
void cgroup_kill(const struct cgroup *g);
/* Nobody is in them (any more). */
bool cgroup_is_empty(const struct cgroup *g);
/* Closes what was opened; removes the directories, with those the job made below; tries for a
 * moment while they are busy. 0, also if they are gone already; -1 with *e. */
int cgroup_remove(struct cgroup *g, struct err *e);
/* Kills until nobody is left (or one second is over), and removes. 0, or -1 with *e: processes may
 * be left. */
int cgroup_clear(struct cgroup *g, struct err *e);

struct cgroup_usage {
    int64_t cpu_user_us, cpu_system_us, mem_peak_kb; /* -1: not known */
};
void cgroup_usage(struct cgroup *g, struct cgroup_usage *u);

/* Makes groups that were used so much, once nobody is in them any more, as good as new ones for
 * another attempt: that costs a fifth of removing and making them. Limits stay until they are made
 * anew. False if it can't be had, and they are to be removed: somebody is in them, or groups are
 * below them; memory is left in them (of files, say) or was short; or the kernel does not count
 * anew (memory in v2). */
bool cgroup_renew(struct cgroup *g, const struct cgroup_usage *used);

enum cgroup_oom {
    CGROUP_OOM_NONE,
    CGROUP_OOM_LIMIT,   /* the kernel killed in the group, which had reached its limit */
    CGROUP_OOM_MACHINE, /* ... because the whole machine, or a group above, had no memory left */
};
enum cgroup_oom cgroup_oom(struct cgroup *g);
/* A descriptor that becomes readable when memory runs out, perhaps a moment before the kernel
 * kills: then ask cgroup_oom(). -1 where none is needed (v2) or to be had. */
int cgroup_oom_fd(struct cgroup *g);
