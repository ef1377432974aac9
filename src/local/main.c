// SPDX-License-Identifier: MIT
/* Serves the client at the other end of standard input, a socket, until it hangs up. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "api/api.h"
#include "api/wire.h"
#include "local/local.h"

static int answer(const struct paths *paths, const struct frame *request, struct err *e)
{
    _cleanup_frame_ struct frame reply = {0};
    struct err why = {0};
    int r = local_call(paths, request, &reply, &why);
    if (r < 0)
        api_reply_error(&reply, &why);
    else if (r > 0)
        reply.head = json_pack("{s:i, s:b}", "v", API_VERSION, "scheduler_runs", 1);
    return reply.head ? wire_send(STDIN_FILENO, &reply, WIRE_FOREVER, e) : err_nomem(e);
}

/* 0: a request was answered; WIRE_ENDED; -1. */
static int serve_one(const struct paths *paths, struct err *e)
{
    _cleanup_frame_ struct frame request = {0};
    int r = wire_receive(STDIN_FILENO, &request, WIRE_FOREVER, e);
    return r == 0 ? answer(paths, &request, e) : r;
}

int main(void)
{
    struct err e = {0};
    struct paths paths;
    signal(SIGPIPE, SIG_IGN); /* a shepherd may go while it is told something */
    int r = paths_find(&paths, &e);
    if (r == 0) {
        while ((r = serve_one(&paths, &e)) == 0)
            ;
        paths_free(&paths);
    }
    if (r < 0)
        fprintf(stderr, "mini-slurm-local: %s\n", e.text);
    return r < 0;
}
