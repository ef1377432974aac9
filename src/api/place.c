// SPDX-License-Identifier: MIT
#include "api/place.h"

#include "api/fields.h"
#include "api/json.h"

static int read_switches(const struct frame *f, struct job *j, struct err *e)
{
    if (field_int(f, "max_switches", 1, CPUSET_MAX, &j->max_switches, e) < 0 ||
        field_seconds_us(f, "switches_wait", &j->switches_wait_us, e) < 0)
        return -1;
    if (j->switches_wait_us && !j->max_switches)
        return err_set(e, ERR_INVALID, "switches_wait: wait for what? (max_switches is missing)");
    return 0;
}

int place_read(const struct frame *f, struct job *j, struct err *e)
{
    int64_t threads = 0;
    if (field_int(f, "nodes", 1, CPUSET_MAX, &j->nodes, e) < 0 || read_switches(f, j, e) < 0 ||
        field_int(f, "threads_per_core", 1, 1, &threads, e) < 0 ||
        field_bool(f, "exclusive", &j->exclusive, e) < 0)
        return -1;
    j->whole_cores = threads == 1;
    if (j->elastic && (j->nodes || j->max_switches || j->whole_cores || j->exclusive))
        return err_set(e, ERR_INVALID,
                       "%s: an elastic job is resized by single CPUs, wherever they are",
                       j->nodes          ? "nodes"
                       : j->max_switches ? "max_switches"
                       : j->whole_cores  ? "threads_per_core"
                                         : "exclusive");
    return 0;
}

static json_t *if_asked(int64_t n)
{
    return n ? json_integer(n) : json_null();
}

json_t *place_json(const struct job *j)
{
    if (!j->nodes && !j->max_switches && !j->whole_cores && !j->exclusive)
        return json_null();
    struct object o = object_new();
    object_set(&o, "nodes", if_asked(j->nodes));
    object_set(&o, "max_switches", if_asked(j->max_switches));
    object_set(&o, "switches_wait",
               j->switches_wait_us ? json_seconds_us(j->switches_wait_us) : json_null());
    object_set(&o, "threads_per_core", if_asked(j->whole_cores));
    object_set(&o, "exclusive", json_boolean(j->exclusive));
    return object_end(&o);
}
