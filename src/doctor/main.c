// SPDX-License-Identifier: MIT
/* main.c - the doctor program: `mini-slurm doctor`: what this machine enforces, watches or only
 * advises, where the files are, whether a scheduler runs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/client.h"
#include "machine/machine.h"
#include "os/criu.h"
#include "util/cleanup.h"
#include "util/options.h"
#include "util/size.h"

struct opts {
    bool json;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct opts, json, "json", "print JSON"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm doctor",
    .summary = "what this machine enforces, watches or only advises; where the files are",
    .options = options,
};

static json_t *findings_json(const struct machine *m)
{
    struct machine_finding f[MACHINE_FINDINGS];
    json_t *all = json_array();
    machine_explain(m, f);
    for (size_t i = 0; i < MACHINE_FINDINGS; i++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s?}", "resource", f[i].resource,
                                             "level", level_name(f[i].level), "how", f[i].how,
                                             "better", f[i].better));
    return all;
}

static json_t *criu_json(void)
{
    struct err e = {0};
    bool works = criu_check(&e) == 0;
    return json_pack("{s:b, s:s?}", "criu", works, "reason", works ? NULL : e.text);
}

/* The whole report; NULL if no memory. */
static json_t *examine(const struct machine *m, struct client *c)
{
    _cleanup_frame_ struct frame request = {0}, reply = {0};
    struct err e = {0};
    json_t *scheduler = NULL;
    const char *error = NULL;
    _cleanup_free_ char *cpus = cpuset_format(&m->cpus);
    const struct paths *p = &c->paths;
    if (client_request(&request, "ping") < 0)
        return NULL;
    if (client_call(c, &request, &reply, &e) == 0)
        scheduler = json_incref(json_object_get(reply.head, "scheduler"));
    else
        error = e.text;
    return json_pack(
        "{s:s, s:{s:i, s:s?, s:I}, s:o, s:s, s:o, s:{s:s, s:s, s:s, s:s, s:s}, s:o?, s:s?}",
        "version", MINI_SLURM_VERSION, "machine", "cpus", cpuset_count(&m->cpus), "cpu_list", cpus,
        "mem_mb", (json_int_t)m->mem_mb, "enforcement", findings_json(m), "elastic",
        machine_elastic(m), "checkpoint", criu_json(), "files", "home", p->home, "database", p->db,
        "logs", p->logs, "attempts", p->run, "socket", p->socket, "scheduler", scheduler, "error",
        error);
}

static const char *text_of(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void print_machine(json_t *report)
{
    json_t *m = json_object_get(report, "machine"), *f;
    char mem[32];
    size_t i;
    printf("mini-slurm %s\n\nMachine\n", text_of(report, "version"));
    printf("  CPUs:        %" JSON_INTEGER_FORMAT " (%s)\n",
           json_integer_value(json_object_get(m, "cpus")), text_of(m, "cpu_list"));
    printf("  Memory:      %s\n",
           size_format_mb(json_integer_value(json_object_get(m, "mem_mb")), mem, sizeof mem));
    printf("\nHow jobs are held to what they asked for\n");
    json_array_foreach (json_object_get(report, "enforcement"), i, f) {
        printf("  %-12s %s: %s\n", text_of(f, "resource"), text_of(f, "level"), text_of(f, "how"));
        if (text_of(f, "better"))
            printf("               to enforce: %s\n", text_of(f, "better"));
    }
    printf("  %-12s %s\n", "elastic jobs", text_of(report, "elastic"));
    const char *reason = text_of(json_object_get(report, "checkpoint"), "reason");
    printf("  %-12s %s%s\n", "checkpoints",
           reason ? "by a signal only: " : "by a signal, or by criu", reason ? reason : "");
}

static void print_files(json_t *report)
{
    json_t *files = json_object_get(report, "files"), *value;
    const char *key;
    printf("\nFiles\n");
    json_object_foreach (files, key, value)
        printf("  %s:%*s%s\n", key, (int)(12 - strlen(key)), "", json_string_value(value));
}

static void print_scheduler(json_t *report)
{
    json_t *s = json_object_get(report, "scheduler");
    printf("\nScheduler\n");
    if (text_of(report, "error"))
        printf("  unknown: %s\n", text_of(report, "error"));
    else if (!json_is_object(s))
        printf("  none is running; start it with: mini-slurm scheduler --background\n");
    else
        printf("  running (pid %" JSON_INTEGER_FORMAT "): %" JSON_INTEGER_FORMAT
               " CPUs, %" JSON_INTEGER_FORMAT " MB memory, policy %s\n",
               json_integer_value(json_object_get(s, "pid")),
               json_integer_value(json_object_get(s, "cpus_total")),
               json_integer_value(json_object_get(s, "mem_total_mb")), text_of(s, "policy"));
}

static int report(const void *given, int nwords, char **words, struct err *e)
{
    const struct opts *o = given;
    struct client c;
    struct machine m;
    char own[32]; /* the scheduler's directories are not to be touched */
    if (client_open(&c, e) < 0)
        return -1;
    snprintf(own, sizeof own, "doctor.%d", (int)getpid());
    int rc = machine_probe(&m, own, e);
    json_t *found = rc == 0 ? examine(&m, &c) : NULL;
    if (rc == 0 && !found)
        rc = err_nomem(e);
    if (found && o->json) {
        json_dumpf(found, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(16));
        putchar('\n');
    } else if (found) {
        print_machine(found);
        print_files(found);
        print_scheduler(found);
    }
    json_decref(found);
    if (rc == 0)
        machine_free(&m);
    client_close(&c);
    if (fflush(stdout) != 0 && rc == 0)
        rc = err_errno(e, "cannot write to standard output");
    return rc;
}

int main(int argc, char **argv)
{
    struct opts o = {0};
    return options_main(&command, &o, argc, argv, report);
}
