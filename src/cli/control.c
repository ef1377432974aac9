// SPDX-License-Identifier: MIT
#include "cli/control.h"

#include "cli/ask.h"
#include "cli/retry.h"
#include "os/clock.h"
#include "util/times.h"
#include "util/when.h"

static int add_time(struct frame *request, const char *key, const char *option, const char *text,
                    struct err *e)
{
    int64_t us;
    if (!text)
        return 0;
    if (when_parse_us(option, text, clock_wall_us(), &us, e) < 0)
        return err_usage(e);
    return ask_set(request, key, json_real((double)us / (double)US_PER_SEC), e);
}

static int add_retry(const struct control_options *o, struct frame *request, struct err *e)
{
    if (!o->retries && (o->retry_on || o->retry_delay || o->retry_mem || o->max_mem_mb))
        return err_set(e, ERR_USAGE, "%s: how often? add --retries N",
                       o->retry_on      ? "--retry-on"
                       : o->retry_delay ? "--retry-delay"
                       : o->retry_mem   ? "--retry-mem"
                                        : "--max-mem");
    if (!o->retry_mem != !o->max_mem_mb)
        return err_set(e, ERR_USAGE, "--retry-mem and --max-mem: one needs the other");
    if (o->retries && ask_set(request, "retries", json_integer(o->retries), e) < 0)
        return -1;
    if ((o->retry_on && retry_add_on(request, "--retry-on", o->retry_on, e) < 0) ||
        (o->retry_delay && retry_add_delay(request, "--retry-delay", o->retry_delay, e) < 0) ||
        (o->retry_mem && retry_add_mem(request, "--retry-mem", o->retry_mem, e) < 0))
        return err_usage(e);
    return o->max_mem_mb ? ask_set(request, "max_mem_mb", json_integer(o->max_mem_mb), e) : 0;
}

int control_add(const struct control_options *o, struct frame *request, struct err *e)
{
    if (o->requeue && o->no_requeue)
        return err_set(e, ERR_USAGE, "--requeue and --no-requeue: only one of them can be given");
    if (add_time(request, "begin", "--begin", o->begin, e) < 0 ||
        add_time(request, "deadline", "--deadline", o->deadline, e) < 0 ||
        add_retry(o, request, e) < 0)
        return -1;
    if (o->requeue && ask_set(request, "requeue", json_true(), e) < 0)
        return -1;
    return o->hold ? ask_set(request, "held", json_true(), e) : 0;
}
