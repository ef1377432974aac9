/* SPDX-License-Identifier: MIT */
/* hash.h - FNV-1a with 128 bits. Private to store/.
 *
 * Spreads well, but is not proof against somebody who makes two texts collide on purpose. */
#pragma once

#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 u128;

#define HASH_OF_NOTHING (((u128)UINT64_C(0x6c62272e07bb0142) << 64) | UINT64_C(0x62b821756295c58d))

/* h is the hash of some bytes: the hash of those followed by these. */
static inline u128 hash_more(u128 h, const void *bytes, size_t len)
{
    const u128 prime = ((u128)1 << 88) | 0x13b;
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++)
        h = (h ^ at[i]) * prime;
    return h;
}
