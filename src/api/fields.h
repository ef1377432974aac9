/* SPDX-License-Identifier: MIT */
/* fields.h - reading what a request carries, strictly: the client has checked it as well, but who
 * says that it was ours. Messages name the field, what it was and what would be right. A field that
 * is null is as good as absent. All return 0, or -1 with ERR_INVALID. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/frame.h"
#include "core/job.h"
#include "util/strz.h"

/* NULL if it is absent; borrowed. */
const json_t *field_get(const struct frame *f, const char *key);

/* *out is left alone if the field is absent. */
int field_int(const struct frame *f, const char *key, int64_t min, int64_t max, int64_t *out,
              struct err *e);
int field_bool(const struct frame *f, const char *key, bool *out, struct err *e);
/* Seconds, whole or not, above zero and up to 100 years. */
int field_seconds_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e);
/* A point in time: seconds since the epoch, whole or not. */
int field_time_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e);
/* The same two, or 0: none. */
int field_seconds_or_none_us(const struct frame *f, const char *key, int64_t *out_us,
                             struct err *e);
int field_time_or_none_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e);
/* NULL if it is absent; borrowed. */
int field_array(const struct frame *f, const char *key, const json_t **out, struct err *e);
/* A list of states' names: bit 1u << enum job_state each. */
int field_states(const struct frame *f, const char *key, unsigned *out, struct err *e);

/* A blob as a string of 1 to max bytes, none of them NUL: *out, NULL before, is to free(), on
 * failure as well; left alone if absent.
 */
int field_string(const struct frame *f, const char *name, size_t max, char **out, struct err *e);
/* The same, and an absolute path. */
int field_path(const struct frame *f, const char *name, char **out, struct err *e);
/* A list of strings, each followed by a NUL; copied into *out: data is not NULL
 * even if it is empty. */
int field_strz(const struct frame *f, const char *name, struct strz *out, struct err *e);

/* A JSON value for a message, cut if it is long. Returns buf. */
char *field_brief(const json_t *value, char *buf, size_t len);
