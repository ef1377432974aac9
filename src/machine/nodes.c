// SPDX-License-Identifier: MIT
#include "machine/nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/topology_conf.h"
#include "os/file.h"
#include "util/cleanup.h"

#define SPACE " \t\r"

/* --- files ------------------------------------------------------------------------------------ */

/* 1: *text is the file's, to free(); 0: it is not there; -1 with *e. */
static int read_text(const char *path, char **text, struct err *e)
{
    _cleanup_buf_ struct buf all = {0};
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0 || file_read_all(fd, &all) < 0)
        return err_errno(e, "cannot read %s", path);
    size_t len = 0;
    *text = buf_steal(&all, &len);
    if (!*text)
        return err_nomem(e);
    return strlen(*text) == len ? 1 : err_set(e, ERR_INVALID, "%s: not a text file", path);
}

/* The site file has other lines as well: they become empty, so that the numbers stay. A line that a
 * backslash ends goes on. */
static void keep_nodes(char *text)
{
    bool keep = false, goes_on = false;
    while (*text) {
        size_t len = strcspn(text, "\n"), end = len;
        const char *word = text + strspn(text, SPACE);
        if (!goes_on)
            keep = strncasecmp(word, "NodeName=", 9) == 0;
        while (end && strchr(SPACE, text[end - 1]))
            end--;
        goes_on = end && text[end - 1] == '\\';
        if (!keep)
            memset(text, ' ', len);
        text += len + (text[len] == '\n');
    }
}

static int read_topology(struct topology_conf *conf, const struct nodes_request *q, bool *any,
                         struct err *e)
{
    _cleanup_free_ char *text = NULL;
    int got = q->topology_conf ? read_text(q->topology_conf, &text, e) : 0;
    if (got == 0 && q->required)
        return err_set(e, ERR_NOT_FOUND, "%s: there is no such file", q->topology_conf);
    if (got < 0 || !text)
        return got;
    *any = true;
    return topology_conf_read(conf, q->topology_conf, text, e);
}

static int read_site(struct topology_conf *conf, const struct nodes_request *q, bool *any,
                     struct err *e)
{
    _cleanup_free_ char *text = NULL;
    int got = q->site_conf ? read_text(q->site_conf, &text, e) : 0;
    if (got < 0 || !text)
        return got;
    keep_nodes(text);
    *any |= text[strspn(text, SPACE "\n")] != '\0';
    return topology_conf_read(conf, q->site_conf, text, e);
}

/* --- nodes ------------------------------------------------------------------------------------ */

static struct topology *count_cpus(int64_t count, struct err *e)
{
    struct topology_builder *b = topology_builder_create(e);
    struct topology *t = NULL;
    char name[32];
    int rc = b ? 0 : -1;
    for (int64_t i = 0; i < count && rc == 0; i++) {
        snprintf(name, sizeof name, "cpu%d", (int)i);
        rc = topology_builder_add_node(b, -1, name, NULL, 1, 0, e);
    }
    if (rc == 0)
        t = topology_build(b, e);
    topology_builder_free(b);
    return t;
}

static int configure(struct nodes *n, const struct nodes_request *q,
                     const struct topology_conf *conf, struct err *e)
{
    struct topology *counted = q->cpus ? NULL : count_cpus(q->count, e);
    const struct topology *cores = q->cpus ? n->hardware.cores : counted;
    if (cores)
        n->configured = topology_conf_make(conf, cores, q->mem_mb, e);
    n->topology = n->configured;
    topology_free(counted);
    if (n->configured && n->configured->ncpus > CPUSET_MAX)
        return err_set(e, ERR_INVALID, "%d CPUs in the topology: at most %d can be",
                       n->configured->ncpus, CPUSET_MAX);
    return n->configured ? 0 : -1;
}

static int load(struct nodes *n, const struct nodes_request *q, struct topology_conf *conf,
                struct err *e)
{
    bool any = false;
    if (read_topology(conf, q, &any, e) < 0 || read_site(conf, q, &any, e) < 0)
        return -1;
    if (q->cpus && hardware_read(&n->hardware, q->cpus, e) < 0)
        return -1;
    n->topology = n->hardware.cores;
    return any || !q->cpus ? configure(n, q, conf, e) : 0;
}

struct nodes_request nodes_of_home(const struct paths *home, const char *topology_conf)
{
    return (struct nodes_request){
        .topology_conf = topology_conf ? topology_conf : home->topology,
        .required = topology_conf != NULL,
        .site_conf = home->site,
    };
}

int nodes_load(struct nodes *n, const struct nodes_request *q, struct err *e)
{
    *n = (struct nodes){0};
    struct topology_conf *conf = topology_conf_create(e);
    int rc = conf ? load(n, q, conf, e) : -1;
    topology_conf_free(conf);
    if (rc < 0)
        nodes_free(n);
    return rc;
}

void nodes_free(struct nodes *n)
{
    hardware_free(&n->hardware);
    topology_free(n->configured);
    *n = (struct nodes){0};
}

char *nodes_mems(const struct nodes *n, const struct cpuset *cpus, int64_t mem_mb)
{
    bool counted = !n->topology || n->topology->counted;
    return counted ? calloc(1, 1) : hardware_mems(&n->hardware, cpus, mem_mb);
}
