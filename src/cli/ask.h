/* SPDX-License-Identifier: MIT */
/* ask.h - what verbs have in common: a request, its reply, and how a reply is printed. */
#pragma once

#include <jansson.h>

#include "api/client.h"
#include "api/frame.h"
#include "util/err.h"

/* Sets a key of the request's head; takes the reference. NULL (no memory) fails. */
int ask_set(struct frame *request, const char *key, json_t *value, struct err *e);
/* One request and its reply. 0, or -1 with *e. */
int ask(const struct frame *request, struct frame *reply, struct err *e);
/* "show" of one job (15, "15_3") on an open connection; takes the reference. 0, or -1 with *e. */
int ask_show(struct client *c, json_t *job, struct frame *reply, struct err *e);
/* A request that is answered in pages ("next", "after_id"), on an open connection: each reply goes
 * to page(). 0, or -1 with *e. */
int ask_pages(struct client *c, struct frame *request,
              int (*page)(void *ctx, const json_t *reply, struct err *e), void *ctx, struct err *e);
/* The reply as --json shows it: without what belongs to the wire. */
int ask_print_json(struct frame *reply, struct err *e);
/* One JSON value and a new line on standard output. */
int print_json(const json_t *value, struct err *e);
/* Asks about the one job that is the only word; *reply as in client_call(). */
int ask_about_job(const char *verb, int argc, char **argv, struct frame *reply, struct err *e);
/* A job as it is named: an id, or 15_3 and 15_[3-7] of an array, or last. */
int ask_job(const char *text, json_t **job, struct err *e);
/* A job's id as it was typed. */
int ask_number(const char *text, int64_t *id, struct err *e);
/* The id of the job that is named so. */
int ask_job_id(struct client *c, const char *text, int64_t *id, struct err *e);
