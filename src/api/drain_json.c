// SPDX-License-Identifier: MIT
#include "api/drain_json.h"

#include "api/access.h"

int drain_add(const struct api *a, struct object *o, struct err *e)
{
    struct store_drain drain;
    if (store_drain_get(a->store, &drain, e) < 0)
        return -1;
    if (!drain.time_us) {
        object_set(o, "drained", json_null());
        return 0;
    }
    struct object d = object_new();
    object_set(&d, "time", json_time_us(drain.time_us));
    object_set(&d, "uid", json_integer(drain.uid));
    object_set(&d, "user", json_bytes(access_user_name(drain.uid)));
    object_set(o, "drained", object_end(&d));
    return 0;
}
