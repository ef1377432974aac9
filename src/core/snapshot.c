// SPDX-License-Identifier: MIT
#include "core/snapshot.h"

#include <stdlib.h>

#include "core/world.h"

struct mark {
    struct node *node;
    int64_t at_us;
};

static int marks_take(struct marks *m, const struct timeline *from)
{
    m->list = malloc((from->count ? from->count : 1) * sizeof *m->list);
    if (!m->list)
        return -1;
    m->count = from->count;
    for (size_t i = 0; i < m->count; i++)
        m->list[i] = (struct mark){from->nodes[i], from->nodes[i]->at_us};
    return 0;
}

static void marks_restore(const struct marks *m, struct timeline *to)
{
    to->count = m->count;
    for (size_t i = 0; i < m->count; i++) {
        to->nodes[i] = m->list[i].node;
        to->nodes[i]->at_us = m->list[i].at_us;
    }
}

int snapshot_take(struct snapshot *s, const struct sched *from)
{
    *s = (struct snapshot){
        .vacated = from->vacated,
        .overrun = from->overrun,
        .vacated_until_us = from->vacated_until_us,
    };
    if (marks_take(&s->running, &from->running) < 0)
        return -1;
    if (!reservations_kept(from))
        return 0;
    if (marks_take(&s->reserved, &from->reserved) < 0 ||
        marks_take(&s->arrived, &from->arrived) < 0)
        return -1;
    return profile_clone(&s->profile, &from->profile);
}

void snapshot_free(struct snapshot *s)
{
    free(s->running.list);
    free(s->reserved.list);
    free(s->arrived.list);
    profile_free(&s->profile);
}

void snapshot_restore(const struct snapshot *s, struct sched *to)
{
    marks_restore(&s->running, &to->running);
    to->overrun = s->overrun;
    if (!reservations_kept(to))
        return;
    marks_restore(&s->reserved, &to->reserved);
    for (size_t i = 0; i < to->reserved.count; i++)
        to->reserved.nodes[i]->reserved = true;
    marks_restore(&s->arrived, &to->arrived);
    profile_copy(&to->profile, &s->profile);
    to->vacated = s->vacated;
    to->vacated_until_us = s->vacated_until_us;
}
