// SPDX-License-Identifier: MIT
#include "cli/elastic.h"

#include "cli/ask.h"
#include "util/signals.h"
#include "util/times.h"

#define GRACE_MAX_US (3600 * US_PER_SEC)

static int check_rigid(const struct elastic_options *o, struct err *e)
{
    const struct {
        bool given;
        const char *option;
    } others[] = {
        {o->min_cpus, "--min-cpus"},    {o->max_cpus, "--max-cpus"}, {o->grace, "--resize-grace"},
        {o->signal, "--resize-signal"}, {o->workers, "--workers"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].given)
            return err_set(e, ERR_USAGE, "%s: only an elastic job has that: add --elastic",
                           others[i].option);
    return 0;
}

static int check_grace(const char *text, struct err *e)
{
    int64_t us;
    int rc = delay_parse_us("--resize-grace", text, &us, e);
    if (rc == 0 && us > GRACE_MAX_US)
        rc = err_set(e, ERR_USAGE, "--resize-grace: more than an hour (a bare number is minutes)");
    return rc < 0 ? err_usage(e) : 0;
}

int elastic_check(const struct elastic_options *o, int64_t cpus, struct err *e)
{
    int signal;
    if (!o->elastic)
        return check_rigid(o, e);
    if (o->min_cpus > cpus)
        return err_set(e, ERR_USAGE,
                       "--min-cpus %lld: more than the %lld of --cpus that it starts with",
                       (long long)o->min_cpus, (long long)cpus);
    if (o->max_cpus && o->max_cpus < cpus)
        return err_set(e, ERR_USAGE,
                       "--max-cpus %lld: less than the %lld of --cpus that it starts with",
                       (long long)o->max_cpus, (long long)cpus);
    if (o->grace && check_grace(o->grace, e) < 0)
        return -1;
    if (o->signal && signal_parse_notice("--resize-signal", o->signal, &signal, e) < 0)
        return err_usage(e);
    return 0;
}

static int add_number(struct frame *request, const char *key, int64_t n, struct err *e)
{
    return n ? ask_set(request, key, json_integer(n), e) : 0;
}

static int add_grace(struct frame *request, const char *text, struct err *e)
{
    int64_t us;
    if (delay_parse_us("--resize-grace", text, &us, e) < 0)
        return -1;
    return ask_set(request, "resize_grace", json_integer(us / US_PER_SEC), e);
}

int elastic_add(const struct elastic_options *o, struct frame *request, struct err *e)
{
    if (!o->elastic)
        return 0;
    if (ask_set(request, "elastic", json_true(), e) < 0 ||
        ask_set(request, "workers", json_boolean(o->workers), e) < 0 ||
        add_number(request, "min_cpus", o->min_cpus, e) < 0 ||
        add_number(request, "max_cpus", o->max_cpus, e) < 0 ||
        (o->grace && add_grace(request, o->grace, e) < 0))
        return -1;
    return o->signal ? ask_set(request, "resize_signal", json_string(o->signal), e) : 0;
}
