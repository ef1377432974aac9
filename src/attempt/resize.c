// SPDX-License-Identifier: MIT
/* An order as text: "mini-slurm resize 1", "GENERATION CPUS MEM_MB GRACE_US", the CPU list, the
 * NUMA nodes, the reason; each on a line of its own. */
#include "attempt/resize.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt/status.h"
#include "os/file.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define MAGIC "mini-slurm resize 1\n"

void resize_order_free(struct resize_order *o)
{
    free(o->cpu_list);
    free(o->mems);
    free(o->reason);
    *o = (struct resize_order){0};
}

/* The text on one line. */
static void add_line(struct buf *out, const char *text)
{
    size_t at = out->len;
    buf_puts(out, text ? text : "");
    for (; !out->failed && at < out->len; at++)
        if (out->data[at] == '\n')
            out->data[at] = ' ';
    buf_puts(out, "\n");
}

static void encode(const struct resize_order *o, struct buf *out)
{
    buf_printf(out, MAGIC "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", o->generation,
               o->cpus, o->mem_mb, o->grace_us);
    add_line(out, o->cpu_list);
    add_line(out, o->mems);
    add_line(out, o->reason);
}

int resize_order_write(const char *run_dir, int64_t job, int attempt, const struct resize_order *o,
                       struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    _cleanup_free_ char *draft = NULL;
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "resize");
    encode(o, &text);
    if (!path || text.failed)
        return err_nomem(e);
    _cleanup_close_ int fd = attempt_create(run_dir, job, attempt, "resize.new", 0600, &draft, e);
    if (fd < 0)
        return -1;
    if (file_write_all(fd, text.data, text.len) == 0 && rename(draft, path) == 0)
        return 0;
    err_errno(e, "cannot write %s", path);
    unlink(draft);
    return -1;
}

/* Moves *at behind the line, which is ended there; NULL if there is none. */
static char *take_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return line;
}

static int take_numbers(char *line, struct resize_order *o)
{
    int64_t *const all[] = {&o->generation, &o->cpus, &o->mem_mb, &o->grace_us};
    char *at = line;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *end;
        errno = 0;
        *all[i] = strtoll(at, &end, 10);
        if (end == at || errno || *all[i] < 0)
            return -1;
        at = end;
    }
    return *at == '\0' && o->generation > 0 && o->cpus > 0 ? 0 : -1;
}

static int decode(char *text, struct resize_order *o, struct err *e)
{
    char *at = text + strlen(MAGIC);
    if (strncmp(text, MAGIC, strlen(MAGIC)) != 0)
        return err_set(e, ERR_CORRUPT, "not an order to resize, or one of another version");
    char *numbers = take_line(&at);
    char *list = numbers ? take_line(&at) : NULL;
    char *mems = list ? take_line(&at) : NULL;
    char *reason = mems ? take_line(&at) : NULL;
    if (!reason || *at || take_numbers(numbers, o) != 0)
        return err_set(e, ERR_CORRUPT, "order to resize is damaged");
    o->cpu_list = strdup(list);
    o->mems = strdup(mems);
    o->reason = strdup(reason);
    return o->cpu_list && o->mems && o->reason ? 0 : err_nomem(e);
}

int resize_order_read(const char *run_dir, int64_t job, int attempt, struct resize_order *o,
                      struct err *e)
{
    _cleanup_buf_ struct buf text = {0};
    *o = (struct resize_order){0};
    _cleanup_free_ char *path = attempt_path(run_dir, job, attempt, "resize");
    if (!path)
        return err_nomem(e);
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return err_set(e, ERR_NOT_FOUND, "%s: no such order", path);
    if (fd < 0 || file_read_all(fd, &text) != 0)
        return err_errno(e, "cannot read %s", path);
    if (decode(text.data, o, e) == 0)
        return 0;
    resize_order_free(o);
    return err_wrap(e, "%s", path);
}
