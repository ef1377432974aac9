// SPDX-License-Identifier: MIT
#include "shepherd/elastic.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "shepherd/shepherd.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/log.h"

static const char *or_dash(const char *text)
{
    return text && text[0] ? text : "-";
}

static void format(const struct shepherd *s, int64_t grace_us, struct buf *out)
{
    const struct attempt_spec *spec = &s->spec;
    const struct elastic *el = &s->elastic;
    const struct resize_order *o = &el->order;
    bool shrinks = grace_us >= 0;
    const char *list = o->generation ? o->cpu_list : spec->cpus;
    int64_t until_ms = shrinks ? (clock_wall_us() + grace_us) / 1000 : 0;
    buf_printf(out, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s %s\n", el->told_cpus,
               shrinks ? o->mem_mb : spec->mem_mb, spec->min_cpus, spec->max_cpus,
               shrinks ? "SHRINKING" : "RUNNING", el->event);
    buf_printf(out, "%" PRId64 " %s ", o->generation, or_dash(list));
    if (shrinks)
        buf_printf(out, "%" PRId64 ".%03d", until_ms / 1000, (int)(until_ms % 1000));
    else
        buf_puts(out, "0");
    buf_printf(out, " %s\n", or_dash(o->reason));
}

static int give_to_user(const struct attempt_spec *spec, int fd)
{
    return spec->uid == geteuid() ? 0 : fchown(fd, spec->uid, spec->gid);
}

static int write_draft(const struct shepherd *s, const char *draft, const struct buf *text)
{
    unlink(draft);
    _cleanup_close_ int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || file_write_all(fd, text->data, text->len) != 0)
        return -1;
    return give_to_user(&s->spec, fd);
}

static int replace(const struct shepherd *s, int64_t grace_us, struct err *e)
{
    const char *path = s->spec.control_path;
    _cleanup_buf_ struct buf text = {0}, draft = {0};
    format(s, grace_us, &text);
    buf_printf(&draft, "%s.new", path);
    if (text.failed || draft.failed)
        return err_nomem(e);
    if (write_draft(s, draft.data, &text) == 0 && rename(draft.data, path) == 0)
        return 0;
    err_errno(e, "cannot write %s", path);
    unlink(draft.data);
    return -1;
}

void elastic_tell(struct shepherd *s, int64_t grace_us)
{
    struct err e = {0};
    if (replace(s, grace_us, &e) != 0)
        log_warn("job %lld: it does not hear that it is resized: %s", (long long)s->spec.job,
                 e.text);
}

static int open_fifo(const struct attempt_spec *spec, struct err *e)
{
    unlink(spec->ack_path);
    if (mkfifo(spec->ack_path, 0600) != 0)
        return err_errno(e, "cannot make %s", spec->ack_path);
    /* With a writer of our own, so that it does not end when the job has answered. */
    _cleanup_close_ int fd = open(spec->ack_path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, "cannot open %s", spec->ack_path);
    if (give_to_user(spec, fd) != 0)
        return err_errno(e, "cannot hand %s to the job's user", spec->ack_path);
    return steal_fd(&fd);
}

int elastic_open(struct shepherd *s, struct err *e)
{
    if (!s->spec.elastic)
        return 0;
    s->elastic.event = "none";
    s->elastic.told_cpus = s->spec.ncpus;
    s->elastic.ack = open_fifo(&s->spec, e);
    return s->elastic.ack < 0 ? -1 : replace(s, -1, e);
}

/* Not if a later attempt of the job has made its own under these names. */
static bool are_ours(const struct shepherd *s)
{
    struct stat open_one, named;
    if (s->elastic.ack < 0 || fstat(s->elastic.ack, &open_one) != 0)
        return false;
    return lstat(s->spec.ack_path, &named) != 0 ||
           (named.st_dev == open_one.st_dev && named.st_ino == open_one.st_ino);
}

void elastic_close(struct shepherd *s)
{
    if (!are_ours(s))
        return;
    unlink(s->spec.control_path);
    unlink(s->spec.ack_path);
}

/* Whether a line that ends here is what we wait for. */
static bool take_byte(struct elastic *el, char byte)
{
    if (byte != '\n') {
        if (el->line_len < sizeof el->line - 1)
            el->line[el->line_len++] = byte;
        return false;
    }
    char *end;
    el->line[el->line_len] = '\0';
    int64_t generation = strtoll(el->line, &end, 10);
    bool is_ours = el->line_len > 0 && *end == '\0' && generation == el->order.generation;
    el->line_len = 0;
    return is_ours;
}

/* Once a turn, whatever it holds: who writes into it all the time keeps us from nothing else. */
bool elastic_is_acked(struct shepherd *s)
{
    char bytes[4096];
    bool acked = false;
    ssize_t n = read(s->elastic.ack, bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++)
        acked |= take_byte(&s->elastic, bytes[i]);
    return acked;
}
