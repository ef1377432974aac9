// SPDX-License-Identifier: MIT
#include "daemon/launch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attempt/spec.h"
#include "attempt/status.h"
#include "daemon/job_spec.h"
#include "daemon/places.h"
#include "daemon/shepherds.h"
#include "os/file.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/log.h"
#include "util/text.h"

static int hand_over(struct shepherd_process *s, const struct buf *spec, struct err *e)
{
    if (file_write_all(s->spec_fd, spec->data, spec->len) < 0 || shepherds_say(s, SAY_SPEC) < 0)
        return err_errno(e, "cannot tell the shepherd what to run");
    return 0;
}

static void describe(const struct daemon *d, struct run *r, const struct job_record *rec)
{
    _cleanup_buf_ struct buf command = {0};
    _cleanup_free_ char *cpus = places_cpus(d, &rec->job.alloc_set);
    bool pinned = cpus && *cpus;
    text_printable(&command, rec->command, strlen(rec->command));
    snprintf(r->title, sizeof r->title, "%" PRId64 " CPU%s%s%s%s, %" PRId64 " MB: %.160s",
             rec->job.alloc_cpus, rec->job.alloc_cpus == 1 ? "" : "s", pinned ? " (" : "",
             pinned ? cpus : "", pinned ? ")" : "", rec->job.alloc_mem_mb,
             command.data ? command.data : "");
}

/* With the files of one that ended, if there is any. */
static int brief(struct daemon *d, const struct run *r, const struct job_record *rec, struct err *e)
{
    _cleanup_buf_ struct buf spec = {0};
    const struct attempt_id *given = d->nended ? &d->ended[d->nended - 1] : NULL;
    if (job_spec_make(d, rec, r, given, &spec, e) < 0 || hand_over(r->shepherd, &spec, e) < 0)
        return -1;
    if (given)
        d->nended--;
    return 0;
}

static int prepare(struct daemon *d, struct run *r, struct err *e)
{
    _cleanup_job_record_ struct job_record rec = {0};
    if (store_job_load(d->store, r->job, STORE_WITH_ENV, &rec, e) < 0)
        return -1;
    runs_know(r, &rec);
    r->shepherd = shepherds_take(d, r, e);
    if (!r->shepherd || brief(d, r, &rec, e) < 0)
        return -1;
    describe(d, r, &rec);
    return 0;
}

static void dismiss(struct run *r)
{
    if (r->shepherd)
        shepherds_dismiss(r->shepherd);
    r->shepherd = NULL;
}

void launch_prepare(struct daemon *d, struct run *r)
{
    struct err e = {0};
    if (prepare(d, r, &e) == 0)
        return;
    dismiss(r);
    text_copy(r->why, sizeof r->why, e.text);
    r->phase = RUN_FAILED;
}

void launch_go(struct daemon *d, struct run *r)
{
    if (r->phase == RUN_FAILED) {
        d->settle = true;
        return;
    }
    /* If it is gone already, we hear of that by its end. */
    if (shepherds_say(r->shepherd, SAY_RUN) == 0 && r->phase == RUN_BEGUN)
        r->phase = RUN_ACTIVE;
    crash_point("scheduler-told-shepherd");
    d->launch_backoff = (struct backoff){0};
}

void launch_log(const struct run *r)
{
    if (r->phase == RUN_ACTIVE)
        log_info("Started job %jd%s on %s", (intmax_t)r->job, r->task, r->title);
}

void launch_abandon(struct run *r)
{
    dismiss(r);
    runs_remove(r);
}
