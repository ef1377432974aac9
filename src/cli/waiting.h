/* SPDX-License-Identifier: MIT */
/* waiting.h - what goes on until jobs have ended, or something has changed: over restarts of the
 * scheduler, and, asking once a second, where none runs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/client.h"
#include "api/wire.h"

struct waiting {
    struct client client;
    int64_t ask_at_us; /* not before, by the boot clock */
    bool told;         /* waiting_warn() did */
};

int waiting_open(struct waiting *w, struct err *e);
void waiting_close(struct waiting *w);
/* Makes *request anew, which is answered as soon as the job (15, "15_3") has ended, or anything is
 * not as it was at that revision of an answer (1: at once); both references are taken. 0, or -1
 * with *e. */
int waiting_for_change(struct frame *request, json_t *job, json_t *revision, struct err *e);
/* The next question is not asked before that time (boot clock). */
void waiting_not_before(struct waiting *w, int64_t us);
/* Asks (a request "wait"). 1: *reply, empty before, is the answer; 0: there is none at until_us
 * (boot clock; WIRE_FOREVER), or a signal came: ask the same again, or close. -1 with *e. */
int waiting_ask(struct waiting *w, const struct frame *request, int64_t until_us,
                struct frame *reply, struct err *e);
/* If jobs are pending and no scheduler runs: says so on standard error, once. */
void waiting_warn(struct waiting *w, const char *verb, const json_t *reply);

#define _cleanup_waiting_ __attribute__((cleanup(waiting_close)))
