// SPDX-License-Identifier: MIT
#include "sim/numbering.h"

#include <stdlib.h>
#include <string.h>

/* Where memory runs out nothing is added, and the process goes on. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct numbered {
    UT_hash_handle hh;
    int64_t number;
    unsigned char bytes[];
};

static struct numbered *find(const struct numbering *n, const void *bytes, size_t len)
{
    struct numbered *found;
    HASH_FIND(hh, n->all, bytes, len, found);
    return found;
}

int64_t numbering_find(const struct numbering *n, const void *bytes, size_t len)
{
    const struct numbered *found = find(n, bytes, len);
    return found ? found->number : 0;
}

int64_t numbering_count(const struct numbering *n)
{
    return HASH_COUNT(n->all);
}

int64_t numbering_add(struct numbering *n, const void *bytes, size_t len)
{
    struct numbered *it = find(n, bytes, len);
    if (it)
        return it->number;
    it = malloc(sizeof *it + len);
    if (!it)
        return -1;
    it->number = numbering_count(n) + 1;
    memcpy(it->bytes, bytes, len);
    HASH_ADD_KEYPTR(hh, n->all, it->bytes, len, it);
    if (find(n, bytes, len) == it)
        return it->number;
    free(it);
    return -1;
}

void numbering_free(struct numbering *n)
{
    struct numbered *it, *next;
    HASH_ITER (hh, n->all, it, next) {
        HASH_DEL(n->all, it);
        free(it);
    }
}
