// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "cli/states.h"
#include "core/job.h"
#include "tap.h"
#include "util/cleanup.h"

static struct err e;

/* The array of names as JSON, to free(); NULL if the list was refused. */
static char *parse(const char *list)
{
    json_t *states = states_parse("--status", list, &e);
    char *text = states ? json_dumps(states, 0) : NULL;
    json_decref(states);
    return text;
}

static void is_parsed(const char *list, const char *want)
{
    _cleanup_free_ char *got = parse(list);
    is_str(got, want, list);
}

int main(void)
{
    for (int s = 0; s < JOB_STATES; s++) {
        char want[64];
        snprintf(want, sizeof want, "[\"%s\"]", job_state_name((enum job_state)s));
        is_parsed(job_state_name((enum job_state)s), want);
        is_parsed(job_state_code((enum job_state)s), want);
    }
    is_parsed("pending,r,Oom", "[\"PENDING\", \"RUNNING\", \"OUT_OF_MEMORY\"]");

    is_parsed("RUNING", NULL);
    is_str(e.text, "--status RUNING: not a state (did you mean RUNNING?)", "the nearest is named");
    is_int(e.code, ERR_USAGE, "wrong usage");
    is_parsed("PENDING,whatever", NULL);
    is_str(e.text, "--status whatever: not a state (e.g. PENDING, RUNNING, FAILED)",
           "or what there is");
    is_parsed("", NULL);
    is_parsed("R,", NULL);
    return done_testing();
}
