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
/* "show" of one job on an open connection. 0, or -1 with *e. */
int ask_show(struct client *c, int64_t id, struct frame *reply, struct err *e);
/* The reply as --json shows it: without what belongs to the wire. */
int ask_print_json(struct frame *reply, struct err *e);
/* One JSON value and a new line on standard output. */
int print_json(const json_t *value, struct err *e);
/* Asks about the one job that is the only word; *reply as in client_call(). */
int ask_about_job(const char *verb, int argc, char **argv, struct frame *reply, struct err *e);
/* A job as it is named: an id, or 15_3 and 15_[3-7] of an array. */
int ask_job(const char *text, json_t **job, struct err *e);
/* A job's id as it was typed. */
int ask_job_id(const char *text, int64_t *id, struct err *e);
