// SPDX-License-Identifier: MIT
/* main.c - the topology program: `mini-slurm topology`: the machine, or the switches of a
 * topology.conf, as a tree with who runs where. */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "api/client.h"
#include "api/topology_json.h"
#include "machine/machine.h"
#include "machine/nodes.h"
#include "topology/draw.h"
#include "topology/holders.h"
#include "util/options.h"

struct opts {
    const char *file;
    bool json;
};

static const struct option_def options[] = {
    OPTION_TEXT(struct opts, file, "topology-config", "F",
                "what this file makes of the machine, whatever runs"),
    OPTION_FLAG(struct opts, json, "json", "print JSON"),
    OPTIONS_END,
};

static const struct command command = {
    .name = "mini-slurm topology",
    .summary = "the machine, or the switches of a topology.conf, as a tree with who runs where",
    .options = options,
};

/* What a scheduler would be started with; NULL with *e. */
static json_t *look(const struct client *c, const char *file, struct err *e)
{
    struct machine m;
    struct nodes n;
    json_t *topology = NULL;
    char own[32]; /* the scheduler's directories are not to be touched */
    snprintf(own, sizeof own, "topology.%d", (int)getpid());
    if (machine_probe(&m, own, e) < 0)
        return NULL;
    struct nodes_request q = nodes_of_home(&c->paths, file);
    q.cpus = &m.cpus;
    q.mem_mb = m.mem_mb;
    if (nodes_load(&n, &q, e) == 0) {
        topology = topology_json(n.topology);
        if (!topology)
            err_nomem(e);
        nodes_free(&n);
    }
    machine_free(&m);
    return topology;
}

static int add_page(const json_t *jobs, struct holders *h, struct err *e)
{
    size_t i;
    const json_t *job;
    json_array_foreach (jobs, i, job)
        if (holders_add(h, job, e) < 0)
            return -1;
    return 0;
}

static int list_running(struct client *c, struct holders *h, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (client_request(&request, "list") < 0 ||
        json_object_set_new(request.head, "states", json_pack("[ss]", "RUNNING", "SUSPENDED")) < 0)
        return err_nomem(e);
    for (;;) {
        struct frame reply _cleanup_frame_ = {0};
        if (client_call(c, &request, &reply, e) < 0 ||
            add_page(json_object_get(reply.head, "jobs"), h, e) < 0)
            return -1;
        json_t *next = json_object_get(reply.head, "next");
        if (!json_is_integer(next))
            return 0;
        if (json_object_set(request.head, "after_id", next) < 0)
            return err_nomem(e);
    }
}

/* *topology: the scheduler's, or what one would have. */
static int get_topology(struct client *c, const char *file, json_t **topology, struct err *e)
{
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (client_request(&request, "topology") < 0)
        return err_nomem(e);
    if (!file && client_call(c, &request, &reply, e) < 0)
        return -1;
    const json_t *got = file ? NULL : json_object_get(reply.head, "topology");
    *topology = json_is_object(got) ? json_incref((json_t *)got) : look(c, file, e);
    return *topology ? 0 : -1;
}

/* Nobody runs on what a file would make. */
static int add_holders(struct client *c, const char *file, json_t *topology, struct err *e)
{
    struct holders *h = holders_create(topology, e);
    if (!h)
        return -1;
    int rc = file ? 0 : list_running(c, h, e);
    if (rc == 0)
        rc = holders_write(h, topology, e);
    holders_free(h);
    return rc;
}

static int print(const struct opts *o, const json_t *topology, struct err *e)
{
    if (!o->json)
        return draw(topology, stdout, e);
    if (json_dumpf(topology, stdout, JSON_INDENT(2)) < 0 && !ferror(stdout))
        return err_nomem(e);
    putchar('\n');
    return 0;
}

static int report(const void *given, int nwords, char **words, struct err *e)
{
    const struct opts *o = given;
    struct client c;
    json_t *topology = NULL;
    if (client_open(&c, e) < 0)
        return -1;
    int rc = get_topology(&c, o->file, &topology, e);
    if (rc == 0)
        rc = add_holders(&c, o->file, topology, e);
    if (rc == 0)
        rc = print(o, topology, e);
    json_decref(topology);
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
