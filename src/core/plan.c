// SPDX-License-Identifier: MIT
#include "core/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/dependency.h"

void plan_free(struct plan *p)
{
    free(p->actions);
    *p = (struct plan){0};
}

int plan_add(struct plan *p, const struct action *a)
{
    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        struct action *grown = realloc(p->actions, cap * sizeof *grown);
        if (!grown)
            return -1;
        p->actions = grown;
        p->cap = cap;
    }
    p->actions[p->count++] = *a;
    return 0;
}

static void say_why(const struct action *a, char *buf, size_t len)
{
    static const char *const words[] = {
        [RESIZE_IDLE] = "nobody else can use them",
        [RESIZE_YIELD] = "for a job of a higher priority",
        [RESIZE_REGAIN] = "back towards its initial CPUs",
        [RESIZE_BALANCE] = "shared with other elastic jobs",
        [RESIZE_ASKED] = "asked for",
        [RESIZE_FEWER] = "there are fewer than before",
    };
    if (a->reason == RESIZE_LOAN)
        snprintf(buf, len, "job %" PRId64 " starts with what was on loan", a->for_job);
    else if (a->reason == RESIZE_YIELD && a->for_job)
        snprintf(buf, len, "job %" PRId64 " has a higher priority", a->for_job);
    else
        snprintf(buf, len, "%s", words[a->reason]);
}

char *plan_end_words(const struct action *a, char *buf, size_t len)
{
    if (a->end_reason == END_DEPENDENCY)
        clause_never_words(a->clause, buf, len);
    else
        snprintf(buf, len, "it can't end before its deadline");
    return buf;
}

char *plan_resize_words(const struct action *a, char *buf, size_t len)
{
    char why[96];
    say_why(a, why, sizeof why);
    snprintf(buf, len, "%s from %" PRId64 " to %" PRId64 " CPU%s: %s",
             a->to_cpus > a->from_cpus ? "grown" : "shrunk", a->from_cpus, a->to_cpus,
             a->to_cpus == 1 ? "" : "s", why);
    return buf;
}
