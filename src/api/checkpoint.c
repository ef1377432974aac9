// SPDX-License-Identifier: MIT
#include "api/checkpoint.h"

#include <string.h>

#include "api/fields.h"
#include "api/json.h"
#include "os/criu.h"
#include "util/signals.h"

#define SCRIPT_MIN ((size_t)128 * 1024)

int checkpoint_read(const struct frame *f, struct job_record *r, struct err *e)
{
    const json_t *value = json_object_get(f->head, "checkpoint");
    struct warning w = {0};
    char shown[64];
    if (!value || json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return err_set(e, ERR_INVALID, "checkpoint %s: not a text such as \"signal:USR1@30s\"",
                       field_brief(value, shown, sizeof shown));
    if (checkpoint_parse("checkpoint", json_string_value(value), &r->checkpoint, &w, e) < 0)
        return -1;
    if (r->checkpoint == CHECKPOINT_CRIU)
        return 0;
    if (r->warning.signal)
        return err_set(
            e, ERR_INVALID,
            "signal: the signal of its checkpoint is its warning, only one can be given");
    r->warning = w;
    return warning_fits("checkpoint", &w, r->job.limit_us, r->resize_signal, e);
}

/* As attempts are told (daemon/job_spec.c): then it is executed by a file that goes with each. */
static bool has_script(const struct job_record *r)
{
    return r->shell && (strncmp(r->argv.data, "#!", 2) == 0 || r->argv.len > SCRIPT_MIN);
}

int checkpoint_check(const struct job_record *r, struct err *e)
{
    const char *wrong = NULL;
    if (r->checkpoint != CHECKPOINT_CRIU)
        return 0;
    if (r->job.elastic)
        wrong = "an elastic job talks with its shepherd, and can't be saved";
    else if (r->pty)
        wrong = "a job with a terminal can't be saved";
    else if (has_script(r))
        wrong = "a script on the command line can't be saved: name a file instead";
    if (wrong)
        return err_set(e, ERR_INVALID, "checkpoint criu: %s", wrong);
    return criu_check(e) < 0 ? err_wrap(e, "checkpoint criu") : 0;
}

int checkpoint_recheck(const struct job_record *r, struct err *e)
{
    if (r->checkpoint != CHECKPOINT_SIGNAL)
        return 0;
    return warning_fits("checkpoint", &r->warning, r->job.limit_us, r->resize_signal, e);
}

json_t *checkpoint_json(const struct job_record *r)
{
    char name[16];
    if (!r->checkpoint)
        return json_null();
    struct object o = object_new();
    object_set(&o, "kind", json_string(checkpoint_name(r->checkpoint)));
    bool told = r->checkpoint == CHECKPOINT_SIGNAL;
    signal_format(r->warning.signal, name, sizeof name);
    object_set(&o, "signal", told ? json_string(name) : json_null());
    object_set(&o, "before", told ? json_seconds_us(r->warning.before_us) : json_null());
    return object_end(&o);
}
