/* SPDX-License-Identifier: MIT */
/* shepherds.h - the processes that run attempts: started ahead, and used one attempt after the
 * other, since starting one costs as much as a short job.
 *
 * Each says over its channel (attempt/spec.h) when an outcome is written; the channel's end says
 * that it is gone. */
#pragma once

#include "daemon/daemon.h"
#include "os/cgroup.h"

struct shepherd_process {
    struct daemon *daemon;
    pid_t pid;
    char group[CGROUP_NAME]; /* the name of its groups */
    int spec_fd, channel;
    uv_poll_t poll;  /* of the channel */
    struct run *run; /* what it was given; NULL: nothing */
    bool dismissed;
    struct shepherd_process *prev, *next; /* in daemon.idle or daemon.busy */
};

/* One for this run: idle, or new. NULL with *e. */
struct shepherd_process *shepherds_take(struct daemon *d, struct run *r, struct err *e);
/* Tells it this word. 0, or -1 with errno. */
int shepherds_say(const struct shepherd_process *s, char word);
/* It ends, and undoes what it has prepared; its run is nobody's. */
void shepherds_dismiss(struct shepherd_process *s);
/* Before the loop sleeps: has one ready, if that can be had, and not too many. */
void shepherds_keep_ready(struct daemon *d);
/* Lets go of all: who runs something goes on. */
void shepherds_stop(struct daemon *d);
/* Whether that is the name of a shepherd's groups, of this scheduler's or of an earlier one's, and
 * the shepherd is gone. */
bool shepherds_is_stray(const struct daemon *d, const char *group);
