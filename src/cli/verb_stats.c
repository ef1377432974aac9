// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/drain.h"
#include "cli/verb.h"
#include "os/clock.h"
#include "os/system.h"
#include "util/size.h"
#include "util/times.h"

struct stats_options {
    int64_t cpus, mem_mb;
    bool json;
};

static const struct option_def options[] = {
    OPTION_NUMBER(struct stats_options, cpus, "total-cpus", "N", 1, 65536,
                  "CPUs there are, where no scheduler runs that knows"),
    OPTION_SIZE(struct stats_options, mem_mb, "total-mem", "SIZE",
                "memory there is, where no scheduler runs that knows"),
    OPTION_FLAG(struct stats_options, json, "json", "print JSON"),
    OPTIONS_END,
};

#define SAMPLE_US 100000

/* How busy the machine is between two looks at it. */
struct sample {
    int64_t begin_us;
    struct system_load before, after;
    bool known;
};

static void sample_begin(struct sample *s)
{
    s->begin_us = clock_boot_us();
    s->known = system_load(&s->before) == 0;
}

static void sample_end(struct sample *s)
{
    int64_t left = s->begin_us + SAMPLE_US - clock_boot_us();
    if (!s->known)
        return;
    if (left > 0)
        nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000}, NULL);
    s->known = system_load(&s->after) == 0 && s->after.cpu_total > s->before.cpu_total;
}

static json_t *sample_json(const struct sample *s)
{
    if (!s->known)
        return json_null();
    double busy = (double)(s->after.cpu_busy - s->before.cpu_busy);
    double percent = 100 * busy / (double)(s->after.cpu_total - s->before.cpu_total);
    return json_pack("{s:f, s:I, s:I}", "cpu_percent", (double)(int)(percent * 10 + 0.5) / 10,
                     "mem_used_mb", (json_int_t)(s->after.mem_total_mb - s->after.mem_available_mb),
                     "mem_total_mb", (json_int_t)s->after.mem_total_mb);
}

/* The totals: the scheduler's, or what the command line says, or null. */
static int add_totals(const struct stats_options *o, json_t *stats, struct err *e)
{
    json_t *scheduler = json_object_get(stats, "scheduler");
    json_t *cpus = json_incref(json_object_get(scheduler, "cpus_total"));
    json_t *mem = json_incref(json_object_get(scheduler, "mem_total_mb"));
    if (!cpus)
        cpus = o->cpus ? json_integer(o->cpus) : json_null();
    if (!mem)
        mem = o->mem_mb ? json_integer(o->mem_mb) : json_null();
    int failed = json_object_set_new(stats, "cpus_total", cpus);
    failed |= json_object_set_new(stats, "mem_total_mb", mem);
    return failed ? err_nomem(e) : 0;
}

static void print_scheduler(const json_t *scheduler)
{
    if (json_is_object(scheduler))
        printf("Scheduler:      running (pid %lld, version %s, policy %s)\n",
               (long long)json_integer_value(json_object_get(scheduler, "pid")),
               json_string_value(json_object_get(scheduler, "version")),
               json_string_value(json_object_get(scheduler, "policy")));
    else
        printf("Scheduler:      not running (start it with: mini-slurm scheduler --background)\n");
}

static void print_memory(const char *label, const json_t *object, const char *used_key,
                         const char *total_key)
{
    char used[32], total[32] = "-";
    const json_t *n = json_object_get(object, total_key);
    if (json_is_integer(n))
        size_format_mb(json_integer_value(n), total, sizeof total);
    size_format_mb(json_integer_value(json_object_get(object, used_key)), used, sizeof used);
    printf("%-16s%s of %s in use\n", label, used, total);
}

static void print_states(json_t *states)
{
    const char *state;
    json_t *n;
    int shown = 0;
    printf("Jobs:           ");
    /* jansson keeps the order in which the reply has them: the states' own. */
    json_object_foreach (states, state, n) {
        if (json_integer_value(n) > 0)
            printf("%s%lld %s", shown++ ? ", " : "", (long long)json_integer_value(n), state);
    }
    printf("%s\n", shown ? "" : "none");
}

/* Where there are any. */
static void print_elastic(const json_t *elastic)
{
    long long running = json_integer_value(json_object_get(elastic, "running"));
    long long resizes = json_integer_value(json_object_get(elastic, "resizes"));
    if (running)
        printf("Elastic:        %lld running, resized %lld time%s\n", running, resizes,
               resizes == 1 ? "" : "s");
}

static int print_means(const json_t *stats, struct err *e)
{
    struct buf wait _cleanup_buf_ = {0}, runtime _cleanup_buf_ = {0};
    cell_seconds(&wait, stats, "mean_wait");
    cell_seconds(&runtime, stats, "mean_runtime");
    if (wait.failed || runtime.failed)
        return err_nomem(e);
    printf("Average wait:   %s\nAverage run:    %s\n", wait.data, runtime.data);
    return 0;
}

static int print_stats(const json_t *stats, struct err *e)
{
    struct buf cpus _cleanup_buf_ = {0};
    char line[DRAIN_LINE];
    print_scheduler(json_object_get(stats, "scheduler"));
    if (drain_line(stats, line, sizeof line))
        printf("                %s\n", line);
    cell_int(&cpus, stats, "cpus_used");
    buf_puts(&cpus, " of ");
    cell_int(&cpus, stats, "cpus_total");
    if (cpus.failed)
        return err_nomem(e);
    printf("CPUs:           %s in use\n", cpus.data);
    print_memory("Memory:", stats, "mem_used_mb", "mem_total_mb");
    print_states(json_object_get(stats, "states"));
    print_elastic(json_object_get(stats, "elastic"));
    if (print_means(stats, e) < 0)
        return -1;
    const json_t *system = json_object_get(stats, "system");
    if (!json_is_object(system)) {
        printf("System CPU:     -\nSystem memory:  -\n");
        return 0;
    }
    printf("System CPU:     %.1f %% in use\n",
           json_real_value(json_object_get(system, "cpu_percent")));
    print_memory("System memory:", system, "mem_used_mb", "mem_total_mb");
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct stats_options o = {0};
    int r = options_parse(&verb_stats.command, &o, &argc, argv, e);
    if (r)
        return r;
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    struct sample sample;
    if (client_request(&request, "stats") < 0)
        return err_nomem(e);
    sample_begin(&sample);
    if (ask(&request, &reply, e) < 0)
        return -1;
    sample_end(&sample);
    if (add_totals(&o, reply.head, e) < 0 || ask_set(&reply, "system", sample_json(&sample), e) < 0)
        return -1;
    return o.json ? ask_print_json(&reply, e) : print_stats(reply.head, e);
}

const struct verb verb_stats = {
    .name = "stats",
    .command = {.name = "mini-slurm stats",
                .summary = "say what is in use, how many jobs there are, and how long they wait",
                .options = options},
    .run = run,
};
