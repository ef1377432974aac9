/* SPDX-License-Identifier: MIT */
/* idhash.h - uthash for keys that are 64-bit ids. Where memory runs out an item is just not added,
 * instead of the process ending: look for it after adding it. */
#pragma once

#include <stdint.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1

/* Fibonacci hashing: ids are consecutive numbers. */
static inline unsigned idhash(const void *key)
{
    uint64_t id;
    memcpy(&id, key, sizeof id);
    return (unsigned)(id * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}
#define HASH_FUNCTION(key, len, hashv) ((hashv) = idhash(key))

#include <uthash.h>
