/* SPDX-License-Identifier: MIT */
/* ids.h - lists of jobs by their ids. All zero is an empty one. */
#pragma once

#include <stdint.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/err.h"

struct ids {
    int64_t *list;
    size_t count, cap;
};

/* -1 if no memory. */
static inline int ids_add(struct ids *ids, int64_t id, struct err *e)
{
    int64_t *grown = array_room(ids->list, &ids->cap, ids->count, 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    ids->list = grown;
    ids->list[ids->count++] = id;
    return 0;
}

static inline int ids_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* For ids_has(). */
static inline void ids_sort(struct ids *ids)
{
    if (ids->count)
        qsort(ids->list, ids->count, sizeof *ids->list, ids_order);
}

/* Of a sorted list. */
static inline bool ids_has(const struct ids *ids, int64_t id)
{
    return ids->count && bsearch(&id, ids->list, ids->count, sizeof *ids->list, ids_order);
}

static inline void ids_free(struct ids *ids)
{
    free(ids->list);
}
#define _cleanup_ids_ __attribute__((cleanup(ids_free)))
