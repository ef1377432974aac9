/* SPDX-License-Identifier: MIT */
/* requests.h - the requests that have come in this turn of the loop. */
#pragma once

#include "daemon/daemon.h"

struct requests;
struct requests *requests_create(void);
void requests_destroy(struct requests *q);

/* It is answered by server_reply(conn) at the end of the turn. The frame's contents are taken over.
 * 0, or -1 if no memory (then the frame is still the caller's). */
int requests_add(struct daemon *d, struct conn *c, struct frame *request);
/* The connection is gone: its request, if there is one, is served and the answer dropped; one that
 * was put off is forgotten. */
void requests_forget(struct daemon *d, const struct conn *c);

/* Whether any of them changes something. */
bool requests_change(const struct daemon *d);
/* Serves those that do, inside the transaction, and applies what they mean to the core. 0, or -1
 * with *e: the transaction is to be rolled back. */
int requests_serve_changes(struct daemon *d, struct err *e);
/* The commit is durable: answers them, and tells the shepherds what is to be told. */
void requests_answer(struct daemon *d);
/* It did not come about: answers them with why. */
void requests_refuse(struct daemon *d, const struct err *why);
/* Serves and answers those that only read, and forgets all but those that have nothing to say yet:
 * they are served again in the turn that changes something. */
void requests_serve_reads(struct daemon *d);

/* api_host's functions; ctx is the daemon. */
int requests_on_event(void *ctx, const struct event *ev, struct err *e);
int requests_on_control(void *ctx, int64_t job, int attempt, const char *message, struct err *e);
