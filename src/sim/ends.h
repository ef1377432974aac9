/* SPDX-License-Identifier: MIT */
/* ends.h - the jobs of a replay that run, by when they end: a heap that knows where each of them
 * stands, since the end of a malleable job moves. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct end {
    int64_t at_us;
    size_t started; /* so many started before it: of one instant they end in the order of the starts
                     */
    size_t job;
};

struct ends {
    struct end *heap; /* heap[0] is the next; owned */
    size_t count;
    size_t *place; /* in the heap, of each job that runs; owned */
};

/* Room for jobs 0 to jobs - 1. 0, or -1 if no memory. *h is to be freed either way. */
int ends_init(struct ends *h, size_t jobs);
void ends_free(struct ends *h);
void ends_add(struct ends *h, struct end e);
/* Takes the next one out; there is one. */
struct end ends_pop(struct ends *h);
/* The job, which runs, ends then instead. */
void ends_move(struct ends *h, size_t job, int64_t at_us);
