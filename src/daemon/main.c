// SPDX-License-Identifier: MIT
/* main.c - the scheduler program: `mini-slurm scheduler`. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/background.h"
#include "daemon/daemon.h"
#include "daemon/policy.h"
#include "util/options.h"

struct opts {
    int64_t total_cpus, total_mem_mb;
    double poll_interval;
    struct policy_options policy;
    const char *enforce, *topology_conf;
    struct site_hooks hooks;
    bool background;
};

static const struct option_def options[] = {
    OPTION_NUMBER(struct opts, total_cpus, "total-cpus", "N", 1, CPUSET_MAX,
                  "CPUs to hand out (default: those this process may use). More than there\n"
                  "are is allowed, for experiments: then jobs are not pinned"),
    OPTION_SIZE(struct opts, total_mem_mb, "total-mem", "SIZE",
                "memory to hand out (default: what the machine, or its container, has)"),
    OPTION_TEXT(
        struct opts, policy.policy, "policy", "NAME",
        "easy (default): the first in the queue that does not fit has a reservation, and\n"
        "others may pass it if they do not delay it; conservative: everybody has one, and\n"
        "keeps it; conservative-rebuild: made anew each time; fifo: nobody passes; greedy:\n"
        "whatever fits starts"),
    OPTION_TEXT(struct opts, policy.order, "order", "NAME",
                "of the queue: priority (default; then arrival), sjf, sjf2, saf, slowdown, wfp,\n"
                "unicef, f1, f2, f3, f4"),
    OPTION_TEXT(struct opts, policy.backfill_order, "backfill-order", "NAME",
                "of those who may pass (default: the queue's)"),
    OPTION_TEXT(struct opts, policy.order_expr, "order-expr", "EXPR",
                "an order of your own, smallest first: a formula over submit, wait, estimate\n"
                "(seconds), cpus, memory (MB), priority"),
    OPTION_NUMBER(struct opts, policy.reservations, "reservations", "N", 1, 1e9,
                  "conservative: only the first N in the queue have reservations"),
    OPTION_DURATION(
        struct opts, policy.default_time_us, "default-time", "T",
        "how long a job without a time limit is expected to run if nothing is known of\n"
        "the like (default: 1h)"),
    OPTION_TEXT(struct opts, topology_conf, "topology-config", "F",
                "virtual nodes on switches, in Slurm's topology.conf syntax (default:\n"
                "~/.mini_slurm_topology.conf; without it, the machine as it is)"),
    OPTION_NUMBER(struct opts, policy.elastic_threshold_pct, "elastic-threshold", "PCT", 1, 100,
                  "elastic jobs grow only while the machine's utilisation, the mean of CPUs and\n"
                  "memory, is below this (default: 100)"),
    OPTION_TEXT(struct opts, policy.elastic_order, "elastic-order", "NAME",
                "of elastic jobs: equal (default): those with the fewest CPUs grow first;\n"
                "priority: those with the highest priority, as far as they may"),
    OPTION_TEXT(struct opts, policy.elastic_cooldown, "elastic-cooldown", "T",
                "after its start, and whenever it grew, an elastic job does not grow for so\n"
                "long (default: 5s; 0: at once)"),
    OPTION_NUMBER(struct opts, policy.elastic_step, "elastic-step", "N", 1, CPUSET_MAX,
                  "nor does it grow by fewer CPUs (default: 1)"),
    OPTION_FLAG(struct opts, policy.disable_elastic, "disable-elastic",
                "elastic jobs keep the CPUs they start with"),
    OPTION_TEXT(struct opts, enforce, "enforce", "HOW",
                "auto (default): the best this machine can do; watched: use no cgroups"),
    OPTION_TEXT(struct opts, hooks.prolog, "prolog", "CMD",
                "run by a shell before each job, as the scheduler's user; a job whose prolog\n"
                "fails does not start, and has FAILED"),
    OPTION_TEXT(struct opts, hooks.epilog, "epilog", "CMD",
                "the same after the job's last process is gone; its job waits for it"),
    OPTION_DURATION(struct opts, hooks.timeout_us, "hook-timeout", "T",
                    "the longest a prolog or an epilog may take (default: 1m)"),
    OPTION_DECIMAL(struct opts, poll_interval, "poll-interval", "S", 0.001, 86400,
                   "accepted for old scripts; has no effect: nothing polls"),
    OPTION_FLAG(struct opts, background, "background",
                "go into the background; returns once the scheduler is ready"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm scheduler",
    .summary = "run the scheduler, until SIGTERM or SIGINT; running jobs then go on",
    .options = options,
};

static int check(const struct opts *o, struct daemon_options *into, struct err *e)
{
    bool watched = strcmp(o->enforce, "watched") == 0;
    if (!watched && strcmp(o->enforce, "auto") != 0)
        return err_set(e, ERR_USAGE, "--enforce %s: neither auto nor watched", o->enforce);
    *into = (struct daemon_options){
        .total_cpus = o->total_cpus,
        .total_mem_mb = o->total_mem_mb,
        .watched_only = watched,
        .background = o->background,
        .topology_conf = o->topology_conf,
        .hooks = o->hooks,
    };
    return policy_configure(&o->policy, &into->policy, e);
}

/* ready: background_ready()'s descriptor; -1 in the foreground. */
static int run(const struct daemon_options *o, int ready)
{
    static struct daemon d;
    struct err e = {0};
    char line[640];
    if (daemon_start(&d, o, &e) < 0) {
        snprintf(line, sizeof line, "mini-slurm scheduler: %s", e.text);
        if (ready >= 0)
            background_ready(ready, 1, line);
        else
            fprintf(stderr, "%s\n", line);
        daemon_stop(&d);
        return 1;
    }
    if (ready >= 0) {
        snprintf(line, sizeof line,
                 "[mini-slurm] Starting scheduler with %jd CPUs, %jd MB memory (pid %d)",
                 (intmax_t)d.config.cpus, (intmax_t)d.config.mem_mb, (int)getpid());
        background_ready(ready, 0, line);
    }
    daemon_loop(&d);
    daemon_stop(&d);
    return 0;
}

static int start(const void *given, int nwords, char **words, struct err *e)
{
    const struct opts *o = given;
    struct daemon_options checked = {0};
    int ready = -1;
    if (check(o, &checked, e) < 0)
        return -1;
    signal(SIGPIPE, SIG_IGN);
    if (o->background) {
        signal(SIGHUP, SIG_IGN);
        if (background_fork(&ready, e) < 0)
            return -1;
    }
    int status = run(&checked, ready);
    expr_free(checked.policy.order_expr);
    return status;
}

int main(int argc, char **argv)
{
    struct opts o = {
        .policy = {.policy = "easy", .elastic_order = "equal", .elastic_cooldown = "5s"},
        .enforce = "auto",
        .hooks.timeout_us = INT64_C(60000000)};
    return options_main(&command, &o, argc, argv, start);
}
