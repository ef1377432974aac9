/* SPDX-License-Identifier: MIT */
/* array.h - arrays that grow. */
#pragma once

#include <stddef.h>
#include <stdlib.h>

/* The array, perhaps moved, with room for `more` items behind the `count` that are there; NULL if
 * no memory, the array stays as it was then. NULL with *cap 0 is an empty one. */
static inline void *array_room(void *array, size_t *cap, size_t count, size_t more, size_t size)
{
    size_t wanted = *cap ? *cap : 16;
    while (wanted - count < more)
        wanted *= 2;
    if (wanted == *cap)
        return array;
    void *grown = realloc(array, wanted * size);
    if (grown)
        *cap = wanted;
    return grown;
}
