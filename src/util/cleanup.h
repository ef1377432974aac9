/* SPDX-License-Identifier: MIT */
/* cleanup.h - locals that let go of what they hold when they leave scope. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
    free(*(void **)p);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define _cleanup_(f)    __attribute__((cleanup(f)))
#define _cleanup_free_  _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)

/* Takes the pointer out of a cleanup variable: `return steal(p);` */
#define steal(p)                                                                                   \
    __extension__({                                                                                \
        __typeof__(p) steal_tmp_ = (p);                                                            \
        (p) = NULL;                                                                                \
        steal_tmp_;                                                                                \
    })

static inline int steal_fd(int *fd)
{
    int was = *fd;
    *fd = -1;
    return was;
}
