// SPDX-License-Identifier: MIT
#include "shepherd/limit.h"

void limit_begin(struct limit *l, int64_t limit_us, int64_t warn_before_us, int64_t now_us)
{
    *l = (struct limit){.began_us = now_us};
    if (limit_us)
        l->end_at_us = now_us + limit_us;
    if (limit_us && warn_before_us)
        l->warn_at_us = l->end_at_us - warn_before_us;
}

void limit_change(struct limit *l, int64_t limit_us, int64_t warn_before_us)
{
    int64_t end_at_us = limit_us ? l->began_us + limit_us : 0;
    if (!l->began_us || end_at_us == l->end_at_us)
        return;
    l->end_at_us = end_at_us;
    l->warn_at_us = limit_us && warn_before_us ? end_at_us - warn_before_us : 0;
}

void limit_cut(struct limit *l, int64_t left_us, int64_t now_us)
{
    if (!l->end_at_us || l->end_at_us > now_us + left_us)
        l->end_at_us = now_us + left_us;
    l->warn_at_us = 0;
}

void limit_stop(struct limit *l, int64_t now_us)
{
    if (!l->stopped_us)
        l->stopped_us = now_us;
}

void limit_go_on(struct limit *l, int64_t now_us)
{
    if (!l->stopped_us)
        return;
    int64_t stood_us = now_us - l->stopped_us;
    l->began_us += stood_us;
    if (l->end_at_us)
        l->end_at_us += stood_us;
    if (l->warn_at_us)
        l->warn_at_us += stood_us;
    l->stopped_us = 0;
}

static bool is_due(int64_t at_us, int64_t now_us)
{
    return at_us && at_us <= now_us;
}

enum limit_event limit_due(struct limit *l, int64_t now_us)
{
    if (l->stopped_us)
        return LIMIT_NOTHING;
    if (is_due(l->end_at_us, now_us)) {
        l->end_at_us = l->warn_at_us = 0;
        return LIMIT_END;
    }
    if (!is_due(l->warn_at_us, now_us))
        return LIMIT_NOTHING;
    l->warn_at_us = 0;
    return LIMIT_WARN;
}

int64_t limit_next(const struct limit *l)
{
    if (l->stopped_us)
        return 0;
    return l->warn_at_us ? l->warn_at_us : l->end_at_us;
}

int64_t limit_ran(const struct limit *l, int64_t now_us)
{
    return (l->stopped_us ? l->stopped_us : now_us) - l->began_us;
}
