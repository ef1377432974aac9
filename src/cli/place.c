// SPDX-License-Identifier: MIT
#include "cli/place.h"

#include <string.h>

#include "cli/ask.h"
#include "util/number.h"
#include "util/text.h"
#include "util/times.h"

#define SWITCHES_MAX 65536

/* "K@T", cut in two. */
static int add_switches(const char *text, struct frame *request, struct err *e)
{
    char count[32];
    int64_t switches, wait_us = 0;
    const char *at = strchr(text, '@');
    size_t len = at ? (size_t)(at - text) : strlen(text);
    text_copy(count, len < sizeof count ? len + 1 : sizeof count, text);
    if (number_parse("--switches", count, 1, SWITCHES_MAX, &switches, e) < 0 ||
        (at && duration_parse_us("--switches: the wait", at + 1, &wait_us, e) < 0))
        return err_usage(e);
    if (ask_set(request, "max_switches", json_integer(switches), e) < 0)
        return -1;
    return at ? ask_set(request, "switches_wait", json_integer(wait_us / US_PER_SEC), e) : 0;
}

int place_add(const struct place_options *o, bool elastic, struct frame *request, struct err *e)
{
    if (elastic && (o->nodes || o->switches || o->threads_per_core || o->exclusive))
        return err_set(e, ERR_USAGE,
                       "%s: an elastic job is resized by single CPUs, wherever they are",
                       o->nodes              ? "--nodes"
                       : o->switches         ? "--switches"
                       : o->threads_per_core ? "--threads-per-core"
                                             : "--exclusive");
    if (o->nodes && ask_set(request, "nodes", json_integer(o->nodes), e) < 0)
        return -1;
    if (o->switches && add_switches(o->switches, request, e) < 0)
        return -1;
    if (o->threads_per_core && ask_set(request, "threads_per_core", json_integer(1), e) < 0)
        return -1;
    return o->exclusive ? ask_set(request, "exclusive", json_true(), e) : 0;
}
