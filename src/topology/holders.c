// SPDX-License-Identifier: MIT
#include "topology/holders.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/cpuset.h"
#include "util/cleanup.h"

#define NOT_HERE (-1)
#define FREE     0

struct holders {
    int64_t *job_of_cpu; /* by number; FREE, NOT_HERE */
    int cpu_end;         /* numbers are below */
    json_t *elsewhere;
};

static int parse_list(const json_t *object, struct cpuset *cpus, struct err *e)
{
    const char *list = json_string_value(json_object_get(object, "cpu_list"));
    if (cpuset_parse(cpus, list ? list : "") < 0)
        return err_set(e, ERR_CORRUPT, "%s: not a list of CPUs", list);
    return 0;
}

/* Makes room for CPUs below `end`. */
static int grow(struct holders *h, int end, struct err *e)
{
    if (end <= h->cpu_end)
        return 0;
    int64_t *grown = realloc(h->job_of_cpu, (size_t)end * sizeof *grown);
    if (!grown)
        return err_nomem(e);
    h->job_of_cpu = grown;
    while (h->cpu_end < end)
        grown[h->cpu_end++] = NOT_HERE;
    return 0;
}

static int last_of(const struct cpuset *cpus)
{
    int last = -1;
    for (int cpu = cpuset_next(cpus, 0); cpu >= 0; cpu = cpuset_next(cpus, cpu + 1))
        last = cpu;
    return last;
}

static int add_node(struct holders *h, const json_t *node, struct err *e)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    if (parse_list(node, &cpus, e) < 0 || grow(h, last_of(&cpus) + 1, e) < 0)
        return -1;
    for (int cpu = cpuset_next(&cpus, 0); cpu >= 0; cpu = cpuset_next(&cpus, cpu + 1)) {
        assert(h->job_of_cpu);
        h->job_of_cpu[cpu] = FREE;
    }
    return 0;
}

struct holders *holders_create(const json_t *topology, struct err *e)
{
    size_t i;
    const json_t *node;
    struct holders *h = calloc(1, sizeof *h);
    if (!h || !(h->elsewhere = json_array())) {
        holders_free(h);
        err_nomem(e);
        return NULL;
    }
    json_array_foreach (json_object_get(topology, "nodes"), i, node)
        if (add_node(h, node, e) < 0) {
            holders_free(h);
            return NULL;
        }
    return h;
}

void holders_free(struct holders *h)
{
    if (!h)
        return;
    free(h->job_of_cpu);
    json_decref(h->elsewhere);
    free(h);
}

/* How many of the job's CPUs are on a node. */
static int hold(struct holders *h, int64_t job, const struct cpuset *cpus)
{
    int here = 0;
    for (int cpu = cpuset_next(cpus, 0); cpu >= 0 && cpu < h->cpu_end;
         cpu = cpuset_next(cpus, cpu + 1)) {
        if (h->job_of_cpu[cpu] == NOT_HERE)
            continue;
        h->job_of_cpu[cpu] = job;
        here++;
    }
    return here;
}

int holders_add(struct holders *h, const json_t *job, struct err *e)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    const json_t *alloc = json_object_get(job, "alloc");
    json_int_t id = json_integer_value(json_object_get(job, "id"));
    if (parse_list(alloc, &cpus, e) < 0)
        return -1;
    json_int_t away = json_integer_value(json_object_get(alloc, "cpus")) - hold(h, id, &cpus);
    if (away <= 0)
        return 0;
    json_t *there = json_pack("{s:I, s:I}", "job", id, "cpus", away);
    return json_array_append_new(h->elsewhere, there) < 0 ? err_nomem(e) : 0;
}

/* The members of `cpus` that the job holds, which are taken out; NULL if no memory. */
static json_t *part_of(const struct holders *h, int64_t job, struct cpuset *cpus)
{
    _cleanup_cpuset_ struct cpuset part = {0};
    for (int cpu = cpuset_next(cpus, 0); cpu >= 0; cpu = cpuset_next(cpus, cpu + 1)) {
        if (h->job_of_cpu[cpu] != job)
            continue;
        if (cpuset_add(&part, cpu) < 0)
            return NULL;
        cpuset_remove(cpus, cpu);
    }
    _cleanup_free_ char *list = cpuset_format(&part);
    return list ? json_pack("{s:I, s:i, s:s}", "job", (json_int_t)job, "cpus", cpuset_count(&part),
                            "cpu_list", list)
                : NULL;
}

static int write_node(const struct holders *h, json_t *node, struct err *e)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    json_t *jobs = json_array();
    if (parse_list(node, &cpus, e) < 0 || json_object_set_new(node, "jobs", jobs) < 0)
        return err_nomem(e);
    for (int cpu = cpuset_next(&cpus, 0); cpu >= 0; cpu = cpuset_next(&cpus, cpu + 1)) {
        int64_t job = h->job_of_cpu[cpu];
        if (job != FREE && json_array_append_new(jobs, part_of(h, job, &cpus)) < 0)
            return err_nomem(e);
    }
    return 0;
}

int holders_write(const struct holders *h, json_t *topology, struct err *e)
{
    size_t i;
    json_t *node;
    json_array_foreach (json_object_get(topology, "nodes"), i, node)
        if (write_node(h, node, e) < 0)
            return -1;
    return json_object_set(topology, "elsewhere", h->elsewhere) < 0 ? err_nomem(e) : 0;
}
