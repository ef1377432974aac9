// SPDX-License-Identifier: MIT
#include "api/warning.h"

#include "api/fields.h"
#include "api/json.h"
#include "util/signals.h"

int warning_read(const struct frame *f, struct job_record *r, struct err *e)
{
    const json_t *value = field_get(f, "signal");
    char shown[64];
    if (!value)
        return 0;
    if (!json_is_string(value))
        return err_set(e, ERR_INVALID, "signal %s: not a text such as \"USR1@60\"",
                       field_brief(value, shown, sizeof shown));
    if (warning_parse("signal", json_string_value(value), &r->warning, e) < 0)
        return -1;
    return warning_check("signal", &r->warning, r->job.limit_us, r->resize_signal, e);
}

json_t *warning_json(const struct job_record *r)
{
    const struct warning *w = &r->warning;
    char name[16];
    if (!w->signal || r->checkpoint == CHECKPOINT_SIGNAL)
        return json_null();
    struct object o = object_new();
    object_set(&o, "signal", json_string(signal_format(w->signal, name, sizeof name)));
    object_set(&o, "before", json_seconds_us(w->before_us));
    object_set(&o, "first", json_boolean(w->first));
    return object_end(&o);
}
