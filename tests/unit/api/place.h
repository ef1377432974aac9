/* SPDX-License-Identifier: MIT */
/* place.h - a home of its own for a test, in a temporary directory. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/paths.h"

struct place {
    char dir[64];
    struct paths paths;
};

static inline int place_remove_one(const char *path, const struct stat *st, int type,
                                   struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void place_open(struct place *p)
{
    struct err e = {0};
    snprintf(p->dir, sizeof p->dir, "/tmp/mini-slurm-test.XXXXXX");
    if (!mkdtemp(p->dir) || setenv("MINI_SLURM_HOME", p->dir, 1) < 0 ||
        paths_find(&p->paths, &e) < 0) {
        printf("Bail out! no place for the test: %s\n", e.text);
        exit(1);
    }
}

static inline void place_close(struct place *p)
{
    paths_free(&p->paths);
    nftw(p->dir, place_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
