// SPDX-License-Identifier: MIT
#include "cli/drain.h"

#include <stdio.h>

#include "cli/ask.h"
#include "util/times.h"

bool drain_line(const json_t *reply, char *buf, size_t len)
{
    const json_t *drained = json_object_get(reply, "drained");
    const char *user = json_string_value(json_object_get(drained, "user"));
    double time = json_number_value(json_object_get(drained, "time"));
    char since[32];
    buf[0] = '\0';
    if (!json_is_object(drained))
        return false;
    snprintf(buf, len, "drained since %s by %.40s: nothing new starts until mini-slurm resume-all",
             time_format((int64_t)(time * (double)US_PER_SEC), since, sizeof since),
             user ? user : "somebody");
    return true;
}

int drain_ask(bool drained, struct frame *reply, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (client_request(&request, "drain") < 0)
        return err_nomem(e);
    if (ask_set(&request, "drained", json_boolean(drained), e) < 0)
        return -1;
    return ask(&request, reply, e);
}
