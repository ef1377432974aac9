// SPDX-License-Identifier: MIT
#include "api/notify.h"

#include <string.h>

#include "api/fields.h"
#include "api/json.h"
#include "util/notify.h"

#define COMMAND_MAX 65536

int notify_read(const struct frame *f, struct job_record *r, struct err *e)
{
    const json_t *on = json_object_get(f->head, "notify_on");
    char shown[64];
    if (field_string(f, "notify", COMMAND_MAX, &r->notify, e) < 0)
        return -1;
    r->notify_on = r->notify ? NOTIFY_DEFAULT : 0;
    if (!on || json_is_null(on))
        return 0;
    if (!r->notify)
        return err_set(e, ERR_INVALID, "notify_on: without notify, which says what is to be run");
    if (!json_is_string(on))
        return err_set(e, ERR_INVALID, "notify_on %s: not a text such as \"end,fail\"",
                       field_brief(on, shown, sizeof shown));
    return notify_parse("notify_on", json_string_value(on), &r->notify_on, e);
}

json_t *notify_json(const struct job_record *r)
{
    struct buf on _cleanup_buf_ = {0};
    if (!r->notify)
        return json_null();
    notify_format(&on, r->notify_on);
    struct object o = object_new();
    object_set(&o, "command", json_bytes(r->notify));
    object_set(&o, "on", on.failed ? NULL : json_string(on.data ? on.data : ""));
    return object_end(&o);
}
