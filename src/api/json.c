// SPDX-License-Identifier: MIT
#include "api/json.h"

#include <string.h>

#include "util/text.h"
#include "util/times.h"

struct object object_new(void)
{
    return (struct object){.json = json_object()};
}

void object_set(struct object *o, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(o->json, key, value) < 0)
        o->failed = true;
}

json_t *object_end(struct object *o)
{
    if (!o->failed)
        return o->json;
    json_decref(o->json);
    return NULL;
}

json_t *json_bytes(const char *s)
{
    if (!s)
        return json_null();
    _cleanup_buf_ struct buf text = {0};
    text_printable(&text, s, strlen(s));
    if (text.failed)
        return NULL;
    return json_stringn_nocheck(text.data ? text.data : "", text.len);
}

json_t *json_time_us(int64_t us)
{
    return us ? json_seconds_us(us) : json_null();
}

json_t *json_seconds_us(int64_t us)
{
    return json_real((double)us / US_PER_SEC);
}

json_t *json_known(int64_t n)
{
    return n < 0 ? json_null() : json_integer(n);
}

json_t *json_levels(const struct levels *l)
{
    struct object o = object_new();
    object_set(&o, "cpu", json_string(level_name(l->cpu)));
    object_set(&o, "memory", json_string(level_name(l->mem)));
    object_set(&o, "processes", json_string(level_name(l->procs)));
    object_set(&o, "gpu", json_string(level_name(l->gpu)));
    return object_end(&o);
}
