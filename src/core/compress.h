/* SPDX-License-Identifier: MIT */
/* compress.h - moves reservations up into what was given back (pure).
 *
 * One compression goes through the jobs with a reservation in the order of the queue. It begins
 * when the time has been told to the profile. */
#pragma once

#include "core/profile.h"

struct node;
struct sched;

/* There is no such hole that begins before before_us, for anybody who holds a place at held_us or
 * later (profile_earlier()). */
struct proof {
    struct hole hole;
    int64_t before_us, held_us;
};

#define COMPRESS_PROOFS 4u

struct compression {
    struct sched *sched;
    int64_t now_us;
    struct proof proofs[COMPRESS_PROOFS]; /* the latest */
    size_t next;                          /* the oldest of them */
    int64_t moved_until_us;               /* what moves gave back ends before this */
};

void compress_begin(struct compression *c, struct sched *s, int64_t now_us);
/* Moves the job to an earlier place than it has, if there is one. */
void compress_one(struct compression *c, struct node *n);
/* All were looked at who have a reservation; nothing is vacated any more. */
void compress_end(struct compression *c);
