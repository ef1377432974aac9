/* SPDX-License-Identifier: MIT */
/* variants.h - tests of elastic jobs, each once watched and once in groups. */
#pragma once

#include "elastic.h"
#include "tap.h"

static const char *variant; /* its name, for what is checked */
static bool groups;

/* The main() of such tests. */
static int test_variants(void (*test_all)(void))
{
    if (!have_two_cpus()) {
        skip("needs CPUs 0 and 1");
        return done_testing();
    }
    variant = "watched";
    test_all();
    groups = have_groups();
    variant = "groups";
    if (groups)
        test_all();
    else
        skip("no groups to be had");
    return done_testing();
}
