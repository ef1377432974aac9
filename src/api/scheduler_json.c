// SPDX-License-Identifier: MIT
#include "api/scheduler_json.h"

#include "api/json.h"

json_t *scheduler_json(const struct api *a)
{
    if (!a->sched)
        return json_null();
    struct sched_usage u;
    sched_usage(a->sched, &u);
    struct object o = object_new();
    object_set(&o, "pid", json_integer(a->scheduler_pid));
    object_set(&o, "cpus_total", json_integer(u.cpus_total));
    object_set(&o, "mem_total_mb", json_integer(u.mem_total_mb));
    object_set(&o, "policy", json_string(sched_policy_name(sched_policy(a->sched))));
    object_set(&o, "version", json_string(MINI_SLURM_VERSION));
    return object_end(&o);
}
