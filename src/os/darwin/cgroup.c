// SPDX-License-Identifier: MIT
/* There are no control groups on macOS: no group is ever made, and an empty one holds nobody. */
#include "os/cgroup.h"

#include <unistd.h>

static int none(struct err *e)
{
    return err_set(e, ERR_NOT_FOUND, "this system has no control groups");
}

int cgroup_make_base(const char *dir, struct err *e)
{
    return none(e);
}

int cgroup_make_procs(struct cgroup *g, const struct cgroup_base *base, const char *name,
                      struct err *e)
{
    return none(e);
}

int cgroup_make_cpu(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    const char *cpus, struct err *e)
{
    return none(e);
}

int cgroup_make_mem(struct cgroup *g, const struct cgroup_base *base, const char *name,
                    int64_t bytes, struct err *e)
{
    return none(e);
}

int cgroup_bind_mems(const struct cgroup *g, const char *mems, struct err *e)
{
    return none(e);
}

int cgroup_widen_mems(const struct cgroup *g, const char *mems, struct err *e)
{
    return none(e);
}

void cgroup_find(struct cgroup *g, const struct cgroup_base *base, const char *name)
{
    *g = (struct cgroup){0};
}

bool cgroup_has_procs(const struct cgroup *g)
{
    return false;
}

bool cgroup_has_cpu(const struct cgroup *g)
{
    return false;
}

bool cgroup_has_mem(const struct cgroup *g)
{
    return false;
}

pid_t cgroup_fork(struct cgroup *g, bool *inside)
{
    *inside = false;
    return fork();
}

int cgroup_join(const struct cgroup *g, bool inside)
{
    return 0;
}

int cgroup_set_cpu(const struct cgroup *g, const char *cpus, struct err *e)
{
    return none(e);
}

int cgroup_raise_mem(const struct cgroup *g, int64_t bytes, struct err *e)
{
    return none(e);
}

int64_t cgroup_lower_mem(const struct cgroup *g, int64_t bytes, int64_t now)
{
    return now;
}

bool cgroup_freeze(const struct cgroup *g, int64_t within_us)
{
    return false;
}

void cgroup_thaw(const struct cgroup *g)
{
}

void cgroup_kill(const struct cgroup *g)
{
}

bool cgroup_is_empty(const struct cgroup *g)
{
    return true;
}

int cgroup_remove(struct cgroup *g, struct err *e)
{
    return 0;
}

int cgroup_clear(struct cgroup *g, struct err *e)
{
    return 0;
}

bool cgroup_renew(struct cgroup *g, const struct cgroup_usage *used)
{
    return false;
}

void cgroup_usage(struct cgroup *g, struct cgroup_usage *u)
{
    *u = (struct cgroup_usage){-1, -1, -1};
}

enum cgroup_oom cgroup_oom(struct cgroup *g)
{
    return CGROUP_OOM_NONE;
}

int cgroup_oom_fd(struct cgroup *g)
{
    return -1;
}
