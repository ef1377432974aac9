/* SPDX-License-Identifier: MIT */
/* swf_fixture.h - a temporary directory with one file in it, and reading that as SWF. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "sim/swf.h"
#include "tap.h"

#define S INT64_C(1000000)

static char swf_dir[64], swf_path[160];
static struct err err; /* of the last call */

/* For what a test relies on but is not about. */
#define must(good)                                                                                 \
    do {                                                                                           \
        if (!(good)) {                                                                             \
            printf("Bail out! %s:%d: %s\n", __FILE__, __LINE__, #good);                            \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static void swf_fixture_make(void)
{
    snprintf(swf_dir, sizeof swf_dir, "/tmp/mini-slurm-swf-XXXXXX");
    must(mkdtemp(swf_dir));
}

static void swf_fixture_remove(void)
{
    unlink(swf_path);
    must(rmdir(swf_dir) == 0);
}

/* Makes it the fixture's only file. */
static void swf_file(const char *name, const void *bytes, size_t len)
{
    if (swf_path[0])
        unlink(swf_path);
    snprintf(swf_path, sizeof swf_path, "%s/%s", swf_dir, name);
    FILE *f = fopen(swf_path, "w");
    must(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
}
