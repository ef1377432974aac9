/* SPDX-License-Identifier: MIT */
/* launch.h - shepherds are told what to run before the commit, and let go after it.
 *
 * What takes time (making files and groups, forking the job) is done while the commit is on its way
 * to the disk; the claim is not taken before it has arrived. A shepherd whose scheduler dies, or
 * takes it back, sees its channel end and leaves nothing behind. */
#pragma once

#include "daemon/runs.h"

/* Inside the transaction that begins the attempt: hands it to a shepherd, which prepares. A failure
 * does not concern the transaction: the run is RUN_FAILED then, for the next turn to settle. */
void launch_prepare(struct daemon *d, struct run *r);
/* After the commit: the shepherd may claim the attempt and run the job. */
void launch_go(struct daemon *d, struct run *r);
/* Says that it was, once all are: nobody waits for the log. */
void launch_log(const struct run *r);
/* The commit failed: the shepherd ends without a trace; forgets the run. */
void launch_abandon(struct run *r);
