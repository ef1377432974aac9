// SPDX-License-Identifier: MIT
#include "api/topology_json.h"

#include "api/json.h"
#include "util/cleanup.h"

static json_t *name_json(const char *name)
{
    return *name ? json_bytes(name) : json_null();
}

static json_t *switch_json(const struct topology_switch *s)
{
    struct object o = object_new();
    object_set(&o, "name", name_json(s->name));
    object_set(&o, "kind", json_string(topology_kind_name(s->kind)));
    object_set(&o, "parent", json_known(s->parent));
    object_set(&o, "height", json_integer(s->height));
    return object_end(&o);
}

static char *list_of(const struct topology *t, const struct topology_node *n)
{
    _cleanup_cpuset_ struct cpuset cpus = {0};
    for (int i = 0; i < n->cpus; i++)
        if (cpuset_add(&cpus, t->cpus[n->first_cpu + i]) < 0)
            return NULL;
    return cpuset_format(&cpus);
}

static json_t *node_json(const struct topology *t, const struct topology_node *n)
{
    _cleanup_free_ char *list = list_of(t, n);
    struct object o = object_new();
    object_set(&o, "name", name_json(n->name));
    object_set(&o, "switch", json_integer(t->leaves[n->leaf]));
    object_set(&o, "cpus", json_integer(n->cpus));
    object_set(&o, "cpu_list", list ? json_string(list) : NULL);
    object_set(&o, "mem_mb", n->mem_mb ? json_integer(n->mem_mb) : json_null());
    return object_end(&o);
}

static json_t *switches_json(const struct topology *t)
{
    json_t *list = json_array();
    for (int i = 0; i < t->nswitches; i++)
        if (json_array_append_new(list, switch_json(&t->switches[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *nodes_json(const struct topology *t)
{
    json_t *list = json_array();
    for (int i = 0; i < t->nnodes; i++)
        if (json_array_append_new(list, node_json(t, &t->nodes[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *topology_json(const struct topology *t)
{
    if (!t)
        return json_null();
    struct object o = object_new();
    object_set(&o, "counted", json_boolean(t->counted));
    object_set(&o, "switches", switches_json(t));
    object_set(&o, "nodes", nodes_json(t));
    return object_end(&o);
}
